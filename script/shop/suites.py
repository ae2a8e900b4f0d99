"""script/test: the tests of the protocol, of the page's scripts, of the simulated
terminal's page, of the addon in Odoo, and in a browser.

A series whose Odoo cannot be had on this machine is left out, and named. Chromium is
installed where it is missing and may be installed.
"""

import argparse
import contextlib
import functools
import json
import os
import re
import subprocess
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from xml.etree import ElementTree

from . import addon, browser, database, odoo_tests, odoo_tree, series, side_by_side
from .cache import REPOSITORY
from .installation import ready
from .node import node
from .problem import Problem, Unavailable
from .processes import Process, free_port, started, stop_on_signals
from .python_env import tools_python
from .running import fresh_database

DEFAULT_SERIES = ("19.0", "14.0")
# What pytest's exit codes mean, where its report does not say it.
PYTEST_ENDED = (0, 1)
PYTEST_FOUND_NONE = 5
ODOO_SECONDS = 900
# The tests that need an Odoo or a browser.
BROWSED = ("tests/agent_odoo", "tests/browser", "tests/screen", "tests/update")
PAGE = "tests/page"
# They have shops of their own.
FAULTS, RESTAURANT = "tests/browser/faults", "tests/browser/restaurant"
AGENT = "tests/agent_odoo"
COUNTED = ("passed", "failed", "skipped")


@dataclass
class Row:
    """The outcome of a suite. ``note`` says what no number can."""

    suite: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    note: str = ""
    seconds: float = 0.0

    @property
    def run(self):
        return self.passed + self.failed


def main(arguments):
    """Run the suites that were asked for; return 1 when any test failed."""
    options = parse(arguments)
    stop_on_signals()
    rows = list(run(options))
    if options.rows:
        options.rows.write_text(json.dumps([asdict(row) for row in rows]))
        return 0
    print("\n".join(["", *table(rows), "", summary(rows)]))
    return int(any(row.failed for row in rows))


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="script/test",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "series",
        nargs="*",
        help=f"default: {' '.join(DEFAULT_SERIES)}, and those given with --odoo",
        metavar="SERIES",
    )
    parser.add_argument(
        "--odoo",
        action="append",
        default=[],
        metavar="[SERIES=]PATH",
        help="an Odoo of a series: a checkout or an unpacked package",
    )
    parser.add_argument(
        "-k", metavar="TEXT", default="", help="only the tests whose name holds a text"
    )
    parser.add_argument(
        "--only",
        choices=[*SUITES, *SERIES_SUITES],
        help="only the suites of this kind",
    )
    # Part of a greater run: the rows go to a file, the suites of no series are theirs.
    parser.add_argument("--rows", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    options.odoo = dict(map(series_and_path, options.odoo))
    names = options.series or dict.fromkeys([*DEFAULT_SERIES, *options.odoo])
    options.series = [series.named(name) for name in names]
    return options


def series_and_path(text):
    """Read "16.0=PATH", or "PATH" alone: an Odoo knows its series."""
    name, found, path = text.partition("=")
    if found and name in series.ALL:
        return name, path
    return odoo_tree.series_of(Path(text)), text


def run(options):
    """Run the suites that were asked for and yield their rows.

    Several series run side by side: their tests wait for pages more than they compute.
    """
    if not options.rows:
        for kind in chosen(options, SUITES):
            yield attempt(kind, functools.partial(SUITES[kind], options))
    kinds = chosen(options, SERIES_SUITES)
    if kinds and len(options.series) > 1:
        prepare(options)
        names = [each.name for each in options.series]
        yield from (Row(**row) for row in side_by_side.run(names, list(given(options))))
        return
    for each in options.series:
        for kind in kinds:
            suite = functools.partial(SERIES_SUITES[kind], options, each)
            yield attempt(f"{kind} {each.name}", suite)


def chosen(options, suites):
    return [kind for kind in suites if options.only in (None, kind)]


def prepare(options):
    """Get what each series needs one after the other, where its progress is seen."""
    for each in options.series:
        print(f"\n{each.name}", flush=True)
        with contextlib.suppress(Problem):  # its suites will say it
            browser.chromium()
            with ready(each, options.odoo.get(each.name)):
                pass


def given(options):
    """Return the options as they were given."""
    yield from ("-k", options.k) if options.k else ()
    yield from ("--only", options.only) if options.only else ()
    for name, path in options.odoo.items():
        yield from ("--odoo", f"{name}={path}")


def attempt(name, suite):
    """Run a suite and return its row, also when it could not run at all."""
    print(f"\n{name}", flush=True)
    begun = time.monotonic()
    try:
        row = Row(name, *suite())
    except Unavailable as missing:
        row = Row(name, skipped=1, note=f"left out: {missing.what}. {missing.remedy}")
    except Problem as problem:
        row = Row(name, failed=1, note=f"{problem.what}\n{problem.remedy}")
    row.seconds = time.monotonic() - begun
    return row


def protocol_suite(options):
    """Run what needs no Odoo and no browser."""
    return pytest(options, ["tests", *(f"--ignore={path}" for path in BROWSED)])


def page_suite(options):
    """Run the tests of the page's scripts under node, without a browser."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        words = ["--no-warnings", "--import", f"./{PAGE}/odoo_modules.mjs", "--test"]
        for reporter, destination in (("dot", "stdout"), ("junit", report)):
            words.append(f"--test-reporter={reporter}")
            words.append(f"--test-reporter-destination={destination}")
        if options.k:
            words.append(f"--test-name-pattern={re.escape(options.k)}")
        files = sorted(REPOSITORY.glob(f"{PAGE}/*.test.mjs"))
        code = subprocess.run([node(), *words, *files], cwd=REPOSITORY).returncode
        passed, failed, skipped = read_report(report.read_text())
        # A file that cannot be read has no tests.
        return passed, failed or code, 0 if options.k else skipped


def screen_suite(options):
    """Run the tests of the simulated terminal's page."""
    return pytest(options, ["tests/screen"], {"CHROMIUM": browser.chromium()})


def browser_suite(options, chosen_series):
    """Run the browser tests on a series; they start Odoo servers of their own."""
    environment = browser_environment(options, chosen_series)
    odoo = options.odoo.get(chosen_series.name)
    # What the tests need is made here, where its progress is seen.
    with ready(chosen_series, odoo) as installation:
        with database.shop_template(installation, "fr_FR"):
            pass
        others = [f"--ignore={path}" for path in (FAULTS, RESTAURANT)]
        return pytest(options, ["tests/browser", "tests/update", *others], environment)


def folder_suite(folder, options, chosen_series, **kind):
    """Run the browser tests of a folder that has a shop of its own kind."""
    environment = {**browser_environment(options, chosen_series), **kind}
    return pytest(options, [folder], environment)


def browser_environment(options, chosen_series):
    """Return what tells the browser tests where to run."""
    environment = {"SHOP_SERIES": chosen_series.name, "CHROMIUM": browser.chromium()}
    odoo = options.odoo.get(chosen_series.name)
    return {**environment, "SHOP_ODOO": odoo} if odoo else environment


def pytest(options, paths, environment=None):
    """Run pytest; return what a ``Row`` needs after its name."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        command = [tools_python(), "-m", "pytest", "-q", f"--junitxml={report}"]
        code = subprocess.run(
            [str(word) for word in [*command, "-k", options.k, *paths]],
            cwd=REPOSITORY,
            env={**os.environ, **(environment or {})},
        ).returncode
        return judge_pytest(code, options, report)


def judge_pytest(code, options, report):
    if code == PYTEST_FOUND_NONE and options.k:
        return 0, 0, 0
    if code not in PYTEST_ENDED:
        return 0, 1, 0, f"pytest ended with code {code}"
    return read_report(report.read_text())


def read_report(report):
    """Return passed, failed and skipped of a report in the format of JUnit."""
    numbers = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for suite in ElementTree.fromstring(report).iter("testsuite"):
        for name in numbers:
            numbers[name] += int(suite.get(name, 0))
    failed = numbers["failures"] + numbers["errors"]
    return numbers["tests"] - failed - numbers["skipped"], failed, numbers["skipped"]


def odoo_suite(options, chosen_series):
    """Install the addon in a new database and run its Odoo tests."""
    with ready(chosen_series, options.odoo.get(chosen_series.name)) as installation:
        names = odoo_tests.written(installation.addons / addon.NAME / "tests")
        wanted = [name for name in names if options.k in name]
        if options.k and not wanted:
            return 0, 0, 0
        template = database.empty_template(installation, "fr_FR")
        with fresh_database(installation, template) as name:
            tags = odoo_tests.tags(addon.NAME, wanted if options.k else ())
            code, log = run_odoo_tests(installation, name, tags)
        return judge_odoo(code, wanted, odoo_tests.read_log(log, addon.NAME))


def run_odoo_tests(installation, name, tags):
    """Return Odoo's exit code and its log."""
    job = f"odoo-tests-{installation.series.name}"
    command = installation.command(job, db_name=name, http_port=free_port())
    tested = ["-i", addon.NAME, "--test-enable", "--test-tags", tags]
    process = Process(
        job, [*command, *tested, "--stop-after-init"], installation.environment
    )
    with started(process):
        code = process.wait(ODOO_SECONDS)
    return code, process.log.read_text(errors="replace")


def judge_odoo(code, names, outcome):
    """Return what a ``Row`` needs after its name; print what failed."""
    for report in outcome.reports:
        print(report)
    left_out = odoo_tests.left_out(names, outcome.started)
    faults = [f"never started: {name}" for name in left_out]
    if not outcome.started:
        faults.append("no test ran")
    if code and not outcome.reports:
        faults.append(f"Odoo ended with code {code}")
    failed = len(outcome.failed) + len(faults)
    passed = len(set(outcome.started) - set(outcome.failed) - set(outcome.skipped))
    return passed, failed, len(outcome.skipped), "\n".join(faults)


SUITES = {"protocol": protocol_suite, "page": page_suite, "screen": screen_suite}
SERIES_SUITES = {
    "odoo": odoo_suite,
    "browser": browser_suite,
    "restaurant": functools.partial(folder_suite, RESTAURANT),
    # The quick rows; script/faults plays all of them.
    "faults": functools.partial(folder_suite, FAULTS),
    "tables": functools.partial(
        folder_suite, f"{FAULTS}/test_matrix.py", SHOP_KIND="restaurant"
    ),
    "agent": functools.partial(folder_suite, AGENT),
}


def table(rows):
    """Return the lines of a table of the suites, with their notes below."""
    line = "{:<16} {:>5} {:>7} {:>8} {:>8}"
    yield line.format("suite", "run", "failed", "skipped", "seconds")
    for row in rows:
        seconds = f"{row.seconds:.1f}"
        yield line.format(row.suite, row.run, row.failed, row.skipped, seconds)
    for row in rows:
        yield from (f"{row.suite}: {note}" for note in row.note.splitlines())


def summary(rows):
    """Return the last line: the sums of all suites."""
    sums = {name: sum(getattr(row, name) for row in rows) for name in COUNTED}
    return ", ".join(f"{number} {name}" for name, number in sums.items())
