"""What Odoo does otherwise in another series: the only Python file that differs.

This is the text for 19.0; ``backports/SERIES`` holds the others.
"""

from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, models
from odoo.modules.registry import Registry

# 18.0 and 19.0 send a new payment line to the terminal by themselves.
AUTO_SEND_DEFAULT = True

NOTIFICATION = "FR_CAISSE_AP_IP"
# Field of ``pos.payment`` that names the payment line of the till.
PAYMENT_LINE = "uuid"


@contextmanager
def background_environment(dbname):
    """Give a short environment of its own to a thread that no request started.

    It commits at the end, or rolls back when an error leaves it.

    :param str dbname: the database
    :return: context manager of an :class:`odoo.api.Environment` as superuser
    """
    with Registry(dbname).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})


def database_time(cr):
    """Return when PostgreSQL began this transaction (datetime, UTC)."""
    return cr.now()


def push(config, states):
    """Tell the tills of a point of sale that these transactions changed.

    The whole states travel, so that news costs no further call; card numbers are masked
    in them.

    :param config: one ``pos.config`` record
    :param list states: what the page needs of each (dict)
    """
    config._notify(NOTIFICATION, {"states": states})


# Where an agent hears the ring, anywhere but in a worker.
BUS = "websocket"


def ring(env, channel):
    """Ring an agent on its channel of the bus, once this is committed.

    :param str channel: nobody else knows it
    """
    env["bus.bus"].sudo()._sendone(channel, "fr_caisse_ap_ip_ring", {})


class PosPaymentMethod(models.Model):
    _inherit = "pos.payment.method"

    @api.model
    def _load_pos_data_fields(self, config):
        return (
            super()._load_pos_data_fields(config) + self._fr_caisse_ap_ip_till_fields()
        )
