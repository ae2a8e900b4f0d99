"""What Odoo does otherwise in another series: the only Python file that differs.

This is the text for 17.0.
"""

from contextlib import nullcontext as manage_environments  # noqa: F401

from .before_18 import PAYMENT_LINE  # noqa: F401
from .bus_notifier import notify_after_commit

# 17.0 waits for the cashier to send a new payment line, whatever the terminal.
AUTO_SEND_DEFAULT = False
# Where an agent hears the ring, anywhere but in a worker.
BUS = "websocket"
TILL_HAS_BUS = True
NOTIFICATION = "FR_CAISSE_AP_IP"


def push(config, states):
    """Tell the till of a point of sale that these transactions changed.

    The whole states travel, so that news costs no further call; card numbers are masked
    in them.

    :param config: one ``pos.config`` record
    :param list states: what the page needs of each (dict)
    """
    session = config.current_session_id
    if session:
        channel = session._get_bus_channel_name()
        notify_after_commit(config.env.cr, channel)
        config.env["bus.bus"]._sendone(channel, NOTIFICATION, {"states": states})
