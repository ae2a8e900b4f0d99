# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Code tables of the Caisse-AP protocol, with French and English words. No logic.

Source: protocol.md section 4. Codes that only one doubtful source knows are left out.
"""

from collections import namedtuple

Label = namedtuple("Label", "fr en")

# CD, type of action (protocol.md 4.1)
OPERATIONS = {
    "0": Label("Débit", "Debit"),
    "1": Label("Crédit", "Credit"),
    "2": Label("Annulation", "Reversal"),
    "3": Label("Duplicata", "Duplicate"),
    "7": Label("Débit différé", "Deferred debit"),
    "B": Label("Télécollecte", "Telecollection"),
    "I": Label("Identification", "Identification"),
    "P": Label("Impression", "Print"),
    "T": Label("État de la transaction", "Transaction status"),
}

# AE, status of the action (protocol.md 4.2)
STATUSES = {
    "10": Label("Opération effectuée", "Operation done"),
    "01": Label("Opération non effectuée", "Operation not done"),
    "11": Label("Requête prise en compte", "Request taken into account"),
}

# AF, complement of the status, first two characters (protocol.md 4.3)
STATUS_DETAILS = {
    "00": Label("Inconnu", "Unknown"),
    "01": Label("Transaction autorisée", "Transaction authorised"),
    "02": Label("Appel phonie", "Phone call needed"),
    "03": Label("Forçage", "Forced"),
    "04": Label("Refusée", "Refused"),
    "05": Label("Interdite", "Forbidden"),
    "06": Label("Abandon", "Abandoned"),
    "07": Label("Non aboutie", "Not completed"),
    "08": Label("Délai de saisie dépassé", "Input timed out"),
    "09": Label("Erreur de format du message", "Bad message format"),
    "10": Label("Erreur de sélection", "Bad selection"),
    "11": Label("Abandon opérateur", "Abandoned by the operator"),
    "12": Label("Type d'action demandé inconnu", "Unknown action"),
    "13": Label("Devise non supportée", "Currency not supported"),
}

# CC, payment application: all three characters count (protocol.md 4.5)
APPLICATIONS = {
    "000": Label("Indifférent", "Any"),
    "001": Label("CB contact", "CB contact"),
    "002": Label("American Express contact", "American Express contact"),
    "003": Label("CB Enseigne", "CB Enseigne"),
    "004": Label("Cetelem", "Cetelem"),
    "005": Label("Cofinoga", "Cofinoga"),
    "006": Label("Diner's Club", "Diner's Club"),
    "007": Label("CB-Pass", "CB-Pass"),
    "008": Label("Franfinance", "Franfinance"),
    "009": Label("JCB", "JCB"),
    "00A": Label("Banque Accord", "Banque Accord"),
    "00B": Label("CB sans contact", "CB contactless"),
    "00C": Label("Chèque", "Cheque"),
    "00D": Label("American Express sans contact", "American Express contactless"),
    # two meanings, by the age of the terminal's software
    "00E": Label("CONECS contact ou CMCIC-Pay", "CONECS contact or CMCIC-Pay"),
    "00F": Label("DCC", "DCC"),
    "00G": Label("QuickPass", "QuickPass"),
    "00I": Label("CPEI-EMV", "CPEI-EMV"),
    "00S": Label("Sofinco, carte magasin", "Sofinco, store card"),
    "00U": Label("UnionPay", "UnionPay"),
    "00V": Label("Chèque-vacances ANCV", "ANCV holiday voucher"),
    "101": Label("CB vente à distance", "CB distance selling"),
    "10E": Label("CONECS sans contact", "CONECS contactless"),
    "201": Label("Quasi-cash", "Quasi-cash"),
    "301": Label("Location de biens et services", "Rental of goods and services"),
    "30F": Label("Location avec DCC", "Rental with DCC"),
    "401": Label("Optalion (Crédit Lyonnais)", "Optalion (Crédit Lyonnais)"),
    "501": Label("Cash-Agence", "Cash-Agence"),
    "601": Label("PNF (Crédit Mutuel)", "PNF (Crédit Mutuel)"),
    "602": Label("P3F", "P3F"),
    "603": Label("Optalion", "Optalion"),
    "604": Label("Préauto-CM", "Préauto-CM"),
    "605": Label("PRCME", "PRCME"),
    "607": Label("Paiement par QR code", "Payment by QR code"),
    "608": Label("TOP3-3XCB", "TOP3-3XCB"),
    "609": Label("PNF-HPS", "PNF-HPS"),
    "701": Label("PPFCA (Crédit Agricole)", "PPFCA (Crédit Agricole)"),
}

# CI, reading mode (protocol.md 4.6)
READING_MODES = {
    "0": Label("Indifférent", "Any"),
    "1": Label("Contact", "Contact"),
    "2": Label("Sans contact", "Contactless"),
    "3": Label("Piste magnétique", "Magnetic stripe"),
    "4": Label("Saisie manuelle", "Typed"),
}
