"""What Odoo does otherwise in another series: the only Python file that differs.

This is the text for 19.0; ``backports/SERIES`` holds the others.
"""

from contextlib import nullcontext as manage_environments  # noqa: F401

from odoo import api, models

from .bus_notifier import notify_after_commit

# 18.0 and 19.0 send a new payment line to the terminal by themselves.
AUTO_SEND_DEFAULT = True
# Where an agent hears the ring, anywhere but in a worker.
BUS = "websocket"
TILL_HAS_BUS = True
NOTIFICATION = "FR_CAISSE_AP_IP"
# Field of ``pos.payment`` that names the payment line of the till.
PAYMENT_LINE = "uuid"


def push(config, states):
    """Tell the tills of a point of sale that these transactions changed.

    The whole states travel, so that news costs no further call; card numbers are masked
    in them.

    :param config: one ``pos.config`` record
    :param list states: what the page needs of each (dict)
    """
    # The two fields that Odoo's bus needs; it would read two rows of a hundred.
    config.read(["access_token"], load=None)
    config.env.user.read(["company_id"], load=None)
    notify_after_commit(config.env.cr, config.access_token)
    config._notify(NOTIFICATION, {"states": states})


class PosPaymentMethod(models.Model):
    _inherit = "pos.payment.method"

    @api.model
    def _load_pos_data_fields(self, config):
        return (
            super()._load_pos_data_fields(config) + self._fr_caisse_ap_ip_till_fields()
        )
