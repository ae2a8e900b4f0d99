"""An Odoo of a series: a path, the cache, GitHub, or the distribution's package."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Tuple

from . import debian
from .cache import cache, fingerprint, lock
from .commands import output, run
from .problem import Problem, Unavailable
from .progress import step

GITHUB = "https://github.com/odoo/odoo"
REACHABLE_SECONDS = 15


@dataclass(frozen=True)
class OdooTree:
    """Where an Odoo lies.

    ``python_path`` holds the package ``odoo``; ``revision`` says which one it is.
    """

    series: str
    python_path: Path
    addons_paths: Tuple[Path, ...]
    revision: str

    @property
    def key(self):
        """Return what tells this Odoo from another one of the same series."""
        return fingerprint(self.python_path, self.revision)


def find(series, given=None):
    """Return the ``OdooTree`` of a ``Series``; ``Problem`` when it cannot be had."""
    with step(f"Odoo {series.name}") as say, lock(f"odoo-{series.name}"):
        tree = read(series, Path(given)) if given else cached(series)
        say(tree.revision)
        return tree


def cached(series):
    folder = cache("odoo", series.name)
    if not (folder / ".revision").exists():
        fetch(series, folder)
    return read(series, folder)


def fetch(series, folder):
    """Fill the folder from the first source that has this series."""
    reasons = []
    for source in (clone, unpack_debian):
        shutil.rmtree(folder, ignore_errors=True)
        try:
            (folder / ".revision").write_text(source(series, folder))
            return
        except Problem as problem:
            reasons.append(problem.what)
    shutil.rmtree(folder, ignore_errors=True)
    raise Unavailable(
        f"no Odoo {series.name}: " + "; ".join(reasons),
        f"Give the path of a checkout: --odoo PATH (git clone {GITHUB}).",
    )


def clone(series, folder):
    branch = f"refs/heads/{series.name}"
    remote = ["git", "ls-remote", "--exit-code", GITHUB, branch]
    if not output(remote, timeout=REACHABLE_SECONDS):
        raise Problem("GitHub cannot be reached", "Check the network.")
    command = ["git", "clone", "--depth", "1", "--branch", series.name, GITHUB, folder]
    run(f"clone-{series.name}", command, "Check the network and the disk space.")
    return git_revision(folder)


def unpack_debian(series, folder):
    if not series.debian:
        raise Problem(f"Debian has no package of Odoo {series.name}", "Use a checkout.")
    folder.mkdir(parents=True)
    versions = debian.unpack(series.debian, folder)
    odoo = next(names[0] for names in series.debian.values())
    return f"Debian {odoo} {versions[odoo]}"


def read(series, folder):
    """Return the tree in a folder: a checkout, or an unpacked or installed package."""
    path = python_path(folder)
    found = series_of(folder)
    if found != series.name:
        raise Problem(
            f"the Odoo in {folder} is {found}, not {series.name}",
            "Name the series of that Odoo, or the path of another one.",
        )
    return OdooTree(series.name, path, addons_paths(path), revision(folder))


def series_of(folder):
    """Return the series of the Odoo in a folder, such as "19.0"."""
    release = (python_path(folder) / "odoo" / "release.py").read_text()
    numbers = re.search(r"version_info = \(\D*(\d+), *(\d+)", release)
    return ".".join(numbers.groups())


def python_path(folder):
    """Return the folder that holds the package ``odoo``."""
    places = (".", "odoo", "usr/lib/python3/dist-packages")
    for place in places:
        path = (folder / place).resolve()
        if (path / "odoo" / "release.py").exists():
            return path
    raise Problem(
        f"there is no Odoo in {folder}",
        "Give the folder that holds odoo-bin, or the one that holds usr/lib/python3.",
    )


def addons_paths(path):
    """Return the addons folders; Debian has a second one of Python files only."""
    candidates = (path / "addons", path / "odoo" / "addons")
    return tuple(c for c in candidates if (c / "point_of_sale" / "views").is_dir())


def revision(folder):
    stamp = folder / ".revision"
    return stamp.read_text() if stamp.exists() else git_revision(folder)


def git_revision(folder):
    command = ["git", "-C", folder, "log", "-1", "--format=%h of %cd", "--date=short"]
    return output(command) or "of unknown revision"
