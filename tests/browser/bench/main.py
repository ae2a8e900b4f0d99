# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Measure how quick a till is, and what payments cost the server.

payments: in the browser, with customers who take 1.5 to 3.5 seconds: from the cashier's
click to the bytes at the terminal, and from the terminal's answer to the line done on
the screen; with a terminal that hangs up after its answer and one that does not.
calls: with two workers, a small call of the server, idle and while many terminals wait
for their customers.
rows: the calls of a till, with no transaction and with a million of earlier days.
agent: the payments of an agent whose line to the server takes 25 milliseconds there and
back, beside the server's own; and a small call while many agents wait, with the bus and
without.
"""

import argparse
import os

from shop import series

from . import agents, calls, payments, stages

PARTS = ("payments", "calls", "rows", "agent")
# Milliseconds, or ratios of two medians, that the addon is held to.
CLICK_MS, ANSWER_MS = 60, 120
CLICK_RATIO, ANSWER_RATIO, OPEN_RATIO = 1.15, 1.0, 1.05
# Where Odoo's Point of Sale loads no bus, and the published addon waits in its call.
LISTENING_SERIES, LISTENING_ANSWER_MS = ("14.0", "16.0"), 60
ONE = [1.0]  # What a plain number of milliseconds is divided by
LOADED_RATIO, ROWS_RATIO = 1.5, 1.2
# What an agent may add to the median of a click, and of an answer.
AGENT_MS = 60


def main():
    options = parse()
    say_load("before")
    if "payments" in options.parts:
        for disk, sides in payments.measured(options):
            show_payments(options, disk, sides)
    if "calls" in options.parts:
        show_calls(options, *calls.while_customers_pay(options))
    if "rows" in options.parts:
        show_rows(options, calls.with_rows(options))
    if "agent" in options.parts:
        show_agent(options, *agents.compared(options))
        show_agents(options, *agents.while_agents_wait(options))
    say_load("after")


def parse():
    parser = argparse.ArgumentParser(
        prog="script/bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)} (default: all)"
    )
    parser.add_argument("--series", default="19.0", choices=series.ALL)
    parser.add_argument(
        "--count",
        type=int,
        default=30,
        help="payments in the browser (default: 30; to tell 1.05 from 1.00 it takes "
        "some 300)",
    )
    parser.add_argument(
        "--peer", action="store_true", help="compare with OCA's published addon"
    )
    parser.add_argument(
        "--stages", action="store_true", help="tell where the time of a payment goes"
    )
    parser.add_argument(
        "--disk",
        dest="disks",
        action="append",
        choices=["on", "off"],
        help="whether PostgreSQL waits for the disk, as a shop's does (default: both)",
    )
    parser.add_argument(
        "--terminals", type=int, default=200, help="that wait (default: 200)"
    )
    parser.add_argument(
        "--agents", type=int, default=200, help="that wait (default: 200)"
    )
    parser.add_argument(
        "--rows", type=int, default=1_000_000, help="of earlier days (default: 1000000)"
    )
    parser.add_argument("--odoo", metavar="PATH", help="an Odoo of this series")
    options = parser.parse_args()
    options.parts = options.parts or PARTS
    options.disks = options.disks or ["on", "off"]
    if set(options.parts) - set(PARTS):
        parser.error(f"the parts are {', '.join(PARTS)}")
    return options


def say_load(when):
    """A figure of a busy machine says little: tell how busy it is."""
    print(f"load {when}: {' '.join(f'{load:.1f}' for load in os.getloadavg())}")


def show_payments(options, disk, sides):
    print(f"\n{options.series}, {options.count} payments each, fsync {disk}")
    for what in ("click", "answer"):
        for side in sides:
            show_times(f"{what}, {side.name}", side.milliseconds(what))
    ours = sides[0]
    for ending in payments.ENDINGS:
        show_times(f"answer, {ending}", ours.milliseconds("answer", ending))
    for goal in goals(options, *sides):
        show_measured(*goal)
    for half, stage, milliseconds in stages.medians(ours.payments):
        print(f"  {half:7} {stage:14} {milliseconds:8.1f} ms")
    if ours.bare_messages:
        show_times("  a bare message on the bus", ours.bare_messages)


def goals(options, ours, theirs=None):
    """Yield what was measured and what it must not exceed.

    That is (label, milliseconds, those that they are divided by, goal).
    """
    click, answer = ours.milliseconds("click"), ours.milliseconds("answer")
    if theirs:
        yield "click / published", click, theirs.milliseconds("click"), CLICK_RATIO
    else:
        yield "click, ms", click, ONE, CLICK_MS
    if options.series in LISTENING_SERIES:
        yield "answer, ms", answer, ONE, LISTENING_ANSWER_MS
    elif theirs:
        yield "answer / published", answer, theirs.milliseconds("answer"), ANSWER_RATIO
    else:
        yield "answer, ms", answer, ONE, ANSWER_MS
    closed, left_open = (ours.milliseconds("answer", one) for one in payments.ENDINGS)
    yield "answer, left open / closed", left_open, closed, OPEN_RATIO


def show_calls(options, idle, loaded):
    print(f"\n{options.series}, a small call of a server with two workers")
    print(f"{'idle':34} {idle:8.1f} ms")
    print(f"{f'{options.terminals} payments wait':34} {loaded:8.1f} ms")
    show_goal("waiting / idle", loaded / idle, LOADED_RATIO)


def show_rows(options, rows):
    print(f"\n{options.series}, calls of a till with 0 and {options.rows:,} rows")
    for name, *both in rows:
        without, full = map(payments.median, both)
        print(f"{name:34} {without:8.1f} {full:8.1f} ms")
    for name, without, full in rows:
        show_measured(f"{name}, ratio", full, without, ROWS_RATIO)


def show_agent(options, *sides):
    print(f"\n{options.series}, {options.count} payments each, an agent 25 ms away")
    for what in ("click", "answer"):
        for side in sides:
            show_times(f"{what}, {side.name}", side.milliseconds(what))
        direct, through = (payments.median(side.milliseconds(what)) for side in sides)
        show_goal(f"{what}, ms more", through - direct, AGENT_MS)


def show_agents(options, idle, listening, asking):
    print(f"\n{options.series}, a small call, {options.agents} agents, two workers")
    print(f"{'none':34} {idle:8.1f} ms")
    for how, loaded in (("on the bus", listening), ("asking", asking)):
        print(f"{how:34} {loaded:8.1f} ms")
        show_goal(f"{how} / none", loaded / idle, LOADED_RATIO)


def show_times(label, values):
    middle, late = payments.median(values), payments.percentile_95(values)
    print(f"{label:34} {middle:8.1f} ms median {late:8.1f} ms 95th percentile")


def show_measured(label, above, below, goal):
    """Say whether a goal was met; a few payments often cannot tell."""
    value = payments.median(above) / payments.median(below)
    low, high = payments.interval(above, below)
    verdict = "met" if high <= goal else "MISSED" if low > goal else "undecided"
    sure = f"between {low:.2f} and {high:.2f}"
    print(f"  {label:32} {value:8.2f}, at most {goal}: {verdict} ({sure})")


def show_goal(label, value, goal):
    verdict = "met" if value <= goal else "MISSED"
    print(f"  {label:32} {value:8.2f}, at most {goal}: {verdict}")
