"""script/screenshots: the program that takes pictures, with a browser."""

import os
import subprocess

from . import browser
from .cache import REPOSITORY
from .python_env import tools_python

TESTS = REPOSITORY / "tests"
PROGRAM = TESTS / "browser" / "screenshots.py"
# Beside what the launcher gives: the terminal's page, and who serves it in tests.
FOLDERS = (REPOSITORY, TESTS / "screen")


def main(arguments):
    """Run it and return its exit code."""
    folders = [os.environ["PYTHONPATH"], *map(str, FOLDERS)]
    environment = {
        **os.environ,
        "CHROMIUM": browser.chromium(),
        "PYTHONPATH": os.pathsep.join(folders),
        "TZ": "Europe/Paris",
    }
    command = [str(word) for word in (tools_python(), PROGRAM, *arguments)]
    return subprocess.run(command, env=environment).returncode
