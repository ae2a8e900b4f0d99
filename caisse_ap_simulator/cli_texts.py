# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Every text of the command line in French and English, and nothing else."""

from caisse_ap.tables import Label

TEXTS = {
    "program": Label(
        "Un TPE simulé, et une caisse pour les TPE simulés ou réels.",
        "A simulated card terminal, and a till for real or simulated ones.",
    ),
    "positional": Label("arguments", "arguments"),
    "options": Label("options", "options"),
    "help": Label("afficher cette aide et quitter", "show this help and exit"),
    "lang": Label(
        "langue des textes (par défaut : %(default)s)",
        "language of all texts (default: %(default)s)",
    ),
    "default": Label("par défaut : %(default)s", "default: %(default)s"),
    # simulate
    "simulate": Label(
        "simuler un TPE pour tester une caisse",
        "simulate a card terminal to test a till against",
    ),
    "simulate_end": Label(
        "Avec le scénario `amounts`, les centimes du montant décident ; tout autre\n"
        "montant est accepté :\n{}\n\nTous les scénarios : caisse-ap scenarios",
        "With the scenario `amounts` the cents of the amount decide, and any\n"
        "other amount is accepted:\n{}\n\nAll scenarios: caisse-ap scenarios",
    ),
    "free_port": Label(
        "par défaut : %(default)s ; 0 prend un port libre",
        "default: %(default)s; 0 takes a free one",
    ),
    "scenario": Label(
        "ce que font les clients (par défaut : amounts ; avec --screen, manual : "
        "c'est vous)",
        "what customers do (default: amounts; with --screen manual: you do it)",
    ),
    "delay": Label(
        "le temps que prend un client (par défaut : %(default)g)",
        "the time a customer takes (default: %(default)g)",
    ),
    "busy": Label(
        "réponse à une seconde caisse : busy, silence, close_before, reset_before",
        "reply to a second till: busy, silence, close_before, reset_before",
    ),
    "terminals": Label(
        "combien de TPE, sur ce port et les suivants",
        "how many terminals, on this port and the next ones",
    ),
    "control_port": Label(
        "recevoir des ordres, lignes de JSON, sur ce port local (0 : un port libre)",
        "take orders as lines of JSON on this loopback port (0: a free one)",
    ),
    "screen": Label(
        "montrer les TPE sur une page web, la carte dans votre main",
        "show the terminals on a web page, the card in your hand",
    ),
    "screen_port": Label(
        "port de cette page (par défaut : %(default)s ; 0 prend un port libre)",
        "port of that page (default: %(default)s; 0 takes a free one)",
    ),
    "screen_host": Label(
        "par défaut : %(default)s ; avec 0.0.0.0 un téléphone la voit, et tout le "
        "réseau aussi",
        "default: %(default)s; with 0.0.0.0 a phone can open it, and so can anybody",
    ),
    "quiet": Label(
        "ne pas écrire une ligne par transaction", "no line for each transaction"
    ),
    "ledger": Label(
        "ajouter chaque transaction à ce fichier",
        "append each transaction to this file",
    ),
    # scenarios
    "scenarios": Label(
        "lister les scénarios du simulateur", "list the simulator's scenarios"
    ),
    # pay, refund, identify, duplicate
    "pay": Label("demander un paiement à un TPE", "ask a terminal for a payment"),
    "refund": Label(
        "demander un remboursement à un TPE", "ask a terminal for a refund"
    ),
    "identify": Label("vérifier qu'un TPE répond", "check that a terminal answers"),
    "duplicate": Label(
        "redemander à un TPE son dernier résultat",
        "ask a terminal for its last result again",
    ),
    "exit_status": Label("Code de sortie : {}", "Exit status: {}"),
    "amount": Label('par exemple "12,50"', 'such as "12.50"'),
    "application": Label(
        "imposer une application : 00C pour un chèque",
        "force an application: 00C is a cheque",
    ),
    "receipt": Label("demander le ticket du client", "ask for the customer's receipt"),
    "timeout": Label(
        "délai pour l'ensemble (par défaut : %(default)g)",
        "for everything (default: %(default)g)",
    ),
    "asked": Label("Demande à {}:{}", "Request to {}:{}"),
    "waiting": Label(
        "Connecté. En attente du TPE, {:g} s au plus…",
        "Connected. Waiting for the terminal, {:g} s at most…",
    ),
    "interrupted": Label(
        "Interrompu après l'envoi : le client peut encore payer.",
        "Interrupted after sending: the customer may still pay.",
    ),
    # Connected before anything is sent: until then nothing can be paid.
    "unsent": Label("Interrompu avant l'envoi.", "Interrupted before sending."),
    # decode
    "decode": Label("expliquer une trame champ par champ", "explain a frame"),
    "frame": Label(
        "la trame, ou - pour l'entrée standard", "the frame, or - for standard input"
    ),
    "no_screen": Label(
        'la page a besoin de plus : pip install ".[screen]" dans le dépôt ({})',
        'the page needs more than this: pip install ".[screen]" in the repository ({})',
    ),
}
