# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A running shop whose server reaches its terminal only through an agent.

FAULTS: all for those too that take long.
"""

import os

import pytest
from shop_agent import ShopAgent
from tcp_proxy import TcpProxy

LONG = "takes_long"


def pytest_configure(config):
    config.addinivalue_line("markers", f"{LONG}: played by script/faults")


def pytest_collection_modifyitems(config, items):
    """Leave out what takes long, unless all was asked for."""
    if os.environ.get("FAULTS") != "all":
        long = [item for item in items if item.get_closest_marker(LONG)]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.fixture(scope="session")
def line(shop):
    """What the agent and Odoo say to each other passes here, and can be cut."""
    with TcpProxy(shop.odoo.port) as line:
        yield line


@pytest.fixture(scope="session")
def paired(shop, line, tmp_path_factory):
    """The agent, paired, with the terminal in its list."""
    return ShopAgent(shop, tmp_path_factory.mktemp("agent"), line.url)


@pytest.fixture
def away(paired, line):
    """The agent, which a test starts; the terminal's customers pay at once."""
    paired.shop.terminal.forget()
    try:
        yield paired
    finally:
        line.repair()
        paired.process.stop()


@pytest.fixture
def agent(away):
    """The agent at work."""
    away.start()
    return away
