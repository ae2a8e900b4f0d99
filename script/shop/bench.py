"""script/bench and script/long-life: what measures, with a browser's Python."""

import os
import subprocess

from . import browser
from .cache import REPOSITORY
from .python_env import tools_python

PROGRAMS = REPOSITORY / "tests" / "browser"


def main(arguments):
    """Measure how quick a till is; return the program's exit code."""
    return run("run_bench.py", arguments)


def long_life(arguments):
    """Measure what many payments leave behind; return the program's exit code."""
    return run("long_life.py", arguments)


def run(program, arguments):
    environment = {**os.environ, "CHROMIUM": browser.chromium()}
    command = [tools_python(), PROGRAMS / program, *arguments]
    return subprocess.run([str(word) for word in command], env=environment).returncode
