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


def is_list_of(is_valid, longest):
    """Return the check of a list, at most so long, of what another check accepts."""

    def is_valid_list(value):
        is_list = isinstance(value, list) and len(value) <= longest
        return is_list and all(map(is_valid, value))

    return is_valid_list


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
    "refunded_lines": is_list_of(is_record_id, 1000),
}
# What a page may leave out.
OPTIONAL_PAYLOAD = {
    # Name of the page, new at each load.
    "page": is_label,
    # All payment lines of that order that this page knows.
    "order_lines": is_list_of(is_identifier, 100),
    # The employee at the till, where employees log in.
    "employee_id": lambda value: value is False or is_record_id(value),
    # A manager's right, see manager_right.py.
    "manager_token": is_label,
}
# The sale that money is attached to.
SALE = {
    "line_uuid": is_identifier,
    "order_uuid": is_label,
    "order_name": is_label,
    "session_id": is_record_id,
}


def is_valid(payload, required, optional=()):
    """Tell whether a page said what it should, and nothing else.

    :param payload: what it said
    :param dict required: checks by key
    :param dict optional: checks by key
    """
    checks = dict(required, **dict(optional))
    if not isinstance(payload, dict):
        return False
    if not set(required) <= set(payload) <= set(checks):
        return False
    return all(checks[key](payload[key]) for key in payload)
