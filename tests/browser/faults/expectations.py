# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How a row of the matrix may end, and whether money and Odoo agree then."""

from dataclasses import dataclass
from typing import Tuple

PRICE = 490  # one Camembert, in cents


@dataclass(frozen=True)
class Expectation:
    """What must be seen once nothing moves any more.

    ``screen``: sold, free (the line may be sent again), asked (a person is asked what
    the terminal shows), orphan (a person is asked about money without a sale).
    ``moved``: cents at the terminal. ``paid``: cents of terminal payments of orders
    that live in Odoo. ``states``: of the transactions. ``requests``: what reached the
    terminal. ``returned``: cents that a person gave back. ``attention``: whether the
    closing of the session asks for a person.
    """

    screen: str
    moved: int = 0
    paid: int = 0
    states: Tuple[str, ...] = ()
    requests: int = 1
    returned: int = 0
    attention: bool = False


@dataclass(frozen=True)
class Observation(Expectation):
    """What was seen in the end; ``told`` are the dialogs that the cashier read."""

    told: Tuple[str, ...] = ()

    @property
    def agreement(self):
        """Return whether money and Odoo agree, as the table says it."""
        if self.screen in ("asked", "orphan"):
            return "asked"
        known = self.paid + self.returned
        if self.screen == "free" and self.moved > known:
            return "charged again"
        if self.moved == known:
            return "agree" if self.screen in ("sold", "free") else "stuck"
        if self.attention:
            return "named"
        return "money lost" if self.moved > known else "never paid"

    @property
    def is_safe(self):
        return self.agreement in ("agree", "asked", "named")


SOLD = Expectation("sold", PRICE, PRICE, ("approved",))
REST_SOLD = Expectation("sold", PRICE - 200, PRICE - 200, ("approved",))
PARTLY = Expectation("sold", 372, 372, ("approved",))
REFUSED = Expectation("free", 0, 0, ("refused",))
NOT_SENT = Expectation("free", 0, 0, ("not_sent",), requests=0)
NOT_RECORDED = Expectation("free", 0, 0, (), requests=0)
ASKED_PAID = Expectation("asked", PRICE, 0, ("unknown",), attention=True)
ASKED_UNPAID = Expectation("asked", 0, 0, ("unknown",), attention=True)
ASKED_TOO_MUCH = Expectation("asked", PRICE + 100, 0, ("unknown",), attention=True)
ORPHAN = Expectation("orphan", PRICE, 0, ("approved",), attention=True)
# The cashier said "paid" before the terminal refused: a manager is to look at it.
SAID_PAID = Expectation("sold", 0, PRICE, ("approved",), attention=True)
# Another sale has the money: this page's line may be sent again.
USED = Expectation("free", PRICE, PRICE, ("approved",))
RETURNED = Expectation("free", PRICE, 0, ("approved",), returned=PRICE)
