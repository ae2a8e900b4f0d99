# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One sale on one page: something breaks before, while and after the card pays."""

from expectations import (
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
)
from fault_injections import calls, database, page, server, staff, terminal
from fault_injections.course import plays, sale, waits
from row import (
    AFTER,
    ANSWER,
    BEFORE,
    DELETE,
    DIRECT,
    FAKETIME,
    FORCE_DONE,
    OURS,
    POSTGRES,
    SENT,
    SHOWING,
    STORING,
    WAITING,
    WORKERS,
    Row,
)

from caisse_ap_simulator import scenarios


def answers(table, expected, **others):
    """Return a row for each scenario of the simulated terminal in a table."""
    return tuple(
        Row(scenario.en, ANSWER, plays(name), others.get(name, expected))
        for name, scenario in table.items()
    )


TERMINAL = (
    *answers(scenarios.ACCEPTED, SOLD, partial=PARTLY, late_accept=ASKED_PAID),
    *answers(scenarios.REFUSALS, REFUSED),
    *answers(scenarios.QUIRKS, SOLD),
    *answers(scenarios.UNREADABLE, ASKED_PAID, too_much=ASKED_TOO_MUCH),
    *answers(scenarios.LOST, ASKED_UNPAID),
)

ROWS = TERMINAL + (
    # The terminal cannot be reached.
    Row("terminal off", BEFORE, terminal.off, NOT_SENT, quick=True),
    Row(
        "no way to the terminal", BEFORE, terminal.at("224.0.0.1"), NOT_SENT, (DIRECT,)
    ),
    Row(
        "name of no machine",
        BEFORE,
        terminal.at("terminal.invalid"),
        NOT_SENT,
        (DIRECT,),
    ),
    Row(
        "terminal takes no connection",
        BEFORE,
        terminal.connect_hangs,
        NOT_SENT,
        (DIRECT,),
    ),
    # Page and network, before the terminal is asked.
    Row("two clicks", BEFORE, page.two_clicks, SOLD, quick=True),
    Row("start: request cut", BEFORE, page.cut("request", "start"), SOLD, (OURS,)),
    Row(
        "start: answer cut",
        SENT,
        page.cut("answer", "start"),
        SOLD,
        (OURS,),
        quick=True,
    ),
    Row("start: a proxy's JSON", SENT, page.answered_by_proxy("start"), SOLD, (OURS,)),
    Row("start: answer cut 3 times", SENT, page.start_cut_again(3), SOLD, (OURS,)),
    Row("offline for 3 s when sent", BEFORE, page.offline_sent(3), SOLD, quick=True),
    Row("offline for 30 s when sent", BEFORE, page.offline_sent(30), NOT_SENT),
    Row("cancelled while offline", BEFORE, page.cancel_offline, NOT_SENT, (OURS,)),
    Row("server stopped and started", BEFORE, server.away, SOLD),
    # The database, before the terminal is asked.
    Row(
        "disk full: no row",
        BEFORE,
        database.no_row("53100"),
        NOT_RECORDED,
        (OURS,),
        quick=True,
    ),
    Row(
        "disk full: not marked sent",
        BEFORE,
        database.not_marked("53100"),
        # It is marked in the database transaction that writes the row, or in the next.
        NOT_RECORDED,
        (OURS,),
        or_expected=NOT_SENT,
        # It asks again half a second later.
        with_agent=SOLD,
    ),
    Row(
        "call replayed by Odoo",
        BEFORE,
        database.replayed_by_odoo,
        SOLD,
        (OURS,),
        quick=True,
    ),
    Row("database connections cut", BEFORE, database.connections_cut, SOLD),
    Row(
        "database away",
        BEFORE,
        database.away,
        NOT_SENT,
        or_expected=NOT_RECORDED,
    ),
    # The page, while the customer types.
    Row("page reloaded", WAITING, waits(page.reload), SOLD, quick=True),
    Row("page reloaded 3 times", WAITING, waits(*[page.reload] * 3), SOLD),
    Row("page reloaded, refused", WAITING, waits(page.reload, then="refuse"), REFUSED),
    Row("page closed", WAITING, page.closed, SOLD, quick=True),
    Row("page crashed", WAITING, page.crashed, SOLD),
    Row("browser wiped", WAITING, page.wiped, ORPHAN, quick=True),
    Row("wiped, sold again in cash", WAITING, page.wiped_and_cash, ORPHAN),
    Row("offline for 3 s", WAITING, page.offline_waiting(3), SOLD, quick=True),
    Row("offline for 2 min", WAITING, page.offline_waiting(120), SOLD),
    Row("second window of the till", WAITING, waits(page.second_window), SOLD),
    Row("second till, same terminal", WAITING, waits(page.second_till), SOLD),
    Row("page's clock set back", WAITING, waits(page.clock_back), SOLD),
    # The server, while the customer types.
    # Nothing of a payment waits in the server where an agent reaches the terminal.
    Row(
        "server killed",
        WAITING,
        server.killed,
        ASKED_PAID,
        quick=True,
        with_agent=SOLD,
    ),
    Row(
        "workers killed",
        WAITING,
        server.workers_killed,
        ASKED_PAID,
        (WORKERS,),
        with_agent=SOLD,
    ),
    Row("worker recycled by Odoo", WAITING, server.worker_recycled, SOLD),
    Row("server stopped, paid in time", WAITING, server.stopped_in_time, SOLD),
    Row(
        "server stopped, paid later",
        WAITING,
        server.stopped_too_soon,
        ASKED_PAID,
        with_agent=SOLD,
    ),
    Row("second server on the database", WAITING, server.other_server, SOLD),
    Row("server's clock set back", WAITING, server.clock_back, SOLD, (FAKETIME,)),
    # Sessions, while the customer types.
    Row("cancelled, paid", WAITING, waits(staff.cancel), SOLD, quick=True),
    Row("cancelled, red key", WAITING, waits(staff.cancel, then="red_key"), REFUSED),
    Row("line deleted", WAITING, staff.delete_line, REST_SOLD, quick=True),
    Row("order deleted", WAITING, waits(staff.delete_order), SOLD, (DELETE,)),
    Row(
        "order validated in cash",
        WAITING,
        staff.validate_in_cash,
        REST_SOLD,
        quick=True,
    ),
    Row("session closed", WAITING, waits(staff.close_session), SOLD),
    Row("address changed", WAITING, waits(staff.change_address), SOLD),
    Row("method archived", WAITING, waits(staff.archive), SOLD),
    Row("terminal freed by a manager", WAITING, staff.freed, SOLD, (OURS,)),
    Row("Force done, accepted", WAITING, staff.forced("accept"), SOLD, (FORCE_DONE,)),
    Row(
        "Force done, refused",
        WAITING,
        staff.forced("refuse"),
        SAID_PAID,
        (FORCE_DONE,),
    ),
    Row("“not paid”, then accepted", WAITING, staff.denied, ORPHAN, (OURS,)),
    # The database, when the answer is there.
    Row("connections cut", STORING, waits(database.cut_connections), SOLD),
    Row("database restarted", STORING, database.restarted, SOLD, (POSTGRES,)),
    Row(
        "database away for 30 s",
        STORING,
        database.away_at_the_answer(30),
        SOLD,
        or_expected=ASKED_PAID,
    ),
    Row(
        "disk full for a while",
        STORING,
        database.no_result("53100"),
        SOLD,
        (OURS,),
        quick=True,
    ),
    Row("writers meet", STORING, database.no_result("40001"), SOLD, (OURS,)),
    # What the page learns.
    Row("server killed, result written", SHOWING, server.killed_when_written, SOLD),
    Row("page reloaded at that moment", SHOWING, page.at_once(page.reload), SOLD),
    Row("page closed at that moment", SHOWING, page.at_once(page.reopen), SOLD),
    Row("order: request cut", SHOWING, page.order_cut("request"), SOLD),
    Row("order: answer cut", SHOWING, page.order_cut("answer"), SOLD, quick=True),
    Row("“paid”: answer cut", SHOWING, page.word_cut, SOLD, (OURS,)),
    # Afterwards.
    Row("receipt reloaded", AFTER, sale(page.reload), SOLD),
    Row("start called again", AFTER, calls.replayed(), SOLD, (OURS,)),
    Row(
        "start with a new reference",
        AFTER,
        calls.replayed("new"),
        SOLD,
        (OURS,),
    ),
)
