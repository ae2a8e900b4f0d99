"""The addon's Odoo tests: which there are, and what Odoo's log says of them.

Odoo leaves out tests without a word: a file that is not imported, a class of the wrong
kind. What ran is therefore compared with what the files hold.
"""

import ast
import re
from dataclasses import dataclass
from typing import Tuple

# Time, process, level, database, then the logger and what it says until the next one.
RECORD = re.compile(
    r"^\d{4}-\S+ \S+ \d+ ([A-Z]+) \S+ (\S+): (.*?)(?=^\d{4}-\S+ \S+ \d+ [A-Z]+ |\Z)",
    re.MULTILINE | re.DOTALL,
)
STARTED = re.compile(r"Starting (\w+\.\w+) \.\.\.")
SKIPPED = re.compile(r"skipped (\w+\.\w+)")
FAILED = re.compile(r"(?:FAIL|ERROR): (?:Subtest )?(\S+)")
# OCA's robots refuse an addon that logs a warning in its tests.
GRAVE = {"WARNING", "ERROR", "CRITICAL"}


@dataclass(frozen=True)
class Outcome:
    """What became of the tests, as names such as ``TestTerminal.test_lock``.

    ``reports`` holds what Odoo says of each failure.
    """

    started: Tuple[str, ...]
    failed: Tuple[str, ...]
    skipped: Tuple[str, ...]
    reports: Tuple[str, ...]


def written(folder):
    """Return the names of all tests in a folder, in the order of the files."""
    files = sorted(folder.glob("test_*.py"))
    return [name for file in files for name in tests_of(file.read_text())]


def tests_of(source):
    classes = [
        node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)
    ]
    return [
        f"{each.name}.{method.name}"
        for each in classes
        for method in each.body
        if isinstance(method, ast.FunctionDef) and method.name.startswith("test_")
    ]


def read_log(log, addon):
    """Return the ``Outcome`` that a log of Odoo tells.

    A warning about the addon is a failure, named after its first words.
    """
    records = RECORD.findall(log)
    texts = [text for _level, _logger, text in records]
    grave = [text for level, logger, text in records if level in GRAVE]
    about_us = [
        f"{logger}: {text}"
        for level, logger, text in records
        if level in GRAVE and addon in f"{logger} {text}" and not FAILED.match(text)
    ]
    return Outcome(
        started=names(STARTED, texts),
        failed=(*names(FAILED, grave), *(text.splitlines()[0] for text in about_us)),
        skipped=names(SKIPPED, texts),
        reports=(*filter(FAILED.match, grave), *about_us),
    )


def names(pattern, texts):
    """Return what a pattern finds at the beginning of texts, each name once."""
    found = filter(None, map(pattern.match, texts))
    return tuple(dict.fromkeys(match.group(1) for match in found))


def left_out(wanted, started):
    """Return the tests that never started, neither in their class nor in an heir."""
    methods = {name.split(".")[1] for name in started}
    return [name for name in wanted if name.split(".")[1] not in methods]


def tags(addon, wanted):
    """Return Odoo's --test-tags for these tests, or for all of the addon."""
    return ",".join(f"/{addon}:{name}" for name in wanted) or f"/{addon}"
