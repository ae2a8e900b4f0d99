"""Check each older series as OCA checks an addon of its branch: built, then linted.

An overlay alone is no addon: its manifest names shared files. Of the Python only what
comes from an overlay is read; the shared text is checked in the root addon. A hook of
.pre-commit-config.yaml.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from build import build_folder
from overlays import ROOT_SERIES, BuildError, known_series, series_files, series_folder

REPOSITORY = Path(__file__).resolve().parent.parent


def main():
    older = [each for each in known_series(REPOSITORY) if each != ROOT_SERIES]
    return max(map(check, older), default=0)


def check(series):
    """Exit status: 0 when the series can be built and both tools are content."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            addon = build_folder(REPOSITORY, series, Path(folder))
        except BuildError as error:
            print(f"{series}: {error}")
            return 1
        # oca-checks asks git where the addon's repository begins.
        subprocess.run(["git", "init", "--quiet", folder], check=True)
        results = [run(command, addon) for command in commands(series, addon)]
    if any(results):
        print(f"{series}: see above")
    return max(results)


def commands(series, addon):
    files = [file.relative_to(addon).as_posix() for file in addon.rglob("*.*")]
    root = series_folder(REPOSITORY, ROOT_SERIES)
    sources = series_files(REPOSITORY, series).items()
    older = [path for path, source in sources if root not in source.parents]
    python = [path for path in older if path.endswith(".py")]
    rules = f"--rcfile={REPOSITORY / '.pylintrc-mandatory'}"
    return (
        ["pylint", rules, f"--valid-odoo-versions={series}", *python],
        ["oca-checks-odoo-module", *files],
    )


def run(command, addon):
    return int(subprocess.run(command, cwd=str(addon)).returncode != 0)


if __name__ == "__main__":
    sys.exit(main())
