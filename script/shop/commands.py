"""Other programs: run, with their output kept for the day it is needed."""

import os
import subprocess

from .cache import cache
from .problem import Problem


def run(name, command, remedy, environment=None, **options):
    """Run a command; its output goes to a log named after it.

    ``Problem`` with the last lines of the log when it fails or is not there.
    """
    log = cache("log", f"{name}.log")
    try:
        with open(log, "w") as output:
            subprocess.run(
                [str(word) for word in command],
                check=True,
                env={**os.environ, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                **options,
            )
    except (OSError, subprocess.SubprocessError) as error:
        raise Problem(
            f"{name} failed:\n{tail(log) or error}", f"{remedy}\nThe whole log: {log}"
        ) from error


def output(command, **options):
    """Return what a command prints, stripped; empty when it fails or is missing."""
    try:
        done = subprocess.run(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            **options,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode(errors="replace").strip() if not done.returncode else ""


def tail(log, lines=15):
    """Return the last lines of a file."""
    text = log.read_text(errors="replace").splitlines()
    return "\n".join(f"    {line}" for line in text[-lines:])
