# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Every text of the page in French and English, and nothing else."""

from caisse_ap import Label

TEXTS = {
    # the terminal
    "hello": Label("Bonjour", "Hello"),
    "debit": Label("Paiement", "Payment"),
    "credit": Label("Remboursement", "Refund"),
    "reversal": Label("Annulation", "Reversal"),
    "present": Label("Insérez ou présentez la carte", "Insert or present the card"),
    "present_cheque": Label("Insérez le chèque", "Insert the cheque"),
    "code": Label("Saisissez votre code", "Enter your code"),
    "any_code": Label(
        "Quatre chiffres, n'importe lesquels, puis la touche verte",
        "Any four digits, then the green key",
    ),
    "wait": Label("Veuillez patienter", "Please wait"),
    "approved": Label("{} accepté", "{} approved"),
    "approved_reversal": Label("Annulation acceptée", "Reversal approved"),
    "refused": Label("{} refusé", "{} refused"),
    "refused_reversal": Label("Annulation refusée", "Reversal refused"),
    "abandoned": Label("Abandon", "Abandoned"),
    "nothing": Label("Opération interrompue", "Operation interrupted"),
    "remove": Label("Retirez la carte", "Remove the card"),
    "remove_cheque": Label("Reprenez le chèque", "Take the cheque back"),
    "in_part": Label("Paiement partiel sur {}", "Partial payment of {}"),
    "busy": Label("TPE occupé", "Terminal busy"),
    "free": Label("TPE libre", "Terminal free"),
    "terminal": Label("TPE", "Terminal"),
    "terminals": Label("TPE", "Terminals"),
    "keys": Label("Clavier", "Keypad"),
    "red": Label("Touche rouge : annuler", "Red key: cancel"),
    "yellow": Label("Touche jaune : corriger", "Yellow key: correct"),
    "green": Label("Touche verte : valider", "Green key: validate"),
    # the hand
    "hand": Label("Dans la main du client", "In the customer's hand"),
    "insert": Label("insérer", "insert"),
    "tap": Label("présenter", "tap"),
    "slip": Label("insérer", "insert"),
    "take_a_card": Label(
        "Le client attend : touchez une carte.",
        "The customer is waiting: tap a card.",
    ),
    "no_payment": Label(
        "Envoyez un montant depuis la caisse.", "Send an amount from the till."
    ),
    # the paper
    "paper": Label("Ticket", "Receipt"),
    "shop": Label("CAFÉ DE LA GARE", "CAFÉ DE LA GARE"),
    "contract": Label("CONTRAT :", "CONTRACT:"),
    "card_number": Label("CARTE :", "CARD:"),
    "authorisation": Label("N° AUTO :", "AUTH. NO.:"),
    "copy": Label("TICKET CLIENT\nÀ CONSERVER", "CUSTOMER COPY\nPLEASE KEEP"),
    "test": Label("SIMULATION, SANS VALEUR", "SIMULATION, NO VALUE"),
    # beside it, for developers
    "scenarios": Label("Pannes et scénarios", "Faults and scenarios"),
    "customer": Label("Le client", "The customer"),
    "manual": Label("c'est vous : touchez une carte", "is you: tap a card"),
    "accept": Label("paie tout seul", "pays automatically"),
    "amounts": Label(
        "agit selon les centimes du montant", "depends on the cents of the amount"
    ),
    "delay": Label("Durée (secondes)", "Time taken (seconds)"),
    "queue": Label("Prochains paiements :", "Next payments:"),
    "empty_queue": Label("le client décide", "the customer decides"),
    "forget": Label("Tout retirer", "Clear"),
    "search": Label("Chercher un scénario", "Search for a scenario"),
    "next": Label("Jouer ensuite", "Play next"),
    "now": Label("Maintenant", "Now"),
    "playing": Label("En cours : {}", "Playing: {}"),
    "script": Label(
        "Script : des noms séparés par des espaces",
        "Script: names separated by spaces",
    ),
    "add": Label("Ajouter", "Add"),
    "exchanges": Label("Trames", "Frames"),
    "no_exchange": Label("Aucune demande pour l'instant.", "No request yet."),
    "request": Label("Demande de la caisse", "The till's request"),
    "answer": Label("Réponse du TPE", "The terminal's answer"),
    "no_answer": Label("Rien n'a été écrit.", "Nothing was written."),
    "waiting": Label("en attente du client", "waiting for the customer"),
    "unreadable": Label("Illisible : ", "Unreadable: "),
    "undelivered": Label("réponse non remise", "answer not delivered"),
    "bytes": Label("octets", "bytes"),
    "ledger": Label("Registre du TPE", "The terminal's ledger"),
    "no_entry": Label("Rien pour l'instant.", "Nothing yet."),
    "time": Label("Heure", "Time"),
    "operation": Label("Opération", "Operation"),
    "asked": Label("Demandé", "Asked"),
    "decision": Label("Décision", "Decision"),
    "moved": Label("Mouvement", "Moved"),
    "scenario": Label("Scénario", "Scenario"),
    "totals": Label("Totaux :", "Totals:"),
    # the page itself
    "language": Label("Langue", "Language"),
    "offline": Label(
        "Le simulateur ne répond plus. Nouvel essai…",
        "The simulator does not answer. Trying again…",
    ),
}


def texts(lang):
    """Return {name: text} in a language, fr or en."""
    return {name: getattr(label, lang) for name, label in TEXTS.items()}
