# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""An Odoo of the series that SHOP_SERIES names, and databases without our addon."""

import os

import pytest

from shop import addon, database, series
from shop.installation import ready

MODULE = "SELECT state, latest_version FROM ir_module_module WHERE name = %s"


@pytest.fixture(scope="session")
def name():
    return os.environ.get("SHOP_SERIES", "19.0")


@pytest.fixture(scope="session")
def installation(name):
    with ready(series.named(name), os.environ.get("SHOP_ODOO")) as installation:
        yield installation


@pytest.fixture
def shop(installation):
    """The name of a database with the Point of Sale and no addon of ours."""
    name = database.test_name(installation)
    with database.empty_template(installation, "fr_FR") as empty:
        database.copy(installation, empty, name)
    database.set_comment(installation, name, database.test_label())
    yield name
    database.drop(installation, name)


@pytest.fixture
def install(shop):
    """Have an Odoo install the addon that its addons path holds."""

    def install(installation):
        words = ["-d", shop, "-i", addon.NAME, "--no-http", "--stop-after-init"]
        installation.run("install", [*installation.command("install"), *words])

    return install


@pytest.fixture
def module(installation, shop):
    """Read what the database says of the addon: its state and its version."""

    def module():
        [[state, version]] = installation.sql(shop, MODULE, [addon.NAME])
        return state, version

    return module
