"""script/screenshots: the program that takes pictures, with a browser to take them of."""

import os
import subprocess

from . import browser
from .cache import REPOSITORY
from .python_env import tools_python

PROGRAM = REPOSITORY / "tests" / "browser" / "screenshots.py"


def main(arguments):
    """Run it and return its exit code."""
    french = {"CHROMIUM": browser.chromium(), "TZ": "Europe/Paris"}
    words = [str(word) for word in (tools_python(), PROGRAM, *arguments)]
    return subprocess.run(words, env={**os.environ, **french}).returncode
