#!/usr/bin/env python3
"""Count what each overlay in backports/ holds: lines of code and views that differ.

Blank lines do not count. Exit status 1 when the sum passes the limit: then something
belongs into the shared text.
"""

import sys
from pathlib import Path

from overlays import ADDON, known_series

REPOSITORY = Path(__file__).resolve().parent.parent
LIMIT = 1150
_COUNTED = (".py", ".js", ".xml", ".css", ".scss")


def main(repository=REPOSITORY):
    total = 0
    for series in known_series(repository)[:-1]:
        lines = count(repository / "backports" / series / ADDON)
        total += lines
        print(f"{series}  {lines:>5}")
    print(f"sum   {total:>5}  (at most {LIMIT})")
    return 1 if total > LIMIT else 0


def count(overlay):
    """Lines of code and views in an overlay folder."""
    files = [file for file in overlay.rglob("*") if file.suffix in _COUNTED]
    return sum(bool(line.strip()) for each in files for line in _lines(each))


def _lines(file):
    return file.read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    sys.exit(main())
