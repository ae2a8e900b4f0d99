"""What Odoo does otherwise in another series: the only Python file that differs.

This is the text for 14.0.
"""

from odoo import api

from .before_18 import PAYMENT_LINE  # noqa: F401

# Odoo 14.0 waits for the button "Send".
AUTO_SEND_DEFAULT = False
# Where an agent hears the ring, anywhere but in a worker.
BUS = "longpolling"
# A thread of its own has no environments before they are managed.
manage_environments = api.Environment.manage


def push(_config, _states):
    """Tell nobody: tills of this series have no bus, they ask every second."""
