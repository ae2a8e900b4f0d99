# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The fault matrix: what happens to a sale of one Camembert, and how it must end.

Each row is played in a real browser against a real Odoo server, a real PostgreSQL and
a terminal on a real socket (script/faults). ``ends.py`` explains how it may end, and
``strikes.py`` what happens.
"""

from dataclasses import dataclass
from typing import Callable, Optional, Tuple

import strikes as strike
from ends import (
    ASKED_PAID,
    ASKED_TOO_MUCH,
    ASKED_UNPAID,
    NOT_RECORDED,
    NOT_SENT,
    ORPHAN,
    PARTLY,
    REFUSED,
    REST_SOLD,
    SAID_PAID,
    SOLD,
    End,
)
from strikes import plays, sale, waits
from tills import TILLS

from caisse_ap.simulator import scenarios

# When a fault strikes.
BEFORE = "before the request"
SENT = "after the request"
WAITING = "while the customer types"
ANSWER = "in the answer"
STORING = "between answer and database"
SHOWING = "between database and page"
AFTER = "after the sale"

# Where a row can be played, and why not elsewhere.
EVERYWHERE = ("", lambda shop: True)
OURS = ("the published addon has nothing of the kind", lambda shop: shop.is_ours)
WORKERS = ("a server without workers has none to lose", lambda shop: shop.workers)
FORCE_DONE = ("no such button there", lambda shop: TILLS[shop.series].force_done_button)
DELETE = (
    "a French till deletes no order there",
    lambda shop: TILLS[shop.series].delete_order_button,
)
POSTGRES = ("not our PostgreSQL", lambda shop: shop.owns_postgres)
# Under it the server of 19.0 answers and never opens a connection to a terminal.
FAKETIME = (
    "libfaketime is not installed, or holds this series up",
    lambda shop: shop.faketime and shop.series == "14.0",
)


@dataclass(frozen=True)
class Row:
    """One fault. ``needs``: where it can be played. ``quick``: in script/test too.

    ``or_end``: how it may end as well, where Odoo itself gives up without a database:
    14.0 logs the cashier out, and a server with workers may stop.
    """

    name: str
    when: str
    act: Callable
    end: End
    needs: Tuple = EVERYWHERE
    quick: bool = False
    or_end: Optional[End] = None


def answers(table, end, **others):
    """Return a row for each scenario of the simulated terminal in a table."""
    return tuple(
        Row(scenario.en, ANSWER, plays(name), others.get(name, end))
        for name, scenario in table.items()
    )


TERMINAL = (
    *answers(scenarios.ACCEPTED, SOLD, partial=PARTLY, late_accept=ASKED_PAID),
    *answers(scenarios.REFUSALS, REFUSED),
    *answers(scenarios.QUIRKS, SOLD),
    *answers(scenarios.UNREADABLE, ASKED_PAID, too_much=ASKED_TOO_MUCH),
    *answers(scenarios.LOST, ASKED_UNPAID),
)

FAULTS = (
    # The terminal cannot be reached.
    Row("terminal off", BEFORE, strike.terminal_off, NOT_SENT, quick=True),
    Row("no way to the terminal", BEFORE, strike.at("224.0.0.1"), NOT_SENT),
    Row("name of no machine", BEFORE, strike.at("terminal.invalid"), NOT_SENT),
    Row("terminal takes no connection", BEFORE, strike.connect_hangs, NOT_SENT),
    # Page and network, before the terminal is asked.
    Row("two clicks", BEFORE, strike.two_clicks, SOLD, quick=True),
    Row("start: request cut", BEFORE, strike.cut("request", "start"), SOLD, OURS),
    Row(
        "start: answer cut", SENT, strike.cut("answer", "start"), SOLD, OURS, quick=True
    ),
    Row(
        "start: answer cut 3 times", SENT, strike.cut("answer", "start", 3), SOLD, OURS
    ),
    Row("offline for 3 s when sent", BEFORE, strike.offline_sent(3), SOLD, quick=True),
    Row("offline for 30 s when sent", BEFORE, strike.offline_sent(30), NOT_SENT),
    Row("cancelled while offline", BEFORE, strike.cancel_offline, NOT_SENT, OURS),
    Row("server stopped and started", BEFORE, strike.server_away, SOLD),
    # The database, before the terminal is asked.
    Row(
        "disk full: no row",
        BEFORE,
        strike.no_row("53100"),
        NOT_RECORDED,
        OURS,
        quick=True,
    ),
    Row(
        "disk full: not marked sent", BEFORE, strike.not_marked("53100"), NOT_SENT, OURS
    ),
    Row(
        "call replayed by Odoo", BEFORE, strike.replayed_by_odoo, SOLD, OURS, quick=True
    ),
    Row("database connections cut", BEFORE, strike.connections_cut, SOLD),
    Row(
        "database away",
        BEFORE,
        strike.database_away,
        NOT_SENT,
        or_end=NOT_RECORDED,
    ),
    # The page, while the customer types.
    Row("page reloaded", WAITING, waits(strike.reload), SOLD, quick=True),
    Row("page reloaded 3 times", WAITING, waits(*[strike.reload] * 3), SOLD),
    Row(
        "page reloaded, refused", WAITING, waits(strike.reload, then="refuse"), REFUSED
    ),
    Row("page closed", WAITING, strike.closed, SOLD, quick=True),
    Row("page crashed", WAITING, strike.crashed, SOLD),
    Row("browser wiped", WAITING, strike.wiped, ORPHAN, quick=True),
    Row("wiped, sold again in cash", WAITING, strike.wiped_and_cash, ORPHAN),
    Row("offline for 3 s", WAITING, strike.offline_waiting(3), SOLD, quick=True),
    Row("offline for 2 min", WAITING, strike.offline_waiting(120), SOLD),
    Row("second window of the till", WAITING, waits(strike.second_window), SOLD),
    Row("second till, same terminal", WAITING, waits(strike.second_till), SOLD),
    Row("page's clock set back", WAITING, waits(strike.page_clock_back), SOLD),
    # The server, while the customer types.
    Row("server killed", WAITING, strike.killed, ASKED_PAID, quick=True),
    Row("workers killed", WAITING, strike.workers_killed, ASKED_PAID, WORKERS),
    Row("worker recycled by Odoo", WAITING, strike.worker_recycled, SOLD),
    Row("server stopped, paid in time", WAITING, strike.stopped_in_time, SOLD),
    Row("server stopped, paid later", WAITING, strike.stopped_too_soon, ASKED_PAID),
    Row("second server on the database", WAITING, strike.other_server, SOLD),
    Row("server's clock set back", WAITING, strike.server_clock_back, SOLD, FAKETIME),
    # People, while the customer types.
    Row("cancelled, paid", WAITING, waits(strike.cancel), SOLD, quick=True),
    Row("cancelled, red key", WAITING, waits(strike.cancel, then="red_key"), REFUSED),
    Row("line deleted", WAITING, strike.delete_line, REST_SOLD, quick=True),
    Row("order deleted", WAITING, waits(strike.delete_order), SOLD, DELETE),
    Row(
        "order validated in cash",
        WAITING,
        strike.validate_in_cash,
        REST_SOLD,
        quick=True,
    ),
    Row("session closed", WAITING, waits(strike.close_session), SOLD),
    Row("address changed", WAITING, waits(strike.change_address), SOLD),
    Row("method archived", WAITING, waits(strike.archive), SOLD),
    Row("terminal freed by a manager", WAITING, strike.freed, SOLD, OURS),
    Row("Force done, accepted", WAITING, strike.forced("accept"), SOLD, FORCE_DONE),
    Row(
        "Force done, refused",
        WAITING,
        strike.forced("refuse"),
        SAID_PAID,
        FORCE_DONE,
    ),
    Row("“not paid”, then accepted", WAITING, strike.denied, ORPHAN, OURS),
    # The database, when the answer is there.
    Row("connections cut", STORING, waits(strike.cut_connections), SOLD),
    Row("database restarted", STORING, waits(strike.crash_database), SOLD, POSTGRES),
    Row(
        "database away for 30 s",
        STORING,
        strike.away_when_answered(30),
        SOLD,
        or_end=ASKED_PAID,
    ),
    Row(
        "disk full for a while",
        STORING,
        strike.no_result("53100"),
        SOLD,
        OURS,
        quick=True,
    ),
    Row("writers meet", STORING, strike.no_result("40001"), SOLD, OURS),
    # What the page learns.
    Row("news cut", SHOWING, strike.news_cut, SOLD, OURS),
    Row("server killed, result written", SHOWING, strike.killed_when_written, SOLD),
    Row("page reloaded at that moment", SHOWING, strike.at_once(strike.reload), SOLD),
    Row("page closed at that moment", SHOWING, strike.at_once(strike.reopen), SOLD),
    Row("order: request cut", SHOWING, strike.order_cut("request"), SOLD),
    Row("order: answer cut", SHOWING, strike.order_cut("answer"), SOLD, quick=True),
    Row("“paid”: answer cut", SHOWING, strike.word_cut, SOLD, OURS),
    # Afterwards.
    Row("receipt reloaded", AFTER, sale(strike.reload), SOLD),
    Row("start called again", AFTER, strike.replayed(), SOLD, OURS),
    Row(
        "start with a new reference",
        AFTER,
        strike.replayed("new"),
        SOLD,
        OURS,
    ),
)

ROWS = TERMINAL + FAULTS
