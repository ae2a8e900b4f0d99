# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Every text of `caisse-ap agent` in French and English, and nothing else."""

from caisse_ap.tables import Label

TEXTS = {
    "agent": Label(
        "relier les TPE d'une boutique à un Odoo hébergé",
        "connect the terminals of a shop to a hosted Odoo",
    ),
    "folder": Label(
        "dossier des réglages et du registre (par défaut : %(default)s)",
        "folder of the settings and the log (default: %(default)s)",
    ),
    "pair": Label("relier cet agent à Odoo", "pair this agent with Odoo"),
    "run": Label("travailler jusqu'à l'arrêt", "work until it is stopped"),
    "status": Label("dire où en est l'agent", "tell how the agent is"),
    "terminals": Label(
        "lister, chercher, ajouter ou retirer des TPE",
        "list, find, add or remove terminals",
    ),
    "install": Label(
        "démarrer l'agent avec la machine (systemd)",
        "start the agent with its machine (systemd)",
    ),
    "url": Label(
        "adresse d'Odoo, https://boutique.example.com",
        "address of Odoo, https://shop.example.com",
    ),
    "code": Label("le code affiché par Odoo", "the code that Odoo shows"),
    "database": Label(
        "base de données, si le serveur en a plusieurs",
        "database, where the server has several",
    ),
    "ca_file": Label(
        "certificats d'une autorité privée", "certificates of a private authority"
    ),
    "find": Label(
        "chercher sur un réseau privé, par exemple 192.168.1.0/24",
        "look for terminals on a private network, such as 192.168.1.0/24",
    ),
    "add": Label("ajouter un TPE à la liste", "add a terminal to the list"),
    "remove": Label("retirer un TPE de la liste", "remove a terminal from the list"),
    "port": Label("port (par défaut : %(default)s)", "port (default: %(default)s)"),
    "paired": Label(
        "Relié à Odoo : « {} ». Suite : caisse-ap agent terminals --find RÉSEAU",
        "Paired with Odoo: “{}”. Next: caisse-ap agent terminals --find NETWORK",
    ),
    "wrong_code": Label(
        "Odoo refuse ce code : demandez-en un nouveau (il vaut dix minutes, une fois)",
        "Odoo refuses this code: ask for a new one (it is valid ten minutes, once)",
    ),
    "not_paired": Label(
        "cet agent n'est pas relié : caisse-ap agent pair ADRESSE CODE",
        "this agent is not paired: caisse-ap agent pair URL CODE",
    ),
    "no_library": Label(
        'l\'agent a besoin de plus : pip install "caisse-ap[agent]" ({})',
        'the agent needs more than this: pip install "caisse-ap[agent]" ({})',
    ),
    "connected": Label("Odoo répond : « {} »", "Odoo answers: “{}”"),
    "away": Label("Odoo ne répond pas : {}", "Odoo does not answer: {}"),
    "refused": Label("Odoo refuse cet agent : {}", "Odoo refuses this agent: {}"),
    "open": Label(
        "Opérations pas encore remises à Odoo : {}",
        "Operations not handed in to Odoo yet: {}",
    ),
    "refund_limit": Label(
        "Plafond des remboursements (plus petite unité) : {}",
        "Limit of refunds (smallest unit): {}",
    ),
    "none": Label("aucun", "none"),
    "answers": Label("répond", "answers"),
    "silent": Label("ne répond pas ({})", "does not answer ({})"),
    "no_terminal": Label("Aucun TPE dans la liste.", "No terminal in the list."),
    "found_none": Label("Aucun TPE trouvé.", "No terminal found."),
    "restart": Label(
        "Un agent déjà démarré lira la liste à son prochain démarrage.",
        "An agent that runs reads the list at its next start.",
    ),
    "unknown_name": Label("pas de TPE nommé {}", "no terminal named {}"),
    "installed": Label("Démarré par {}", "Started by {}"),
    "linger": Label(
        "Il s'arrêtera avec votre session. Pour l'éviter : "
        "sudo loginctl enable-linger {}",
        "It will end with your session. To avoid it: sudo loginctl enable-linger {}",
    ),
}
