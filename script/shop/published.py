"""OCA's published addon of the same name, to change over from and to compare with."""

import shutil

from .cache import cache, lock
from .python_env import install_into

WHEELS = {"14.0": "odoo14-addon-l10n-fr-pos-caisse-ap-ip"}
# One that all of OCA's wheels of these series name.
PYTHON = "3.10"
WHEEL = "odoo-addon-l10n-fr-pos-caisse-ap-ip"


def published_addons(series):
    """Return the addons path that holds it, as its wheel on PyPI, for a series' name.

    ``Problem`` when it cannot be had.
    """
    folder = cache("published", series)
    addons = folder / "odoo" / "addons"
    with lock(f"published-{series}"):
        if not addons.is_dir():
            shutil.rmtree(folder, ignore_errors=True)
            package = f"{WHEELS.get(series, WHEEL)}=={series}.*"
            install_into(folder, package, PYTHON)
    return addons
