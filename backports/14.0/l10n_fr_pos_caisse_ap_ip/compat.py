"""What Odoo does otherwise in another series: the only Python file that differs.

This is the text for 14.0.
"""

from contextlib import contextmanager

from odoo import api

from .before_18 import PAYMENT_LINE  # noqa: F401

# Odoo 14.0 waits for the button "Send".
AUTO_SEND_DEFAULT = False
# Its Point of Sale loads no bus: the page listens itself, see static/src/news.js.
TILL_HAS_BUS = False
NOTIFICATION = "FR_CAISSE_AP_IP"
# Where an agent hears the ring, anywhere but in a worker.
BUS = "longpolling"


@contextmanager
def manage_environments():
    """Give environments of their own to whoever uses a cursor of its own.

    Up to 14.0 all those of a thread share what is still to be written: the second
    cursor would write and commit what the first one has put off.
    """
    local = api.Environment._local
    outer = getattr(local, "environments", None)
    local.environments = api.Environments()
    try:
        yield
    finally:
        del local.environments
        if outer is not None:
            local.environments = outer
