# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A terminal for the tests of any till; pytest finds it once the package is installed.

    def test_sale(simulated_terminal):
        simulated_terminal.play("refuse")
        ...  # the till calls simulated_terminal.host, simulated_terminal.port
        assert simulated_terminal.ledger.last.decision == "refused"

`simulated_terminal` is a caisse_ap_simulator.SimulatedTerminal.
"""

import pytest

from . import SimulatedTerminal


@pytest.fixture
def simulated_terminal():
    """A terminal of its own for one test; its customer pays at once."""
    with SimulatedTerminal() as terminal:
        yield terminal
