# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Answers, and the one function that judges them.

Pure: no socket and no clock here.
"""

import re
from dataclasses import dataclass, field
from typing import Optional

from .masking import masked_fields
from .receipt import read_receipt

# Callers keep an amount in 32 bits: 21 million euros. What a duplicate names beyond it
# is no payment by card, and a result that cannot be stored would never end.
LARGEST_STORED = 2**31 - 1


@dataclass(frozen=True)
class Verdict:
    """What became of a request. All of it is masked and may be stored.

    ``outcome``: approved, refused, unknown or not_sent; ``reason``: a stable word.
    ``approved_cents``: the amount really paid, or None. ``fields``: the deciding
    message, masked. ``contradiction``: the tags (text, "AE CB") of which the terminal
    said two things, or "": a person must look. ``error``: technical English text for
    support.
    """

    outcome: str
    reason: str
    approved_cents: Optional[int] = None
    fields: dict = field(default_factory=dict)
    contradiction: str = ""
    detail_code: str = ""
    bank_message: str = ""
    application: str = ""
    reading_mode: str = ""
    authorisation: str = ""
    contract: str = ""
    card_number: str = ""
    receipt: str = ""
    error: str = ""


# What an approval says beside AE=10. AE may come first, in a piece of its own
# (protocol.md 6.24), so without these it is no whole result.
_APPROVAL_TAGS = {"identification": ("CD",), "duplicate": ("CB",)}
_PAYMENT_APPROVAL_TAGS = ("CA", "CD", "CE", "CB")


def has_result(request, messages):
    """Tell whether a result is whole, so that silence may end the answer.

    :param Request request: what was asked
    :param list messages: dicts of tag to text, as FrameReader gives them
    :return: bool: the last message that is not AE=11 has AE=01, or AE=10 and all
        that an approval of this operation must say
    """
    fields = (_deciding(messages) or [{}])[-1]
    needed = _APPROVAL_TAGS.get(request.operation, _PAYMENT_APPROVAL_TAGS)
    return {
        "01": True,
        "10": all(tag in fields for tag in needed),
    }.get(fields.get("AE"), False)


def judge(request, messages, error=None, ended_by="end_of_stream"):
    """Return the Verdict on an answer: the table of protocol.md section 7.

    An identification only proves that a terminal listens: its answer has no amount. A
    duplicate repeats the last transaction of the terminal, whichever till made it.
    Approved then means that this last one was, and refused that there is no last one
    to repeat: its echoes are not compared with the request. The caller compares
    ``approved_cents`` (None when the terminal names no amount) and ``fields`` with the
    transaction it looks for.

    :param Request request: what was asked
    :param list messages: dicts of tag to text, as FrameReader gives them
    :param FrameError error: what ended the reading, or None
    :param str ended_by: how the reading ended: end_of_stream, quiet, timed_out or
        connection_lost
    :return: Verdict, never not_sent
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
        contradiction=contradiction(answer.deciding),
        receipt=read_receipt(answer.fields.get("ZT", "")),
        error=": ".join(str(why) for why in (_ERRORS.get(reason), error) if why),
        **_details(answer.fields),
    )


# Only these decide about money. Any other field may come twice: the first one stays.
_DECIDING_TAGS = ("AE", "CA", "CB", "CD", "CE")


def contradiction(messages):
    """Tell of what an answer says two things.

    :param list messages: those that decide, as FrameReader gives them
    :return: str, the tags with a space between two, or ""
    """
    return " ".join(tag for tag in _DECIDING_TAGS if len(_said(tag, messages)) > 1)


def _said(tag, messages):
    """Return the set of values that messages give to a tag."""
    pairs = [
        pair
        for fields in messages
        for pair in [*fields.items(), *getattr(fields, "repeats", ())]
    ]
    return {_comparable(tag, text) for name, text in pairs if name == tag}


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
    ("unknown", "broken_frame", lambda a: a.fault),
    ("unknown", "only_taken_into_account", lambda a: not a.deciding),
    ("unknown", "status_missing", lambda a: a.status is None),
    ("unknown", "conflicting_fields", lambda a: contradiction(a.deciding)),
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
        return self.amount is not None and not 0 < (self.paid or 0) <= LARGEST_STORED

    def is_partial(self):
        return self.request.is_payment and self.paid < self.request.amount_cents


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
    ("card_number", "AA"),
)


def _details(fields):
    masked = masked_fields(fields)
    details = {name: masked.get(tag, "") for name, tag in _DETAIL_TAGS}
    # Places in AF, space-filled (protocol.md 4.4)
    complement = masked.get("AF", "")
    details["detail_code"] = complement[:2].strip()
    details["bank_message"] = complement[4:25].strip()
    return details
