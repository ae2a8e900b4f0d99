"""A Python that fits a series, and its packages in a virtual environment: uv's work."""

import contextlib
import glob
import os
import re
import shutil
import sys
from pathlib import Path

from . import debian_python
from .cache import SCRIPT, cache, fingerprint, lock
from .commands import output, run
from .problem import Problem, Unavailable
from .progress import step

REQUIREMENTS = SCRIPT / "requirements"
UV = "uv==0.13.9"


def series_python(series):
    """Return the Python that runs a series, with its packages."""
    return environment(series.name, series.pythons)


def tools_python():
    """Return the Python that runs our tests, with their packages."""
    return environment("tools", ("3.12", "3.11", "3.13", "3.10"))


def screen_python():
    """Return the Python that runs the page of the simulated terminal."""
    return environment("screen", ("3.12", "3.11", "3.13", "3.10"))


def environment(name, versions):
    """Return the Python of a virtual environment, made when it is not up to date."""
    requirements = REQUIREMENTS / f"{name}.txt"
    folder = cache("venv", name)
    stamp = folder / "made-for.txt"
    wanted = fingerprint(*texts(requirements))
    with step(f"Python packages of {name}"), lock(f"venv-{name}"):
        if not (stamp.exists() and stamp.read_text() == wanted):
            shutil.rmtree(folder, ignore_errors=True)
            python = ["--python", find_python(versions)]
            uv(f"venv-{name}", "venv", *python, folder)
            into = ["--python", folder / "bin" / "python"]
            uv(f"packages-{name}", "pip", "install", *into, "-r", requirements)
            stamp.write_text(wanted)
    return folder / "bin" / "python"


def texts(requirements):
    """Return the text of a requirements file and of those that it includes."""
    text = requirements.read_text()
    included = re.findall(r"^-r (\S+)", text, re.MULTILINE)
    return [text, *((REQUIREMENTS / name).read_text() for name in included)]


def install_into(folder, package, python_version):
    """Unpack a package from PyPI into a folder, for a Python that need not be here."""
    where = ["--target", folder, "--python", sys.executable]
    version = ["--python-version", python_version, "--no-deps", "--prerelease", "allow"]
    uv(f"unpack-{folder.name}", "pip", "install", *where, *version, package)


def uv(name, *arguments):
    """Run uv; its output goes to a log named after the job."""
    remedy = "Check the network and uv's settings, then start again."
    run(name, [uv_program(), *arguments], remedy)


def uv_program():
    """Return uv: the one of this machine, else a copy of our own."""
    own = cache("uv", UV.replace("==", "-"))
    program = own / "bin" / "uv"
    if shutil.which("uv"):
        return shutil.which("uv")
    with lock("uv"):
        if not program.exists():
            remedy = "Install uv, or what this Python needs for it: python3-venv."
            run("venv-uv", [sys.executable, "-m", "venv", "--clear", own], remedy)
            pip = [own / "bin" / "python", "-m", "pip", "install", "--no-input"]
            run("pip-uv", [*pip, UV], remedy)
    return program


def find_python(versions):
    """Return a Python of one of these versions, the first version if it can be."""
    for places in (installed, fetched, packaged):
        for version in versions:
            for python in places(version):
                if version_of(python) == version:
                    return python
    raise Unavailable(
        f"no Python {' or '.join(versions)} on this machine, from GitHub (by uv) or "
        "from Debian",
        f"Install Python {versions[0]}, for instance with pyenv.",
    )


def installed(version):
    """Return where a Python of this version may already be.

    uv alone would stop at the first of pyenv's launchers that leads nowhere.
    """
    pyenv = os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv"
    yield sys.executable
    yield shutil.which(f"python{version}")
    yield from sorted(glob.glob(f"{pyenv}/versions/{version}.*/bin/python"))
    yield output([uv_program(), "python", "find", "--managed-python", version])


def fetched(version):
    """Return the Python of this version that uv fetches into the user's home."""
    output([uv_program(), "python", "install", version])
    yield output([uv_program(), "python", "find", "--managed-python", version])


def packaged(version):
    """Return the Python of this version out of Debian's packages."""
    if version in debian_python.PACKAGES:
        with contextlib.suppress(Problem):
            yield debian_python.unpacked(version)


def version_of(python):
    """Return "3.12" for a real Python; pyenv's launchers may lead nowhere."""
    answer = output([python, "--version"]) if python else ""
    found = re.match(r"Python (\d+\.\d+)\.", answer)
    return found.group(1) if found else None
