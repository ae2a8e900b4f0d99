# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Accepted or moving money on an order that goes away or changes."""

from expectations import SOLD, Expectation
from fault_injections import orders
from row import CLOSING, ORDERS, OURS, Row

TWO_SOLD = Expectation("sold", 690, 690, ("approved",))


def row(name, inject, expected, *needs, quick=False):
    return Row(name, ORDERS, inject, expected, (OURS, *needs), quick)


ROWS = (
    row("product taken off", orders.product_removed, TWO_SOLD),
    row(
        "session closed on another device",
        orders.session_closed_at_the_till,
        SOLD,
        CLOSING,
        quick=True,
    ),
    row("session closed by its calls", orders.session_closed_by_calls, SOLD, CLOSING),
)
