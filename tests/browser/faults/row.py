# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a row of the fault matrix is: when a fault comes, where it can be played."""

from dataclasses import dataclass
from typing import Callable, Optional, Tuple

from expectations import Expectation
from tills import TILLS

# When a fault comes.
BEFORE = "before the request"
SENT = "after the request"
WAITING = "while the customer types"
ANSWER = "in the answer"
STORING = "between answer and database"
SHOWING = "between database and page"
AFTER = "after the sale"
# Where more than one page or order takes part.
DEVICES = "two devices"
ORDERS = "the order goes away"
PEOPLE = "person against terminal"
TABLES = "tables"
COPIES = "copies"

# Where a row can be played, and why not elsewhere.
OURS = ("the published addon has nothing of the kind", lambda shop: shop.is_ours)
WORKERS = ("a server without workers has none to lose", lambda shop: shop.workers)
FORCE_DONE = ("no such button there", lambda shop: TILLS[shop.series].force_done_button)
DELETE = (
    "a French till deletes no order there",
    lambda shop: TILLS[shop.series].delete_order_button,
)
CLOSING = (
    "sessions are closed in the back office only there",
    lambda shop: TILLS[shop.series].close_session_button,
)
CANCELS_ORDERS = (
    "the popup that closes a session speaks otherwise there",
    lambda shop: TILLS[shop.series].cancel_orders_button,
)
DIRECT = ("the agent has a list of terminals", lambda shop: not shop.has_agent)
POSTGRES = ("not our PostgreSQL", lambda shop: shop.owns_postgres)
CLOSES_DIALOGS = (
    "Odoo closes no dialog by itself there",
    lambda shop: TILLS[shop.series].close_all,
)
SAVES_ASIDE = (
    "the room is shown when the table is saved",
    lambda shop: shop.series in ("14.0", "18.0", "19.0"),
)
MERGES = (
    "tables are not merged there",
    lambda shop: shop.series in ("18.0", "19.0"),
)
FLOOR = ("a shop without tables", lambda shop: shop.has_tables)
# Under it the server of 19.0 answers and never opens a connection to a terminal.
FAKETIME = (
    "libfaketime is not installed, or holds this series up",
    lambda shop: shop.faketime and shop.series == "14.0",
)


@dataclass(frozen=True)
class Row:
    """One fault. ``needs``: where it can be played. ``quick``: in script/test too.

    ``or_expected``: how it may end as well, where Odoo itself gives up without a
    database: 14.0 logs the cashier out, and a server with workers may stop; or where
    18.0 of 2024 takes the line away, when it reads an order that others changed.
    ``with_agent``: how it ends where an agent reaches the terminal, if otherwise.
    """

    name: str
    when: str
    inject: Callable
    expected: Expectation
    needs: Tuple = ()
    quick: bool = False
    or_expected: Optional[Expectation] = None
    with_agent: Optional[Expectation] = None

    def endings(self, shop):
        """Return how the row may end in a shop, the usual way first (tuple)."""
        usual = shop.has_agent and self.with_agent or self.expected
        return usual, self.or_expected

    def why_not(self, shop):
        """Return why the row cannot be played in a shop, or nothing."""
        reasons = [reason for reason, is_there in self.needs if not is_there(shop)]
        return "".join(reasons[:1])
