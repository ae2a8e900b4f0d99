# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Requests, answers, and the one function that judges an answer.

Pure: no socket and no clock here.
"""

import re
from dataclasses import dataclass, field
from typing import Optional

from .frame import encode
from .masking import clean, mask_card_number, mask_text
from .receipt import read_receipt

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

_WORDS = {
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
    """A request that must not be sent; ``code`` is one of the stable ``_WORDS``."""

    def __init__(self, code):
        super().__init__(_WORDS[code])
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


@dataclass(frozen=True)
class Verdict:
    """What became of a request. All of it is masked and may be stored.

    ``outcome``: approved, refused, unknown or not_sent; ``reason``: a stable word.
    ``approved_cents``: the amount really paid, or None. ``fields``: the deciding
    message, masked. ``error``: technical English text for support.
    """

    outcome: str
    reason: str
    approved_cents: Optional[int] = None
    fields: dict = field(default_factory=dict)
    detail_code: str = ""
    bank_response: str = ""
    bank_message: str = ""
    bank_check: str = ""
    bank_reason: str = ""
    application: str = ""
    reading_mode: str = ""
    authorisation: str = ""
    contract: str = ""
    aid: str = ""
    card_number: str = ""
    receipt: str = ""
    error: str = ""

    def is_partial(self, asked_cents):
        """True when the terminal approved less than the ``asked_cents``."""
        return self.approved_cents is not None and self.approved_cents < asked_cents


def has_result(messages):
    """True when the last message that is not AE=11 has a status: an end is possible."""
    deciding = _deciding(messages)
    return bool(deciding) and "AE" in deciding[-1]


def judge(request, messages, error=None, ended_by="end_of_stream"):
    """Return the Verdict on an answer: the table of protocol.md section 7.

    ``messages``: dicts of tag to text, as FrameReader gives them. ``error``: the
    FrameError that ended the reading, or None. ``ended_by``: how the reading ended:
    end_of_stream, quiet, timed_out or connection_lost.

    An identification only proves that a terminal listens: its answer has no amount. A
    duplicate repeats the last transaction of the terminal, whichever till made it.
    Approved then means that this last one was, and refused that there is no last one
    to repeat: its echoes are not compared with the request. The caller compares
    ``approved_cents`` (None when the terminal names no amount) and ``fields`` with the
    transaction it looks for.
    """
    answer = _Answer(request, messages, error, ended_by)
    outcome, reason = next(
        (outcome, reason) for outcome, reason, holds in _RULES if holds(answer)
    )
    return Verdict(
        outcome,
        reason,
        approved_cents=answer.paid if outcome == "approved" else None,
        fields=masked_fields(answer.fields),
        receipt=read_receipt(answer.fields.get("ZT", "")),
        error=": ".join(str(why) for why in (_ERRORS.get(reason), error) if why),
        **_details(answer.fields),
    )


_CUT_SHORT = ("empty", "truncated_header", "truncated_value")
_CANCELLED = ("06", "08", "11")  # protocol.md 4.3
_DECLINED = ("04", "05")

# Outcome, reason, condition: the first that holds decides (protocol.md section 7).
_RULES = (
    ("unknown", "no_answer", lambda a: a.cut == "timed_out" and a.fault == "empty"),
    ("unknown", "timed_out", lambda a: a.cut == "timed_out"),
    ("unknown", "connection_lost", lambda a: a.cut == "connection_lost"),
    ("unknown", "end_of_stream", lambda a: a.cut),
    ("unknown", "serial_protocol", lambda a: a.fault == "serial_framing"),
    ("unknown", "conflicting_fields", lambda a: a.fault == "duplicate_tag"),
    ("unknown", "broken_frame", lambda a: a.fault),
    ("unknown", "only_taken_into_account", lambda a: not a.deciding),
    ("unknown", "status_missing", lambda a: a.status is None),
    ("unknown", "conflicting_fields", lambda a: a.contradicts_itself()),
    ("refused", "cancelled", lambda a: a.status == "01" and a.detail in _CANCELLED),
    ("refused", "declined", lambda a: a.status == "01" and a.detail in _DECLINED),
    ("refused", "failed", lambda a: a.status == "01"),
    ("unknown", "status_unknown", lambda a: a.status != "10"),
    ("unknown", "echo_mismatch", lambda a: a.echoes_otherwise()),
    ("unknown", "amount_mismatch", lambda a: a.has_wrong_amount()),
    ("approved", "partially_approved", lambda a: a.is_partial()),
    ("approved", "approved", lambda a: True),
)

_ERRORS = {
    "no_answer": "the terminal sent nothing in time",
    "timed_out": "the answer was not whole in time",
    "connection_lost": "the connection broke before the answer was whole",
    "end_of_stream": "the terminal closed before its answer was whole",
    "serial_protocol": "choose the IP variant of the protocol on the terminal",
    "conflicting_fields": "the answer contradicts itself",
    "broken_frame": "the answer is not readable",
    "only_taken_into_account": "the terminal took the request (AE=11), no result came",
    "status_missing": "the answer has no status (AE)",
    "status_unknown": "the answer has a status (AE) that nobody documents",
    "echo_mismatch": "the answer is not about this till, operation and currency",
    "amount_mismatch": "the amount (CB) is missing, zero or more than asked",
}

# What must come back as it was sent. Never CZ, CJ, CC nor CF: terminals have their own
# (protocol.md section 6).
_PAYMENT_ECHOES = ("CA", "CD", "CE")
_OTHER_ECHOES = {"identification": ("CD",), "duplicate": ()}


class _Answer:
    """An answer as the rules ask about it."""

    def __init__(self, request, messages, error, ended_by):
        self.request = request
        self.fault = error.code if error else "" if messages else "empty"
        self.cut = ended_by if self.fault in _CUT_SHORT else ""
        self.deciding = _deciding(messages)
        self.fields = (self.deciding or messages or [{}])[-1]
        self.status = self.fields.get("AE")
        self.detail = self.fields.get("AF", "")[:2]  # supplements follow (4.4)
        has_amount = request.operation != "identification"
        self.amount = self.fields.get("CB") if has_amount else None
        self.paid = _number(self.amount)

    def contradicts_itself(self):
        """Two messages that both decide must not tell two stories."""
        return any(len(self._values(tag)) > 1 for tag in ("AE", "CB", "CD", "CE"))

    def echoes_otherwise(self):
        asked = dict(self.request.fields())
        echoes = _OTHER_ECHOES.get(self.request.operation, _PAYMENT_ECHOES)
        return any(
            _comparable(tag, self.fields.get(tag)) != _comparable(tag, asked[tag])
            for tag in echoes
        )

    def has_wrong_amount(self):
        if self.request.is_payment:
            return not self.paid or self.paid > self.request.amount_cents
        return self.amount is not None and not self.paid

    def is_partial(self):
        return self.request.is_payment and self.paid < self.request.amount_cents

    def _values(self, tag):
        return {_comparable(tag, each[tag]) for each in self.deciding if tag in each}


def _deciding(messages):
    """AE=11 announces a result, it is none (protocol.md 4.2)."""
    return [fields for fields in messages if fields.get("AE") != "11"]


def _comparable(tag, text):
    """CA and CB come with and without leading zeros (protocol.md 6.1)."""
    return _number(text) if tag in ("CA", "CB") else text


def _number(text):
    """Return the int in ASCII digits, or None; int() alone reads far more than that."""
    return int(text) if text and re.fullmatch("[0-9]+", text) else None


# Verdict attribute and tag (protocol.md section 3)
_DETAIL_TAGS = (
    ("application", "CC"),
    ("reading_mode", "CI"),
    ("authorisation", "AC"),
    ("contract", "CG"),
    ("aid", "AI"),
    ("card_number", "AA"),
)

# Verdict attribute and place in AF, space-filled (protocol.md 4.4)
_AF_PARTS = (
    ("detail_code", 0, 2),
    ("bank_response", 2, 4),
    ("bank_message", 4, 25),
    ("bank_check", 25, 27),
    ("bank_reason", 27, 29),
)


def _details(fields):
    masked = masked_fields(fields)
    details = {name: masked.get(tag, "") for name, tag in _DETAIL_TAGS}
    complement = masked.get("AF", "")
    for name, start, end in _AF_PARTS:
        details[name] = complement[start:end].strip()
    return details


def masked_fields(fields):
    """Return a copy of the fields that may be stored, shown and logged.

    The expiry (AB) and the receipts (AK, ZT) are left out.
    """
    kept = {tag: text for tag, text in fields.items() if tag not in ("AB", "AK", "ZT")}
    return {tag: _masked(tag, text) for tag, text in kept.items()}


def _masked(tag, text):
    if tag == "AA":
        return mask_card_number(text)
    # An amount and an IPC are no card number: they have twelve digits at most.
    return mask_text(text) if len(text) > 12 else clean(text)
