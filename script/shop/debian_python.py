"""A Python of an older Debian, unpacked beside the system's: the last resort.

The Odoo that Debian packages as odoo-14 runs on the Python of its time only, which a
newer Debian does not have any more.
"""

import shutil

from . import debian
from .cache import cache, lock

PACKAGES = {
    "3.9": {
        "bullseye": (
            "python3.9",
            "python3.9-minimal",
            "libpython3.9-minimal",
            "libpython3.9-stdlib",
            "python3-distutils",
            # What a newer Debian has in newer versions only.
            "libffi7",
            "libmpdec3",
            "libssl1.1",
        ),
    },
}
# Python finds its home, or its virtual environment, by the name it is called.
LAUNCHER = """#!/bin/bash
LD_LIBRARY_PATH={libraries} exec -a "$0" {program} "$@"
"""


def unpacked(version):
    """Return the Python of this version; ``Problem`` when Debian cannot give it."""
    folder = cache("python", version)
    program = folder / "usr" / "bin" / f"python{version}"
    with lock(f"python-{version}"):
        if not real(program).exists():
            shutil.rmtree(folder, ignore_errors=True)
            debian.unpack(PACKAGES[version], folder)
            wrap(program, next(folder.glob("usr/lib/*-linux-gnu*")))
    return program


def wrap(program, libraries):
    """Put a launcher in the place of a program, so that it finds its libraries."""
    program.rename(real(program))
    program.write_text(LAUNCHER.format(libraries=libraries, program=real(program)))
    program.chmod(0o755)


def real(program):
    return program.with_name(f"{program.name}.real")
