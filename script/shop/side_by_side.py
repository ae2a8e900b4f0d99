"""Several series at once: each in a process of its own, one for each processor."""

import contextlib
import json
import os
import tempfile
import time
from pathlib import Path

from .cache import SCRIPT
from .processes import POLL_SECONDS, Process, started

# A line for each file of tests, as soon as it is written.
ENVIRONMENT = {"PYTEST_ADDOPTS": "-v", "PYTHONUNBUFFERED": "1"}


class Lane:
    """One call of script/test, and where it leaves what became of its suites."""

    def __init__(self, name, options, folder):
        self.name = name
        self.report = Path(folder, f"{name}.json")
        self.process = Process(
            f"test-{name}",
            [SCRIPT / "test", name, *options, "--rows", self.report],
            ENVIRONMENT,
        )
        self.shown = 0

    def show(self):
        """Print the whole lines that it has written since the last time."""
        text = self.process.log.read_text(errors="replace")
        new = text[self.shown : text.rfind("\n") + 1]
        self.shown += len(new)
        for line in new.splitlines():
            print(f"{self.name} | {line}".rstrip(), flush=True)

    def rows(self):
        """Return its rows, as dictionaries, once it has ended."""
        if self.report.exists():
            return json.loads(self.report.read_text())
        note = f"script/test ended without a report: {self.process.log}"
        return [{"suite": self.name, "failed": 1, "note": note}]


def run(names, options):
    """Run script/test of each series; return the rows of all, in the order of names.

    ``options``: more of its arguments.
    """
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        lanes = [Lane(name, options, folder) for name in names]
        waiting, running = list(lanes), []
        while waiting or running:
            while waiting and len(running) < (os.cpu_count() or 1):
                running.append(waiting.pop(0))
                stack.enter_context(started(running[-1].process))
            ended = [lane for lane in running if not lane.process.running()]
            for lane in running:
                lane.show()
            running = [lane for lane in running if lane not in ended]
            time.sleep(POLL_SECONDS)
        return [row for lane in lanes for row in lane.rows()]
