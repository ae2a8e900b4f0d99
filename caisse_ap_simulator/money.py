# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Amounts as people write them, and the integers the protocol carries. Pure."""

from decimal import Decimal, InvalidOperation
from typing import NamedTuple


class Currency(NamedTuple):
    code: str
    numeric: str
    decimals: int


# ISO 4217; the franc Pacifique has no decimals (protocol.md 5.12).
CURRENCIES = {
    currency.code: currency
    for currency in (
        Currency("EUR", "978", 2),
        Currency("XPF", "953", 0),
        Currency("CHF", "756", 2),
        Currency("GBP", "826", 2),
        Currency("USD", "840", 2),
    )
}
BY_NUMERIC = {currency.numeric: currency for currency in CURRENCIES.values()}


def parse_amount(text, currency):
    """Return the smallest units (int) of an amount typed by a person ("12,50").

    `currency` is a Currency. Raise ValueError for what is not an amount above zero,
    or has more decimals than the currency.
    """
    try:
        units = Decimal(text.strip().replace(",", ".")).scaleb(currency.decimals)
    except InvalidOperation:
        units = Decimal(0)
    if not units.is_finite() or units <= 0 or units != int(units):
        raise ValueError(f"{text!r} is not an amount in {currency.code}")
    return int(units)


def format_amount(amount_cents, numeric, lang="en"):
    """Write smallest units (int) of the currency `numeric` ("978") for a reader."""
    currency = BY_NUMERIC.get(numeric, Currency(numeric or "?", numeric, 2))
    amount = Decimal(amount_cents).scaleb(-currency.decimals)
    number = f"{amount:.{currency.decimals}f}"
    if lang == "fr":
        return number.replace(".", ",") + "\N{NO-BREAK SPACE}" + currency.code
    return f"{number} {currency.code}"
