"""The addon as a series gets it, and what tells two states of it apart."""

import sys

from overlays import ADDON as NAME
from overlays import ROOT_SERIES

from .cache import REPOSITORY, cache, fingerprint
from .commands import run
from .problem import Unavailable

# What a database keeps of an addon: when it changes, the database needs an update.
# The rest is read from the files whenever an Odoo starts.
KEPT = {".py", ".xml", ".csv", ".po"}
NOT_KEPT = {"caisse_ap", "readme", "static", "tests"}


def addons_path(series):
    """Return the folder that holds the addon of a series, built where it must be."""
    if series.name == ROOT_SERIES:  # the repository itself is its addons path
        return REPOSITORY
    if not (REPOSITORY / "backports" / series.name).is_dir():
        what = f"the addon is not there for Odoo {series.name}"
        raise Unavailable(what, "Choose another series.")
    folder = cache("addons", series.name)
    build = [sys.executable, REPOSITORY / "setup" / "build.py", "--link"]
    command = [*build, "--series", series.name, "--out", folder]
    run(f"build-{series.name}", command, "See setup/build.py --help.")
    return folder


def state(folder):
    """Return a short name for the state of the addon in an addons path."""
    root = folder / NAME
    files = [path for pattern in ("*", "*/*") for path in root.glob(pattern)]
    names = sorted(path.relative_to(root) for path in files if path.suffix in KEPT)
    kept = [name for name in names if name.parts[0] not in NOT_KEPT]
    return fingerprint(*(part for name in kept for part in (name, read(root, name))))


def read(root, name):
    return (root / name).read_bytes()
