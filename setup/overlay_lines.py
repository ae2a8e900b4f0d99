#!/usr/bin/env python3
"""Count what each overlay in backports/ holds: lines of code and views that differ.

Blank lines do not count. Exit status 1 when the sum passes the limit: then something
belongs into the shared text.
"""

import sys
from pathlib import Path

from layers import ADDON, ROOT_SERIES, known_series

REPOSITORY = Path(__file__).resolve().parent.parent
LIMIT = 1500
_COUNTED = (".py", ".js", ".xml", ".css", ".scss")
_TESTS = "static/tests"


def main(repository=REPOSITORY):
    total = 0
    print("overlay  code and views  tests in the browser")
    for series in known_series(repository):
        if series != ROOT_SERIES:
            code, tests = count(repository / "backports" / series / ADDON)
            total += code
            print(f"{series:<7}  {code:>14}  {tests:>20}")
    print(f"sum      {total:>14}  (at most {LIMIT})")
    return 1 if total > LIMIT else 0


def count(overlay):
    """Lines of (code and views, tests) in an overlay folder."""
    code = tests = 0
    for file in overlay.rglob("*"):
        if file.suffix in _COUNTED:
            if _TESTS in file.relative_to(overlay).as_posix():
                tests += _lines(file)
            else:
                code += _lines(file)
    return code, tests


def _lines(file):
    return sum(bool(line.strip()) for line in file.read_text("utf-8").splitlines())


if __name__ == "__main__":
    sys.exit(main())
