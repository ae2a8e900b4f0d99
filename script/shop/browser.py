"""Chromium: the system's, installed where it is missing and may be installed."""

import shutil

from . import system_package

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REMEDY = "Install Chromium: the package chromium, or Google Chrome."


def chromium():
    """Return the path of a browser; ``Unavailable`` when there can be none."""
    if not installed():
        system_package.install("chromium", REMEDY)
    return installed()


def installed():
    return next(filter(None, map(shutil.which, NAMES)), None)
