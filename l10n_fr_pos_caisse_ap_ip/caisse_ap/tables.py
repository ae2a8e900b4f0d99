# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Code tables of the Caisse-AP protocol, in French, English and Spanish. No logic.

Source: protocol.md section 4. Codes that only one doubtful source knows are left out.
"""

from collections import namedtuple

#: A name that is the same in every language stands there without its Spanish.
Label = namedtuple("Label", "fr en es", defaults=("",))

# CD, type of action (protocol.md 4.1)
OPERATIONS = {
    "0": Label("Débit", "Debit", "Débito"),
    "1": Label("Crédit", "Credit", "Abono"),
    "2": Label("Annulation", "Reversal", "Anulación"),
    "3": Label("Duplicata", "Duplicate", "Duplicado"),
    "7": Label("Débit différé", "Deferred debit", "Débito diferido"),
    "B": Label("Télécollecte", "Telecollection", "Cierre y envío al banco"),
    "I": Label("Identification", "Identification", "Identificación"),
    "P": Label("Impression", "Print", "Impresión"),
    "T": Label(
        "État de la transaction", "Transaction status", "Estado de la transacción"
    ),
}

# AE, status of the action (protocol.md 4.2)
STATUSES = {
    "10": Label("Opération effectuée", "Operation done", "Operación realizada"),
    "01": Label(
        "Opération non effectuée", "Operation not done", "Operación no realizada"
    ),
    "11": Label(
        "Requête prise en compte", "Request taken into account", "Petición recibida"
    ),
}

# AF, complement of the status, first two characters (protocol.md 4.3)
STATUS_DETAILS = {
    "00": Label("Inconnu", "Unknown", "Desconocido"),
    "01": Label(
        "Transaction autorisée", "Transaction authorised", "Transacción autorizada"
    ),
    "02": Label("Appel phonie", "Phone call needed", "Llamada telefónica necesaria"),
    "03": Label("Forçage", "Forced", "Forzado"),
    "04": Label("Refusée", "Refused", "Denegada"),
    "05": Label("Interdite", "Forbidden", "Prohibida"),
    "06": Label("Abandon", "Abandoned", "Abandonada"),
    "07": Label("Non aboutie", "Not completed", "No completada"),
    "08": Label(
        "Délai de saisie dépassé", "Input timed out", "Tiempo de introducción agotado"
    ),
    "09": Label(
        "Erreur de format du message",
        "Bad message format",
        "Error de formato del mensaje",
    ),
    "10": Label("Erreur de sélection", "Bad selection", "Error de selección"),
    "11": Label(
        "Abandon opérateur", "Abandoned by the operator", "Abandonada por el operador"
    ),
    "12": Label(
        "Type d'action demandé inconnu", "Unknown action", "Operación desconocida"
    ),
    "13": Label(
        "Devise non prise en charge", "Currency not supported", "Moneda no admitida"
    ),
}

# CC, payment application: all three characters count (protocol.md 4.5)
APPLICATIONS = {
    "000": Label("Indifférent", "Any", "Cualquiera"),
    "001": Label("CB contact", "CB contact", "CB con contacto"),
    "002": Label(
        "American Express contact",
        "American Express contact",
        "American Express con contacto",
    ),
    "003": Label("CB Enseigne", "CB Enseigne"),
    "004": Label("Cetelem", "Cetelem"),
    "005": Label("Cofinoga", "Cofinoga"),
    "006": Label("Diners Club", "Diners Club"),
    "007": Label("CB-Pass", "CB-Pass"),
    "008": Label("Franfinance", "Franfinance"),
    "009": Label("JCB", "JCB"),
    "00A": Label("Banque Accord", "Banque Accord"),
    "00B": Label("CB sans contact", "CB contactless", "CB sin contacto"),
    "00C": Label("Chèque", "Cheque", "Cheque"),
    "00D": Label(
        "American Express sans contact",
        "American Express contactless",
        "American Express sin contacto",
    ),
    # two meanings, by the age of the terminal's software
    "00E": Label(
        "CONECS contact ou CMCIC-Pay",
        "CONECS contact or CMCIC-Pay",
        "CONECS con contacto o CMCIC-Pay",
    ),
    "00F": Label("DCC", "DCC"),
    "00G": Label("QuickPass", "QuickPass"),
    "00I": Label("CPEI-EMV", "CPEI-EMV"),
    "00S": Label(
        "Sofinco, carte magasin", "Sofinco, store card", "Sofinco, tarjeta de tienda"
    ),
    "00U": Label("UnionPay", "UnionPay"),
    "00V": Label(
        "Chèque-Vacances Connect", "ANCV holiday voucher", "Cheque vacaciones ANCV"
    ),
    "101": Label("CB vente à distance", "CB distance selling", "CB venta a distancia"),
    "10E": Label("CONECS sans contact", "CONECS contactless", "CONECS sin contacto"),
    "201": Label("Quasi-cash", "Quasi-cash", "Cuasi efectivo"),
    "301": Label(
        "Location de biens et services",
        "Rental of goods and services",
        "Alquiler de bienes y servicios",
    ),
    "30F": Label("Location avec DCC", "Rental with DCC", "Alquiler con DCC"),
    "401": Label("Optalion (Crédit Lyonnais)", "Optalion (Crédit Lyonnais)"),
    "501": Label("Cash-Agence", "Cash-Agence"),
    "601": Label("PNF (Crédit Mutuel)", "PNF (Crédit Mutuel)"),
    "602": Label("P3F", "P3F"),
    "603": Label("Optalion", "Optalion"),
    "604": Label("Préauto-CM", "Préauto-CM"),
    "605": Label("PRCME", "PRCME"),
    "607": Label("Paiement par QR code", "Payment by QR code", "Pago con código QR"),
    "608": Label("TOP3-3XCB", "TOP3-3XCB"),
    "609": Label("PNF-HPS", "PNF-HPS"),
    "701": Label("PPFCA (Crédit Agricole)", "PPFCA (Crédit Agricole)"),
}

# CI, reading mode (protocol.md 4.6)
READING_MODES = {
    "0": Label("Indifférent", "Any", "Cualquiera"),
    "1": Label("Contact", "Contact", "Con contacto"),
    "2": Label("Sans contact", "Contactless", "Sin contacto"),
    "3": Label("Piste magnétique", "Magnetic stripe", "Banda magnética"),
    "4": Label("Saisie manuelle", "Typed", "Introducción manual"),
}
