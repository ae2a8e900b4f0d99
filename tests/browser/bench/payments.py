# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Payments in a browser: from the click to the terminal, from its answer to the screen.

The shops that are compared run at once, and their customers pay in turn: whatever else
the machine has to do, it has to do for each of them.
"""

import contextlib
import dataclasses
import random
import statistics
import time
from pathlib import Path

from sessions import Sessions, running_chromium
from tills import CARD, TILLS

from caisse_ap_simulator import SimulatedTerminal
from shop import published, series
from shop.cache import cache
from shop.installation import ready
from shop.polling import wait_until
from shop.running import opened_shop, point_terminals

from . import bus, stages
from .clock import clock_offset

OURS, PUBLISHED = "this addon", "published"
# What a customer takes. A fixed time could be in step with a till that asks.
CUSTOMER_SECONDS = (1.5, 3.5)
DRAWS = 2000
# Between two customers.
BETWEEN_SECONDS = 1.0
# How the terminal ends: it hangs up after its answer, or waits for the till to.
ENDINGS = {"closed": "accept", "left open": "left_open"}
PUBLISHED_READY = "(window.posmodel?.pos_session ?? window.posmodel?.session)?.state"
# Notes when the cashier clicks, when the page is told (not when it asked), and when the
# screen says that it was paid. One clock for all: seconds since 1970, as the
# terminal's. Early versions of 14.0 say it in English.
WATCH = """(receipt) => {
    const seconds = (milliseconds) => (performance.timeOrigin + milliseconds) / 1000;
    const isPaid = () =>
        document.querySelector(receipt) ||
        [...document.querySelectorAll(".electronic_payment")].some((line) =>
            /Paiement réussi|Payment Successful/.test(line.textContent)
        );
    const note = (event) => (window.clickedAt = seconds(event.timeStamp));
    document.addEventListener("click", note, {capture: true, once: true});
    performance.clearResourceTimings();
    window.heardAt = undefined;
    const follower = window.posmodel?.caisseAp?.follower;
    if (follower && !Object.hasOwn(follower, "onNotification")) {
        const {onNotification} = follower;
        follower.onNotification = (message) => {
            window.heardAt ??= seconds(performance.now());
            return onNotification.call(follower, message);
        };
    }
    window.paidAt = new Promise((resolve) => {
        const observer = new MutationObserver(() => {
            if (isPaid()) {
                observer.disconnect();
                resolve(seconds(performance.now()));
            }
        });
        const all = {subtree: true, childList: true, characterData: true};
        observer.observe(document.body, all);
    });
}"""
# When the page asked the server to start the payment.
ASKED = """() => {
    const starts = performance.getEntriesByType("resource")
        .filter(({name}) => name.endsWith("fr_caisse_ap_ip_start"));
    return starts.length && (performance.timeOrigin + starts[0].startTime) / 1000;
}"""


@dataclasses.dataclass
class Side:
    """A shop that is compared, and its payments: (ending, click, answer, stages)."""

    name: str
    shop: object
    till: object
    terminal: SimulatedTerminal
    marks: stages.Marks
    payments: list = dataclasses.field(default_factory=list)
    bare_messages: list = dataclasses.field(default_factory=list)

    def milliseconds(self, what, ending=None):
        """Return those of click or answer, of all payments or of those that end so."""
        place = {"click": 1, "answer": 2}[what]
        return [
            1000 * payment[place]
            for payment in self.payments
            if ending in (None, payment[0])
        ]

    def pay(self, ending):
        """Have a customer pay, and note how long each half took."""
        self.terminal.scenario = ENDINGS[ending]
        self.terminal.delay = random.uniform(*CUSTOMER_SECONDS)
        self.marks.clear()
        times = pay(self.till, self.terminal)
        click = times["arrived"] - times["clicked"]
        answer = times["paid"] - times["answered"]
        self.payments.append((ending, click, answer, self.marks.read(times)))


def measured(options):
    """Yield (disk, sides) for each way in which PostgreSQL writes."""
    with sides(options) as (installation, compared):
        for disk in options.disks:
            with disk_of(installation, disk):
                for side in compared:
                    side.pay("closed")  # what only the first payment costs
                    side.payments.clear()
                for number in range(options.count):
                    ending = list(ENDINGS)[number % len(ENDINGS)]
                    for side in compared:
                        side.pay(ending)
                if options.stages and options.series in bus.SERIES:
                    compared[0].bare_messages = bus.milliseconds(compared[0].till)
            yield disk, compared


@contextlib.contextmanager
def sides(options):
    """Give the installation of ours, and a Side for each addon that is compared."""
    with contextlib.ExitStack() as stack:
        found = ready(series.named(options.series), options.odoo)
        installation = stack.enter_context(found)
        chromium = stack.enter_context(running_chromium())
        names = [OURS, PUBLISHED] if options.peer else [OURS]
        compared = [
            stack.enter_context(side(name, installation, chromium, options))
            for name in names
        ]
        yield installation, compared


@contextlib.contextmanager
def side(name, installation, chromium, options):
    if name == PUBLISHED:
        addons = Path(published.published_addons(options.series))
        installation = dataclasses.replace(
            installation, addons=addons, edition="_published"
        )
    with stages.marked(options.stages and name == OURS) as marks:
        environment = marks.environment(installation.environment["PYTHONPATH"])
        opened = opened_shop(installation, environment=environment)
        with opened as shop, SimulatedTerminal() as terminal:
            point_terminals(installation, shop.database, terminal.port)
            page = Sessions(shop, chromium, cache("bench")).new_page(shop.cashier)
            till = TILLS[options.series](page, shop, 1, {})
            till.ready = PUBLISHED_READY if name == PUBLISHED else till.ready
            yield Side(name, shop, till.open(), terminal, marks)


@contextlib.contextmanager
def disk_of(installation, disk):
    """Have PostgreSQL wait for the disk at each commit (on), or not (off)."""
    set_fsync(installation, f"SET fsync = {disk}")
    try:
        wait_until(lambda: installation.sql("postgres", "SHOW fsync") == [[disk]], 10)
        yield
    finally:
        set_fsync(installation, "RESET fsync")


def set_fsync(installation, words):
    for query in (f"ALTER SYSTEM {words}", "SELECT pg_reload_conf()"):
        installation.sql("postgres", query)


def pay(till, terminal):
    """Have a customer pay; return when what happened (dict), in seconds since 1970.

    It was clicked, asked, arrived, answered, heard (where it was pushed) and paid.
    """
    # A terminal that leaves the connection open is taken for half a second more: no
    # cashier is quicker, a program is.
    time.sleep(BETWEEN_SECONDS)
    till.sell("Café")
    if not till.sends_by_itself:
        till.choose(CARD)
    till.page.evaluate(WATCH, till.receipt_screen)
    till.send() if not till.sends_by_itself else till.choose(CARD)
    paid = till.evaluate("window.paidAt")
    offset = clock_offset(till)
    asked, clicked = till.evaluate(ASKED), till.evaluate("window.clickedAt")
    heard = till.evaluate("window.heardAt")
    till.sees_sold()
    till.next_order()
    request = terminal.requests[-1]
    heard = {"heard": heard - offset} if heard else {}
    return {
        **heard,
        "clicked": clicked - offset,
        "asked": asked - offset,
        "arrived": request.arrived_at,
        "answered": request.answered - time.monotonic() + time.time(),
        "paid": paid - offset,
    }


def median(values):
    return statistics.median(values)


def interval(above, below):
    """Return between which values the ratio of two medians lies, nine times of ten.

    Found by drawing from what was measured again and again (bootstrap).
    """
    ratios = sorted(
        median(random.choices(above, k=len(above)))
        / median(random.choices(below, k=len(below)))
        for _draw in range(DRAWS)
    )
    return ratios[DRAWS // 20], ratios[-DRAWS // 20]


def percentile_95(values):
    """Return the value that 95 of 100 do not exceed."""
    return sorted(values)[-(-len(values) * 95 // 100) - 1]
