"""script/bench: the program that measures, with a Python that can drive a browser."""

import os
import subprocess

from . import browser
from .cache import REPOSITORY
from .python_env import tools_python

PROGRAM = REPOSITORY / "tests" / "browser" / "bench.py"


def main(arguments):
    """Run it and return its exit code."""
    environment = {**os.environ, "CHROMIUM": browser.chromium()}
    words = [str(word) for word in (tools_python(), PROGRAM, *arguments)]
    return subprocess.run(words, env=environment).returncode
