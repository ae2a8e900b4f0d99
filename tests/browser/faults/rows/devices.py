# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One approval, one sale: two devices, and payments that Odoo alone has."""

from expectations import (
    ASKED_PAID,
    ORPHAN,
    REFUSED,
    RETURNED,
    SOLD,
    USED,
    Expectation,
)
from fault_injections import devices
from row import DEVICES, OURS, Row

HALF = Expectation("sold", 245, 245, ("approved",))
HALF_USED = Expectation("free", 245, 245, ("approved",))
# Named when the session closes: Odoo has what no terminal took, or the other way round.
BOOKED_TWICE = Expectation("sold", 490, 980, ("approved",), attention=True)
BY_HAND = Expectation("sold", 0, 490, (), requests=0, attention=True)
WITHOUT_PAYMENT = Expectation("sold", 490, 0, ("approved",), attention=True)
CHANGED = Expectation("sold", 490, 390, ("approved",), attention=True)


def row(name, inject, expected, quick=False):
    return Row(name, DEVICES, inject, expected, (OURS,), quick)


ROWS = (
    # The page of the sale is gone, and comes back.
    row("sold again, page back", devices.sold_again, USED, quick=True),
    row("page back before validation", devices.back_before_validation, USED),
    row("two colleagues at once", devices.two_colleagues, SOLD),
    row("first page offline", devices.offline_meanwhile, USED),
    row("first page offline, old news first", devices.old_news_first, USED),
    row("given back, page back", devices.given_back, RETURNED),
    row("sold, saved late", devices.saved_late, BOOKED_TWICE),
    row("part used elsewhere", devices.part_used, HALF_USED),
    # What is offered, and to whom.
    row("offered to an empty order", devices.empty_order, ORPHAN),
    row("part of an open sale", devices.paid_in_part, HALF),
    row("refused elsewhere", devices.refused, REFUSED),
    row("unknown elsewhere", devices.unknown, ASKED_PAID),
    row("unknown, page gone", devices.unknown_and_gone, ORPHAN),
    # Odoo's payments against the terminal's.
    row("cash booked as card", devices.typed_by_hand, BY_HAND),
    row("amount changed later", devices.changed_amount, CHANGED),
    row("card booked as cash", devices.changed_method, WITHOUT_PAYMENT),
)
