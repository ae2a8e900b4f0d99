# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a terminal checks in a request before any customer sees it. Pure.

The rules are written again here, not taken from `operation`: a terminal does not
share the till's mistakes.
"""

import re

from caisse_ap.request import PAYMENTS
from caisse_ap.tables import APPLICATIONS

from .ledger import operation_of

# Fields the protocol asks of every request, then of payments (protocol.md section 3).
ALWAYS = {
    "CZ": "03[0-9]{2}",
    "CJ": "[0-9]{12}",
    "CA": "[0-9]{2}",
    "CD": "[0-9A-Z]",
}
PAYMENT = dict(ALWAYS, CB="(?!0+$)[0-9]{2,12}", CE="[0-9]{3}")
OPTIONAL = {"CC": "[0-9A-Z]{3}", "CK": "[01][012][01]"}


def has_all_fields(fields):
    """True when nothing mandatory is missing: the request may end here."""
    return set(_shapes(fields)) <= set(fields)


def fault(received, currencies):
    """Return the name in REPLIES that turns the request away, or "" if all is well.

    `currencies`: the ISO 4217 numbers the terminal takes, one at least.
    """
    fields = received.fields
    if not received.readable or not _well_formed(fields):
        return "bad_request"
    if not received.operation:
        return "unknown_operation"
    if fields.get("CE", currencies[0]) not in currencies:
        return "unknown_currency"
    if fields.get("CC", "000") not in APPLICATIONS:
        return "unknown_application"
    return ""


def _shapes(fields):
    return PAYMENT if operation_of(fields) in PAYMENTS else ALWAYS


def _well_formed(fields):
    present = {tag: shape for tag, shape in OPTIONAL.items() if tag in fields}
    return all(
        re.fullmatch(shape, fields.get(tag, ""))
        for tag, shape in dict(_shapes(fields), **present).items()
    )
