# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Frames and verdicts in French or English, card data masked. Pure."""

from caisse_ap.frame import FrameError, FrameReader
from caisse_ap.masking import masked_fields
from caisse_ap.receipt import read_receipt
from caisse_ap.tables import (
    APPLICATIONS,
    OPERATIONS,
    READING_MODES,
    STATUS_DETAILS,
    STATUSES,
    Label,
)

from .money import BY_NUMERIC, format_amount

# protocol.md section 3
FIELD_NAMES = {
    "CZ": Label("version du protocole", "protocol version"),
    "CJ": Label("identifiant de protocole (IPC)", "protocol identifier (IPC)"),
    "CA": Label("numéro de caisse", "till number"),
    "CB": Label("montant", "amount"),
    "CC": Label("application de paiement", "payment application"),
    "CD": Label("type d'action", "operation"),
    "CE": Label("devise", "currency"),
    "CF": Label("données privées", "private data"),
    "CG": Label("numéro de contrat", "contract number"),
    "CH": Label("numéro de référence", "reference number"),
    "CI": Label("mode de lecture", "reading mode"),
    "CK": Label("gestion du ticket", "receipt handling"),
    "AA": Label("numéro de carte", "card number"),
    "AB": Label("fin de validité", "expiry"),
    "AC": Label("numéro d'autorisation", "authorisation number"),
    "AD": Label("piste CMC7 du chèque", "CMC7 line of the cheque"),
    "AE": Label("état de l'action", "status"),
    "AF": Label("complément d'état", "status details"),
    "AG": Label("réponse FNCI", "FNCI answer"),
    "AH": Label("réponse de garantie", "guarantee answer"),
    "AI": Label("identifiant d'application (AID)", "application id (AID)"),
    "AK": Label("données du ticket", "receipt data"),
    "AL": Label("type de numéro de carte", "kind of card number"),
    "AM": Label("téléphone du client", "customer's phone"),
    "AN": Label("courriel du client", "customer's e-mail"),
    "AP": Label("date de l'opération", "date of the operation"),
    "AQ": Label("numéro de série du TPE", "terminal serial number"),
    "BA": Label("délai de réponse", "response delay"),
    "BB": Label("demande d'autorisation", "authorisation request"),
    "BF": Label("paiement partiel", "partial payment"),
    "BH": Label("téléphone du client", "customer's phone"),
    "BI": Label("courriel du client", "customer's e-mail"),
    "ZT": Label("ticket", "receipt"),
}

OUTCOMES = {
    "approved": Label("ACCEPTÉ", "APPROVED"),
    "refused": Label("REFUSÉ", "REFUSED"),
    "unknown": Label("RÉSULTAT INCONNU", "UNKNOWN"),
    "not_sent": Label("NON ENVOYÉ", "NOT SENT"),
}
ADVICE = {
    "unknown": Label(
        "Le client a peut-être payé : regardez le TPE ou son ticket.",
        "The customer may have paid: look at the terminal or its receipt.",
    ),
    "not_sent": Label(
        "Rien n'est parti vers le TPE : on peut recommencer.",
        "Nothing left for the terminal: it is safe to try again.",
    ),
}
HIDDEN = Label("(masqué)", "(hidden)")

_CODES = {
    "CD": OPERATIONS,
    "AE": STATUSES,
    "CC": APPLICATIONS,
    "CI": READING_MODES,
}


def read_messages(data):
    """Return what can be read of a frame (bytes), and the FrameError that ended it.

    The messages are a list of dicts; the error is None when all was read.
    """
    reader = FrameReader()
    try:
        reader.feed(data)
        reader.close()
    except FrameError as error:
        return reader.messages, error
    return reader.messages, None


def field_rows(fields, lang):
    """Return one (tag, name, value, what the value means) of texts for each field.

    `fields`: dict of tag to text, as decode() gives it. `lang`: fr or en.
    """
    shown = masked_fields(fields)
    hidden = getattr(HIDDEN, lang)
    return [
        (tag, _name(tag, lang), shown.get(tag, hidden), _meaning(tag, shown, lang))
        for tag in fields
    ]


def explain_fields(fields, lang):
    """Return lines of text, one per field, then the receipts. As field_rows."""
    rows = field_rows(fields, lang)
    lines = ["  {}  {:<32} {:<14} {}".format(*row).rstrip() for row in rows]
    return lines + quote(read_receipt(fields.get("ZT", "")))


def explain_verdict(verdict, currency, lang):
    """Return lines of text: the outcome, what to do, then the answer's fields."""
    parts = [getattr(OUTCOMES[verdict.outcome], lang)]
    if verdict.approved_cents:
        parts.append(format_amount(verdict.approved_cents, currency, lang))
    parts += [_reason(verdict, lang), verdict.bank_message, verdict.error]
    lines = [" ".join(part for part in parts if part)]
    if verdict.outcome in ADVICE:
        lines.append(getattr(ADVICE[verdict.outcome], lang))
    return lines + explain_fields(verdict.fields, lang) + quote(verdict.receipt)


def _reason(verdict, lang):
    if verdict.reason == verdict.outcome:
        return ""
    detail = _label(STATUS_DETAILS, verdict.detail_code, lang)
    colon = "\N{NO-BREAK SPACE}: " if lang == "fr" else ": "
    return f"({verdict.reason}{colon}{detail})" if detail else f"({verdict.reason})"


def quote(text):
    return ["  | " + line for line in text.splitlines()]


def _name(tag, lang):
    label = FIELD_NAMES.get(tag)
    return getattr(label, lang) if label else "?"


def _meaning(tag, shown, lang):
    value = shown.get(tag, "")
    if tag == "CB":
        is_amount = value.isdecimal()
        return format_amount(int(value), shown.get("CE"), lang) if is_amount else ""
    if tag == "CE":
        return BY_NUMERIC[value].code if value in BY_NUMERIC else ""
    if tag == "AF":  # two characters, then the bank's supplements (protocol.md 4.4)
        return _label(STATUS_DETAILS, value[:2], lang)
    return _label(_CODES.get(tag, {}), value, lang)


def _label(table, code, lang):
    return getattr(table[code], lang) if code in table else ""
