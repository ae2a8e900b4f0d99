"""python -m shop bench|demo|faults …: what the launchers beside it call."""

import sys

from . import bench, branch, demo, faults, i18n, lint, screenshots, suites
from .problem import Problem

COMMANDS = {
    "bench": bench.main,
    "build": branch.main,
    "demo": demo.main,
    "faults": faults.main,
    "i18n": i18n.main,
    "lint": lint.main,
    "long-life": bench.long_life,
    "screenshots": screenshots.main,
    "test": suites.main,
}


def main(name, arguments):
    try:
        return COMMANDS[name](arguments)
    except Problem as problem:
        print(f"\nscript/{name}: {problem.what}\n{problem.remedy}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
