"""script/build --branch SERIES DIR: a series as an ordinary branch of OCA.

DIR gets the addon folder of that series and, unless it is a clone of such a repository,
the root files of OCA's template for that series. Its pre-commit then lays out what was
translated, and adds requirements.txt and, up to 16.0, setup/:

  cd DIR && git init && git add . && pre-commit run --all-files  # until it is content
"""

import argparse
import re
from pathlib import Path

from build import build_folder
from overlays import ADDON, BuildError, known_series

from .cache import REPOSITORY
from .problem import Problem
from .python_env import uv

TEMPLATE = "https://github.com/OCA/oca-addons-repo-template"
# What a text for five series and Python 3.7 cannot do for OCA's checks of one series.
MARKS = {
    ".py": "# One text for Odoo 14.0 to 19.0, so:\n"
    "# ruff: noqa: B905, E721, UP007, UP038\n"
    "# pylint: disable=consider-merging-classes-inherited,prefer-env-translation\n",
    ".js": "/* eslint-disable no-undef, no-unused-vars */\n",
}
IS_MODULE = re.compile(r"^(import|export) ", re.M)
COPIER = "copier@9.19.1"
ANSWERS = {
    "repo_slug": "l10n-france",
    "repo_name": "Odoo France Localization",
    "repo_description": "French localization addons",
}
# Up to this series an addon is packaged outside of its folder.
LAST_WITH_SETUP = 16.0


def main(arguments):
    """Write the branch; return the exit code."""
    options = parse(arguments)
    series, folder = options.branch, options.folder
    if not (folder / ".copier-answers.yml").exists():
        add_root_files(series, folder, options.template)
    try:
        addon = build_folder(REPOSITORY, series, folder)
    except BuildError as error:
        raise Problem(str(error), "Mend the sources, or give another DIR.") from error
    name_modules(addon)
    mark_sources(addon)
    if float(series) <= LAST_WITH_SETUP:
        (addon / "pyproject.toml").unlink()
    print(f"{series}  {folder}")
    return 0


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="script/build",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    known = known_series(REPOSITORY)
    parser.add_argument("--branch", choices=known, required=True, metavar="SERIES")
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument(
        "--template",
        default=TEMPLATE,
        metavar="REPOSITORY",
        help=f"a git repository (default: {TEMPLATE})",
    )
    return parser.parse_args(arguments)


def add_root_files(series, folder, template):
    """Have copier write the root files of a series."""
    answers = {**ANSWERS, "odoo_version": series}
    given = [f"--data={name}={value}" for name, value in answers.items()]
    copy = ["tool", "run", COPIER, "copy", "--defaults", *given]
    uv(f"branch-{series}", *copy, f"git+{template}", folder)


def name_modules(addon):
    """Name each module of the browser NAME.esm.js, as OCA's eslint wants it."""
    source = addon / "static" / "src"
    modules = [file for file in source.rglob("*.js") if is_module(file)]
    paths = [file.relative_to(source).with_suffix("").as_posix() for file in modules]
    named = re.compile(rf'("@{ADDON}|static/src)/({"|".join(paths)})(\.js)?"')
    for file in [addon / "__manifest__.py", *source.rglob("*.js")]:
        text = file.read_text(encoding="utf-8")
        file.write_text(named.sub(r'\1/\2.esm\3"', text), encoding="utf-8")
    for file in modules:
        file.rename(file.with_suffix(".esm.js"))


def is_module(file):
    return bool(IS_MODULE.search(file.read_text(encoding="utf-8")))


def mark_sources(addon):
    """Say in each source which of OCA's checks a text for all series cannot pass."""
    for file in addon.rglob("*.*"):
        mark = MARKS.get(file.suffix)
        text = mark and file.read_text(encoding="utf-8")
        if text and file.name != "__manifest__.py":
            header = re.match(r"/\*\* @odoo-module .*\n", text)
            start = header.end() if header else 0
            file.write_text(text[:start] + mark + text[start:], encoding="utf-8")
