"""script/screenshots: the program that takes pictures, with a browser."""

import os
import subprocess

from . import browser
from .cache import REPOSITORY
from .python_env import tools_python

TESTS = REPOSITORY / "tests"
PROGRAM = TESTS / "browser" / "screenshots.py"


def main(arguments):
    """Run it and return its exit code."""
    # Beside what the launcher gives: who serves the terminal's page in tests, a proxy.
    folders = [os.environ["PYTHONPATH"], str(TESTS / "screen"), str(TESTS)]
    environment = {
        **os.environ,
        "CHROMIUM": browser.chromium(),
        "PYTHONPATH": os.pathsep.join(folders),
        "TZ": "Europe/Paris",
    }
    command = [str(word) for word in (tools_python(), PROGRAM, *arguments)]
    return subprocess.run(command, env=environment).returncode
