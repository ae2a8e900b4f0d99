# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Many payments in a row through one server, each hundredth of them with each fault.

Two devices share the till: they sell, and now and then mean the same table or the same
money.

Prints what the server holds on the way: threads, open files and sockets, memory, rows
that hold a terminal. Ends with 1 when something is left behind, or when transactions
and the terminal's ledger disagree about the money.
"""

import argparse
import contextlib
import os
import sys
import uuid

from connection import METHOD, Connection, open_session, payload
from tills import CARD

from shop import series
from shop.polling import wait_until
from shop.running import running_shop

QUARTERS = 4
# What Odoo itself warms up: its caches, its pool of connections.
WARM_UP = 100
# Seconds until the server gives a silent terminal up.
TIMEOUT = 1
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
START = "fr_caisse_ap_ip_start"
# What a line says of its sale when it wants money that is there.
SALE = ("line_uuid", "order_uuid", "order_name", "session_id")
UNSEEN = """
    UPDATE fr_caisse_ap_ip_transaction SET seen_at = seen_at - interval '10 minutes'
    WHERE reference = %s
"""
HELD = """
    SELECT count(*) FROM fr_caisse_ap_ip_transaction WHERE lease_until IS NOT NULL
"""
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
        others = (
            self.start_thrice,
            self.start_unheard,
            self.start_and_cancel,
            self.start_from_two_devices,
            self.attach_on_another_device,
            self.pay_for_two_guests,
            self.merge_on_another_device,
        )
        start = dict(enumerate(others, len(SCENARIOS))).get(fault, self.start)
        start(asked)
        if self.outcome(asked) == "unknown":
            self.resolve(asked)

    def start(self, asked):
        self.connection.call(METHOD, START, self.method, asked)

    def start_thrice(self, asked):
        for _call in range(3):
            self.start(asked)

    def start_and_cancel(self, asked):
        self.start(asked)
        self.connection.call(METHOD, "fr_caisse_ap_ip_cancel", self.method, asked)

    def start_unheard(self, asked):
        """Send the call and hang up before the answer; then do it again."""
        self.connection.call_unheard(METHOD, START, self.method, asked)
        self.start(asked)

    def start_from_two_devices(self, asked):
        """Another device sends for the same table: it is told, and nothing leaves."""
        self.start(asked)
        other = self.of_same_order(asked)
        told = self.connection.call(METHOD, START, self.method, other)
        assert told["state"] == "busy", told

    def attach_on_another_device(self, asked):
        """The page of a sale is gone: another device uses its money."""
        self.start(asked)
        self.outcome(asked)
        self.shop.sql(UNSEEN, [asked["reference"]])
        other = payload(self.session)
        sale = {name: other[name] for name in SALE}
        owner = asked["line_uuid"]
        method = "fr_caisse_ap_ip_attach"
        told = self.connection.call(METHOD, method, asked["reference"], sale, owner)
        assert told["owner_uuid"] == sale["line_uuid"], told

    def pay_for_two_guests(self, asked):
        """Two guests of one table pay one after the other, on the same device."""
        first = self.of_same_order(asked)
        self.start(first)
        self.outcome(first)
        known = [first["line_uuid"], asked["line_uuid"]]
        self.start({**asked, "order_lines": known})

    def merge_on_another_device(self, asked):
        """Another device would merge the table into another one: it is told why not."""
        self.start(asked)
        order = [self.session, asked["order_uuid"]]
        answer = self.connection.ask(METHOD, "fr_caisse_ap_ip_check_order", *order)
        assert "error" in answer, answer

    def of_same_order(self, asked):
        """Return the payload of another line of an order, which knows itself alone."""
        order = {"order_uuid": asked["order_uuid"]}
        other = {**payload(self.session), **order, "page": str(uuid.uuid4())}
        return {**other, "order_lines": [other["line_uuid"]]}

    def outcome(self, asked):
        """Return what became of a payment, once its terminal is free again."""
        reference = asked["reference"]

        def ended():
            status = "fr_caisse_ap_ip_status"
            state = self.connection.call(METHOD, status, [reference])[reference]
            return state["state"] not in ("pending", "sent") and state["state"]

        outcome = wait_until(ended, PATIENCE_SECONDS)
        # It is told before the answer has ended.
        wait_until(lambda: not self.shop.sql(HELD)[0][0], PATIENCE_SECONDS)
        return outcome

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
    held = {
        "threads": len(os.listdir(f"{process}/task")),
        "files": len(files),
        "sockets": sum(file.startswith("socket") for file in files),
        "memory MB": resident(process) // 1024,
        "held terminals": shop.sql(HELD)[0][0],
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
