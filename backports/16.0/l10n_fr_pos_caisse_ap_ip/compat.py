"""What Odoo does otherwise in another series: the only Python file that differs.

This is the text for 16.0.
"""

from contextlib import nullcontext as manage_environments  # noqa: F401

from .before_18 import PAYMENT_LINE  # noqa: F401

# Odoo 16.0 waits for the button "Send".
AUTO_SEND_DEFAULT = False
# Its Point of Sale loads no bus: the page listens itself, see static/src/news.js.
TILL_HAS_BUS = False
NOTIFICATION = "FR_CAISSE_AP_IP"
# Where an agent hears the ring, anywhere but in a worker.
BUS = "websocket"
