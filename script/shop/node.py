"""Node.js: the system's, or the one that comes with our tests' packages."""

import re
import shutil

from .commands import output
from .python_env import tools_python

# The first with all that tests/page/ uses.
OLDEST = 20
# Playwright brings a node of its own.
PLAYWRIGHTS = (
    "from playwright._impl._driver import compute_driver_executable as driver;"
    "print(driver()[0])"
)


def node():
    """Return the path of a node that runs the tests of the page's scripts."""
    system = shutil.which("node")
    return system if version(system) >= OLDEST else playwrights()


def version(program):
    found = re.match(r"v(\d+)\.", output([program, "--version"]) if program else "")
    return int(found.group(1)) if found else 0


def playwrights():
    return output([tools_python(), "-c", PLAYWRIGHTS])
