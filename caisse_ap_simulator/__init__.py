# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A card terminal to test against: a real TCP socket, no card, no money.

`SimulatedTerminal` is one for a test; `Terminal` the same for an event loop of yours.
"""

from .ledger import Entry, Ledger, Received
from .scenarios import MAGIC_CENTS, SCENARIOS, Scenario
from .terminal import Terminal
from .threaded import SimulatedTerminal, SimulatedTerminals

__all__ = [
    "MAGIC_CENTS",
    "SCENARIOS",
    "Entry",
    "Ledger",
    "Received",
    "Scenario",
    "SimulatedTerminal",
    "SimulatedTerminals",
    "Terminal",
]
