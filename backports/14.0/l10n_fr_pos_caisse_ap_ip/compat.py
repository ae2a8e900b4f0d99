"""What Odoo does otherwise in another series: the only Python file that differs.

This is the text for 14.0.
"""

from odoo import api

from .before_18 import PAYMENT_LINE  # noqa: F401

# Odoo 14.0 waits for the button "Send".
AUTO_SEND_DEFAULT = False
# Its Point of Sale loads no bus: the page listens itself, see static/src/news.js.
TILL_HAS_BUS = False
NOTIFICATION = "FR_CAISSE_AP_IP"
# Where an agent hears the ring, anywhere but in a worker.
BUS = "longpolling"
# A thread of its own has no environments before they are managed.
manage_environments = api.Environment.manage
