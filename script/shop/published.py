"""OCA's published addon of the same name, to change over from and to compare with."""

import shutil
import zipfile

from .cache import cache, lock
from .commands import run
from .python_env import tools_python

WHEELS = {"14.0": "odoo14-addon-l10n-fr-pos-caisse-ap-ip"}
WHEEL = "odoo-addon-l10n-fr-pos-caisse-ap-ip"


def published_addons(series):
    """Return the addons path that holds it, as its wheel on PyPI, for a series' name.

    ``Problem`` when it cannot be had.
    """
    folder = cache("published", series)
    addons = folder / "odoo" / "addons"
    with lock(f"published-{series}"):
        if not addons.is_dir():
            unpack(series, folder)
    return addons


def unpack(series, folder):
    shutil.rmtree(folder, ignore_errors=True)
    package = f"{WHEELS.get(series, WHEEL)}=={series}.*"
    words = [tools_python(), "-m", "pip", "download", "--no-deps", "--pre", package]
    job = f"published-{series}"
    run(job, [*words, "-d", folder], "Check the network and pip's settings.")
    [wheel] = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder)
