# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Where the time of a payment goes: notes of the server, and the page's own.

The server under test is not changed: Python runs bench/site/sitecustomize.py when the
server starts, and that wraps the functions whose beginning or end divides two stages.
"""

import contextlib
import json
import statistics
import tempfile
from pathlib import Path

SITE = Path(__file__).with_name("site")
VARIABLE = "CAISSE_AP_MARKS"

# The name of a stage, and the mark that ends it, in the order of a payment. The first
# mark begins the first stage.
CLICK = (
    ("", "clicked"),
    ("page", "asked"),
    ("HTTP", "start called"),
    ("checks", "record called"),
    ("insert", "record done"),
    ("connect", "start done"),
    ("commit", "committed"),
    ("wake up", "may leave"),
    ("write", "arrived"),
)
ANSWER = (
    ("", "answered"),
    ("read, judge", "result told"),
    ("lock, write", "push called"),
    ("push", "push done"),
    ("commit", "result committed"),
    ("bus", "heard"),
    ("page", "paid"),
)


class Marks:
    """What the server of a shop notes: one line of JSON for each mark."""

    def __init__(self, path=None):
        self.path = path

    def environment(self, python_path):
        """Return what a server needs beside its own PYTHONPATH to make notes."""
        if not self.path:
            return {}
        return {VARIABLE: str(self.path), "PYTHONPATH": f"{SITE}:{python_path}"}

    def clear(self):
        if self.path:
            self.path.write_text("")

    def read(self, times):
        """Return the milliseconds of each stage: {(half, stage): ms}.

        ``times``: what the page and the terminal noted, in seconds since 1970.
        """
        if not self.path:
            return {}
        noted = dict(times)
        for line in self.path.read_text().splitlines():
            name, moment = json.loads(line)
            noted.setdefault(name, moment)
        found = {}
        for half, stages in (("click", CLICK), ("answer", ANSWER)):
            known = [(stage, noted[mark]) for stage, mark in stages if mark in noted]
            for (_earlier, began), (stage, ended) in zip(known, known[1:]):
                found[half, stage] = 1000 * (ended - began)
        return found


@contextlib.contextmanager
def marked(wanted):
    """Give the Marks of a server: none unless they are wanted."""
    with tempfile.TemporaryDirectory() as folder:
        yield Marks(Path(folder, "marks") if wanted else None)


def medians(payments):
    """Return (half, stage, milliseconds) of payments, in the order of a payment."""
    found = {}
    for *_times, stages in payments:
        for key, milliseconds in stages.items():
            found.setdefault(key, []).append(milliseconds)
    return [(*key, statistics.median(values)) for key, values in found.items()]
