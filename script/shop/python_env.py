"""A Python that fits a series, and its packages in a virtual environment."""

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
            make(name, folder, find_python(versions), requirements)
            stamp.write_text(wanted)
    return folder / "bin" / "python"


def texts(requirements):
    """Return the text of a requirements file and of those that it includes."""
    text = requirements.read_text()
    included = re.findall(r"^-r (\S+)", text, re.MULTILINE)
    return [text, *((REQUIREMENTS / name).read_text() for name in included)]


def make(name, folder, python, requirements):
    shutil.rmtree(folder, ignore_errors=True)
    create(name, folder, python)
    pip = [folder / "bin" / "python", "-m", "pip", "install", "--no-input"]
    remedy = "Check the network and pip's settings, then start again."
    run(f"pip-{name}", [*pip, "-r", requirements], remedy)


def create(name, folder, python):
    """Make an empty virtual environment with pip in it."""
    remedy = "Install what this Python needs for virtual environments: python3-venv."
    if has_pip(python):
        run(f"venv-{name}", [python, "-m", "venv", folder], remedy)
        return
    run(f"venv-{name}", [python, "-m", "venv", "--without-pip", folder], remedy)
    pip = [helper("python"), "-m", "pip", "--python", folder / "bin" / "python"]
    words = [*pip, "install", "--no-input", "pip", "setuptools", "wheel"]
    run(f"pip-into-{name}", words, "Check the network and pip's settings.")


def has_pip(python):
    """Return whether this Python puts pip into an environment; Debian's may not."""
    return bool(output([python, "-c", "import ensurepip; print('yes')"]))


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
    """Return where a Python of this version may already be."""
    pyenv = os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv"
    yield sys.executable
    yield shutil.which(f"python{version}")
    yield from sorted(glob.glob(f"{pyenv}/versions/{version}.*/bin/python"))
    yield output(["uv", "python", "find", version])


def fetched(version):
    """Return the Python of this version that uv fetches into the user's home."""
    uv = shutil.which("uv") or helper("uv")
    output([uv, "python", "install", version])
    yield output([uv, "python", "find", version])


def packaged(version):
    """Return the Python of this version out of Debian's packages."""
    if version in debian_python.PACKAGES:
        with contextlib.suppress(Problem):
            yield debian_python.unpacked(version)


def helper(program):
    """Return a program that helps to make environments: python (with pip) or uv."""
    if not has_pip(sys.executable):
        raise Problem(
            f"{sys.executable} cannot make virtual environments",
            "Install Debian's package python3-venv, or what your system calls it.",
        )
    here = "{}.{}".format(*sys.version_info)
    return environment("helpers", [here]).with_name(program)


def version_of(python):
    """Return "3.12" for a real Python; pyenv's launchers may lead nowhere."""
    answer = output([python, "--version"]) if python else ""
    found = re.match(r"Python (\d+\.\d+)\.", answer)
    return found.group(1) if found else None
