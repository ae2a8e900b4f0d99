# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Many payments in a row through one server, each hundredth of them with each fault.

Prints what the server holds on the way: threads, open files and sockets, memory, rows
that hold a terminal. Ends with 1 when something is left behind, or when transactions
and the terminal's ledger disagree about the money.
"""

import argparse
import contextlib
import os
import sys
import time

from connection import METHOD, Connection, open_session, payload
from tills import CARD

from shop import series
from shop.running import running_shop

QUARTERS = 4
# What Odoo itself warms up: its caches, its pool of connections.
WARM_UP = 100
# Seconds until the server gives a silent terminal up.
TIMEOUT = 1
POLL_SECONDS = 0.01
PATIENCE_SECONDS = 30
# Every hundredth payment meets each of these; the others are accepted.
SCENARIOS = (
    "refuse",
    "red_key",
    "busy",
    "byte_by_byte",
    "split",
    "ae11_then_10",
    "left_open",
    "partial",
    "receipt_full_pan",
    "accept_then_silence",
    "close_after_accept",
    "reset_after_accept",
    "truncated_after_accept",
    "wrong_amount",
    "too_much",
    "conflicting",
    "huge",
    "silence",
    "close_before",
    "reset_before",
    "garbage",
    "serial",
)
# How far what is held may move: connections to the database come and go.
SLACK = {"threads": 2, "files": 6, "sockets": 6, "memory MB": 25, "held terminals": 0}


def main():
    options = parse()
    with running_shop(options.series, odoo=options.odoo, delay=0) as shop:
        shop.sql(
            "UPDATE pos_payment_method SET fr_caisse_ap_ip_timeout = %s", [TIMEOUT]
        )
        till = Till(shop)
        for number in range(WARM_UP):
            till.pay(number)
        held = [report(shop, WARM_UP)]
        for quarter in range(QUARTERS):
            for number in range(options.payments // QUARTERS):
                till.pay(number)
            done = WARM_UP + (quarter + 1) * (options.payments // QUARTERS)
            held.append(report(shop, done))
        faults = [*left_behind(held), *disagreements(shop, till)]
    print("\n".join(faults) or "nothing is left behind, and the money agrees")
    return int(bool(faults))


def parse():
    parser = argparse.ArgumentParser(
        prog="script/long-life",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--series", default="19.0", choices=series.ALL)
    parser.add_argument(
        "--payments", type=int, default=2000, help="in a row (default: 2000)"
    )
    parser.add_argument("--odoo", metavar="PATH", help="an Odoo of this series")
    return parser.parse_args()


class Till:
    """A page that pays, as the server hears it, and the person before it."""

    def __init__(self, shop):
        self.shop = shop
        self.terminal = shop.terminal
        self.connection = Connection(shop)
        self.session = open_session(shop)
        [self.method] = shop.rpc(METHOD, "search", [["name", "=", CARD]])

    def pay(self, number):
        """Make a payment and stay until it has ended."""
        fault = number % 100
        if fault < len(SCENARIOS):
            self.terminal.play(SCENARIOS[fault])
        asked = payload(self.session)
        start = {
            len(SCENARIOS): self.start_thrice,
            len(SCENARIOS) + 1: self.start_unheard,
            len(SCENARIOS) + 2: self.start_and_cancel,
        }.get(fault, self.start)
        start(asked)
        if self.outcome(asked) == "unknown":
            self.resolve(asked)

    def start(self, asked):
        self.connection.call(METHOD, "fr_caisse_ap_ip_start", self.method, asked)

    def start_thrice(self, asked):
        for _call in range(3):
            self.start(asked)

    def start_and_cancel(self, asked):
        self.start(asked)
        self.connection.call(METHOD, "fr_caisse_ap_ip_cancel", self.method, asked)

    def start_unheard(self, asked):
        """Send the call and hang up before the answer; then do it again."""
        start = "fr_caisse_ap_ip_start"
        self.connection.call_unheard(METHOD, start, self.method, asked)
        self.start(asked)

    def outcome(self, asked):
        deadline = time.monotonic() + PATIENCE_SECONDS
        reference = asked["reference"]
        while time.monotonic() < deadline:
            states = self.connection.call(METHOD, "fr_caisse_ap_ip_status", [reference])
            if states[reference]["state"] not in ("pending", "sent"):
                return states[reference]["state"]
            time.sleep(POLL_SECONDS)
        raise TimeoutError(f"not ended: {states}")

    def resolve(self, asked):
        """Say what the terminal's receipt says."""
        self.terminal.wait_for(lambda terminal: not terminal.current)
        paid = bool(self.terminal.ledger.last.moved_cents)
        answer = [asked["reference"], "approved" if paid else "refused", ""]
        self.connection.call(METHOD, "fr_caisse_ap_ip_resolve", *answer)


def report(shop, payments):
    """Print and return what the server holds now."""
    process = f"/proc/{shop.odoo.pid}"
    files = [link(f"{process}/fd/{name}") for name in os.listdir(f"{process}/fd")]
    query = """
        SELECT count(*) FROM fr_caisse_ap_ip_transaction WHERE lease_until IS NOT NULL
    """
    held = {
        "threads": len(os.listdir(f"{process}/task")),
        "files": len(files),
        "sockets": sum(file.startswith("socket") for file in files),
        "memory MB": resident(process) // 1024,
        "held terminals": shop.sql(query)[0][0],
    }
    text = ", ".join(f"{number} {name}" for name, number in held.items())
    print(f"after {payments:5} payments: {text}", flush=True)
    return held


def link(path):
    with contextlib.suppress(OSError):
        return os.readlink(path)
    return ""


def resident(process):
    """Return the memory (kB) that a process really uses."""
    with open(f"{process}/status") as status:
        [line] = [line for line in status if line.startswith("VmRSS")]
    return int(line.split()[1])


def left_behind(held):
    """Return a line for what grew between the first report and the last."""
    first, last = held[0], held[-1]
    for name, slack in SLACK.items():
        if last[name] - first[name] > slack:
            yield f"{name}: {first[name]} at first, {last[name]} in the end"


def disagreements(shop, till):
    """Return a line for what transactions and terminal say otherwise of the money.

    An acceptance for more than asked is confirmed by a person for what was asked.
    """
    entries = [entry for entry in till.terminal.ledger.entries if entry.moved_cents]
    moved = sum(min(entry.moved_cents, entry.request.asked_cents) for entry in entries)
    query = """
        SELECT coalesce(sum(approved_cents), 0), count(*)
        FROM fr_caisse_ap_ip_transaction WHERE state = 'approved'
    """
    [[approved, count]] = shop.sql(query)
    print(
        f"{len(entries)} payments moved {moved} cents; Odoo: {count}, {approved} cents"
    )
    if [approved, count] != [moved, len(entries)]:
        yield "the transactions and the terminal disagree"


if __name__ == "__main__":
    sys.exit(main())
