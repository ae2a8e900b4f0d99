"""script/faults: the fault matrix, a table of what happens to money when things break.

Each row breaks one thing while a card pays, in a real browser against a real Odoo, and
looks at the terminal's ledger, the transactions, the payments in Odoo and the screen.
Its verdict is one of:

  agree          money and Odoo agree
  asked          a person is asked what the terminal shows
  named          they differ, and the closing of the session says so
  charged again  the money moved, and the till offers to send the amount again
  money lost     the money moved, and Odoo does not know it
  never paid     Odoo has a payment, and no money moved
  stuck          the screen never says how it ended

With --carrier agent an agent in the shop reaches the terminal. What only an agent can
suffer needs no browser: it is played too, once in each series, without a verdict.

A column for a restaurant, whose tills begin with the tables of a room, plays the rows
about tables and those that script/test plays.

With --peer a row goes as far as the published addon's page lets a cashier go.

Ends with 1 when a row of this addon did not end as the matrix says.
"""

import argparse
import contextlib
import json
import shutil
import tempfile
from pathlib import Path

from . import series, suites, system_package
from .problem import Problem
from .processes import stop_on_signals
from .published import published_addons

SAFE = ("agree", "asked", "named")
KINDS = ("shop", "restaurant")
CARRIERS = ("server", "agent")
# The second is a row whose fault could not be made to strike.
NOT_PLAYED = ("not played", "broken off")


def main(arguments):
    """Play the matrix as often as asked; print the verdicts side by side."""
    options = parse(arguments)
    stop_on_signals()
    get_faketime()
    columns = dict(play(options, *run) for run in runs(options))
    print("\n".join(["", *table(columns)]))
    return int(any(column["failed"] for column in columns.values()))


def get_faketime():
    """Get what sets a server's clock back; without it a row is left out."""
    if not shutil.which("faketime"):
        with contextlib.suppress(Problem):
            system_package.install("faketime", "Install the package faketime.")


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="script/faults",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "series", nargs="*", metavar="SERIES", help="default: 19.0 14.0"
    )
    parser.add_argument(
        "--workers",
        type=int,
        action="append",
        metavar="N",
        help="worker processes of Odoo, 0 for threads; may be repeated (default: 0 2)",
    )
    parser.add_argument(
        "--kind", action="append", choices=KINDS, help="of shop (default: both)"
    )
    parser.add_argument(
        "--carrier",
        action="append",
        choices=CARRIERS,
        help="who reaches the terminal; may be repeated (default: server)",
    )
    parser.add_argument(
        "--peer", action="store_true", help="OCA's published addon too, side by side"
    )
    parser.add_argument(
        "--quick", action="store_true", help="only the rows that script/test plays"
    )
    parser.add_argument("-k", metavar="TEXT", default="", help="only rows with a text")
    parser.add_argument(
        "--odoo", action="append", default=[], metavar="[SERIES=]PATH", help="an Odoo"
    )
    options = parser.parse_args(arguments)
    options.odoo = dict(map(suites.series_and_path, options.odoo))
    names = options.series or suites.DEFAULT_SERIES
    options.series = [series.named(name) for name in names]
    return options


def runs(options):
    """Return what is to be played: series, workers, whose addon, shop, carrier."""
    kinds = options.kind or KINDS
    shops = [("shop", workers) for workers in options.workers or (0, 2)]
    shops.append(("restaurant", 0))
    for each in options.series:
        for carrier in options.carrier or CARRIERS[:1]:
            for kind, workers in shops:
                if kind in kinds:
                    yield each, workers, "ours", kind, carrier
        if options.peer:
            yield each, 0, "peer", kinds[0], CARRIERS[0]


def play(options, chosen_series, workers, whose, kind, carrier):
    """Play the matrix once; return the name of a column and what it holds."""
    how = f"{workers} workers" if workers else "threads"
    through = " agent" if carrier == "agent" else ""
    title = f"{chosen_series.name} {how if kind == 'shop' else kind}{through}"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "verdicts.json")
        environment = {
            **suites.browser_environment(options, chosen_series),
            "SHOP_WORKERS": str(workers),
            "SHOP_KIND": kind,
            "SHOP_CARRIER": carrier,
            "FAULTS": "quick" if options.quick else "all",
            "FAULTS_REPORT": str(report),
        }
        if whose == "peer":
            environment["SHOP_ADDONS"] = str(published_addons(chosen_series.name))
        print(f"\n{title}, {whose}", flush=True)
        paths = [f"{suites.FAULTS}/test_matrix.py"]
        if carrier == "agent" and kind == "shop" and not workers:
            paths.append(f"{suites.AGENT}/test_agent_faults.py")
        _passed, failed, *_rest = suites.pytest(options, paths, environment)
        verdicts = json.loads(report.read_text()) if report.exists() else {}
    failed = failed if whose == "ours" else 0
    return f"{title} {whose}", {"verdicts": verdicts, "failed": failed}


def table(columns):
    """Return the lines of the table: a row a fault, a column a run, then the counts."""
    rows = dict.fromkeys(
        row for column in columns.values() for row in column["verdicts"]
    )
    reasons = {}
    for number, name in enumerate(columns, 1):
        yield f"({number}) {name}"
    heads = "".join(f"{f'({number})':14}" for number in range(1, len(columns) + 1))
    yield f"{'when: what happens':84}{heads}"
    for row in rows:
        cells = [column["verdicts"].get(row, "-") for column in columns.values()]
        yield f"{row:84}" + "".join(f"{short(cell, reasons):14}" for cell in cells)
    for reason, number in reasons.items():
        yield f"[{number}] {reason}"
    for name, column in columns.items():
        yield f"{name}: {counts(list(column['verdicts'].values()))}"


def short(verdict, reasons):
    """Return a verdict that fits its column; long ones get the number of a note."""
    word, _colon, reason = verdict.partition(": ")
    if not reason:
        return word
    return f"{word[:8]} [{reasons.setdefault(verdict, len(reasons) + 1)}]"


def counts(verdicts):
    kinds = [verdict.partition(": ")[0] for verdict in verdicts]
    played = [word for word in kinds if word not in NOT_PLAYED]
    safe = sum(word in SAFE for word in played)
    each = ", ".join(f"{kinds.count(word)} {word}" for word in dict.fromkeys(kinds))
    return f"{safe} of {len(played)} rows played are safe ({each})"
