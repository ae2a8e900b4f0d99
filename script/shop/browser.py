"""Chromium: the system's, installed where it is missing and may be installed."""

import os
import shutil

from .cache import lock
from .commands import run
from .problem import Unavailable
from .progress import step

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium():
    """Return the path of a browser; ``Unavailable`` when there can be none."""
    with lock("chromium"):
        return installed() or install()


def installed():
    return next(filter(None, map(shutil.which, NAMES)), None)


def install():
    remedy = "Install Chromium: the package chromium, or Google Chrome."
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Unavailable("there is no Chromium on this machine", remedy)
    with step("Chromium"):
        apt = ["apt-get", "--yes", "--no-install-recommends"]
        run("apt-update", ["apt-get", "update"], remedy)
        run("apt-chromium", [*apt, "install", "chromium"], remedy)
    return installed()
