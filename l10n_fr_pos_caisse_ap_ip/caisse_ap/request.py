# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a till may ask of a terminal, and the frame that asks it. Pure."""

import re
from dataclasses import dataclass
from typing import Optional

from .frame import encode

PAYMENTS = ("debit", "credit", "reversal")

# CD (protocol.md 4.1)
OPERATION_CODES = {
    "debit": "0",
    "credit": "1",
    "reversal": "2",
    "duplicate": "3",
    "identification": "I",
}

MAX_AMOUNT_CENTS = 999999999999  # CB has twelve digits
RECEIPT_VERSION = "0320"  # the first one known to return receipts (protocol.md 0.3)
RECEIPT_WANTED = "100"  # CK: returned, the customer's, as text (protocol.md 4.7)

_TEXTS = {
    "amount_zero": "the amount is zero",
    "amount_negative": "the amount is negative",
    "amount_too_large": "the amount has more than twelve digits",
    "amount_type": "the amount is not an integer of the smallest unit",
    "currency_unknown": "the currency is not an ISO 4217 number of three digits",
    "till_invalid": "the till number is not two digits",
    "application_invalid": "the application is not three digits or capitals",
    "version_invalid": "the protocol version is not 03 and two digits",
    "ipc_invalid": "the IPC is not twelve digits",
    "operation_invalid": "the operation is not one of " + ", ".join(OPERATION_CODES),
}

# attribute, error code, what its text must look like
_SHAPES = (
    ("till", "till_invalid", "[0-9]{2}"),
    ("version", "version_invalid", "03[0-9]{2}"),
    ("ipc", "ipc_invalid", "[0-9]{12}"),
    ("currency", "currency_unknown", "(?!000)[0-9]{3}"),
    ("application", "application_invalid", "[0-9A-Z]{3}"),
)


class RequestError(ValueError):
    """A request that must not be sent; ``code`` is one of the stable ``_TEXTS``."""

    def __init__(self, code):
        super().__init__(_TEXTS[code])
        self.code = code


@dataclass(frozen=True)
class Request:
    """What the till asks of the terminal. Raises RequestError when it makes no sense.

    ``operation``: a key of OPERATION_CODES.
    ``amount_cents``: int above zero, in the smallest unit of the currency; a credit is
    positive too. ``currency``: ISO 4217 number as text ("978"). Both are required for
    payments and may be left out otherwise. Only the shape of the currency is checked
    here: the caller knows which currencies exist, the terminal which ones it takes.
    ``till``: two digits. ``application``: three characters to force one (a cheque is
    "00C"), or None. ``receipt``: ask for the text of the customer's receipt, which
    raises the version sent to 0320 (protocol.md 0.3). ``line_end``: end the frame with
    CR LF, for terminals that want it (protocol.md 1.5).
    """

    operation: str
    amount_cents: Optional[int] = None
    currency: Optional[str] = None
    till: str = "01"
    application: Optional[str] = None
    version: str = "0300"
    ipc: str = "012345678901"
    receipt: bool = False
    line_end: bool = False

    def __post_init__(self):
        if self.operation not in OPERATION_CODES:
            raise RequestError("operation_invalid")
        optional = set() if self.is_payment else {"amount_cents", "currency"}
        optional.add("application")
        skipped = {name for name in optional if getattr(self, name) is None}
        if "amount_cents" not in skipped:
            _check_amount(self.amount_cents)
        for name, code, shape in _SHAPES:
            if name not in skipped:
                _check_shape(getattr(self, name), shape, code)

    @property
    def is_payment(self):
        return self.operation in PAYMENTS

    def fields(self):
        """Return the (tag, text) list to send.

        BF and BA are never sent: see protocol.md 6.2 and 5.8.
        """
        amount = self.amount_cents
        version = max(self.version, RECEIPT_VERSION) if self.receipt else self.version
        fields = (
            ("CZ", version),
            ("CJ", self.ipc),
            ("CA", self.till),
            ("CE", self.currency),
            ("CD", OPERATION_CODES[self.operation]),
            ("CB", None if amount is None else f"{amount:02}"),  # 2 to 12 digits
            ("CC", self.application),
            ("CK", RECEIPT_WANTED if self.receipt else None),
        )
        return [(tag, value) for tag, value in fields if value is not None]

    def encode(self):
        """Return the bytes of the one frame that asks for this."""
        return encode(self.fields()) + (b"\r\n" if self.line_end else b"")


def _check_amount(amount):
    if type(amount) is not int:  # a bool is an int too, and a float has lost cents
        raise RequestError("amount_type")
    if amount == 0:
        raise RequestError("amount_zero")
    if amount < 0:
        raise RequestError("amount_negative")
    if amount > MAX_AMOUNT_CENTS:
        raise RequestError("amount_too_large")


def _check_shape(value, shape, code):
    if not isinstance(value, str) or not re.fullmatch(shape, value):
        raise RequestError(code)
