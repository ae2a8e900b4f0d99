"""Packages of the machine's own Debian, installed where that is allowed."""

import os
import shutil

from .cache import lock
from .commands import run
from .problem import Unavailable
from .progress import step


def install(package, remedy):
    """Install a package; ``Unavailable`` when we may not, ``Problem`` when it fails.

    ``remedy``: what to do then.
    """
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Unavailable(f"there is no {package} on this machine", remedy)
    with lock("apt"), step(package.capitalize()):
        apt = ["apt-get", "--yes", "--no-install-recommends"]
        run("apt-update", ["apt-get", "update"], remedy)
        run(f"apt-{package}", [*apt, "install", package], remedy)
