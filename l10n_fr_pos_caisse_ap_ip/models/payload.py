"""What a till may say, and the only form it may have."""

import re

# An amount is an Integer in PostgreSQL: 21 million euros.
MAX_CENTS = 2**31 - 1
IDENTIFIER = re.compile(r"[0-9A-Za-z_-]{8,64}$")


def is_identifier(value):
    return isinstance(value, str) and bool(IDENTIFIER.match(value))


def is_integer(value, low, high):
    """Tell a true integer of a range; a bool is an int in Python, not here."""
    return type(value) is int and low <= value <= high


def is_record_id(value):
    return is_integer(value, 1, MAX_CENTS)


def is_label(value):
    return isinstance(value, str) and len(value) <= 64


# Key of the payload of a payment, and what its value must be.
PAYLOAD = {
    "reference": is_identifier,
    "line_uuid": is_identifier,
    "order_uuid": is_label,
    "order_name": is_label,
    "session_id": is_record_id,
    "operation": lambda value: value in ("debit", "credit", "reversal"),
    "amount_cents": lambda value: is_integer(value, 1, MAX_CENTS),
    # Order lines that a credit refunds, or none: 14.0 does not know them.
    "refunded_lines": lambda value: isinstance(value, list)
    and len(value) <= 1000
    and all(map(is_record_id, value)),
}
