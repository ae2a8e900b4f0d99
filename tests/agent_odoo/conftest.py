# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A running shop whose server reaches its terminal only through an agent.

SHOP_SERIES and SHOP_ODOO: as for the browser tests.
"""

import os

import pytest
from shop_agent import ShopAgent

from shop.running import running_shop


@pytest.fixture(scope="session")
def shop():
    series = os.environ.get("SHOP_SERIES", "19.0")
    with running_shop(series, odoo=os.environ.get("SHOP_ODOO")) as shop:
        yield shop


@pytest.fixture(scope="session")
def paired(shop, tmp_path_factory):
    """The agent, paired, with the terminal in its list."""
    return ShopAgent(shop, tmp_path_factory.mktemp("agent"))


@pytest.fixture
def agent(paired):
    """The agent at work; the terminal's customers pay unless a test says more."""
    paired.shop.terminal.forget()
    paired.start()
    yield paired
    paired.stop()
