# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Whoever has no clone of this repository takes the zip of a series."""

import dataclasses
import subprocess
import zipfile

import pytest

from shop import addon
from shop.cache import SCRIPT


@pytest.fixture
def unpacked(installation, name, tmp_path):
    """An Odoo of the series whose addons path holds the unpacked zip alone."""
    subprocess.run([SCRIPT / "build", name, "--out", tmp_path / "dist"], check=True)
    [zipped] = (tmp_path / "dist").glob("*.zip")
    addons = tmp_path / "addons"
    zipfile.ZipFile(zipped).extractall(addons)
    assert [path.name for path in addons.iterdir()] == [addon.NAME]
    return dataclasses.replace(installation, addons=addons)


def test_zip_is_installed(unpacked, install, module, name):
    """The zip in an empty addons folder is all that an installation needs."""
    install(unpacked)
    state, version = module()
    assert state == "installed"
    assert version.startswith(f"{name}.")
