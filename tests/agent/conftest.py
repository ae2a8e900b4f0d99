# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A shop with one terminal and an agent, and an Odoo to dial."""

import pytest
from fake_odoo import TOKEN, FakeOdoo

from caisse_ap_agent.config import Config, Terminal
from caisse_ap_simulator.pytest_plugin import simulated_terminal

__all__ = ["config", "odoo", "simulated_terminal"]


@pytest.fixture
def odoo():
    with FakeOdoo() as odoo:
        yield odoo


@pytest.fixture
def config(tmp_path, odoo, simulated_terminal):
    terminal = Terminal(simulated_terminal.host, simulated_terminal.port)
    return Config(
        tmp_path / "agent", url=odoo.url, token=TOKEN, terminals={"counter": terminal}
    )
