"""What Odoo does otherwise in another series: the only Python file that differs.

This is the text for 17.0, whose till knows no lasting name of a payment line.
"""

from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, fields, models
from odoo.modules.registry import Registry

# 17.0 waits for the cashier to send a new payment line, whatever the terminal.
AUTO_SEND_DEFAULT = False

NOTIFICATION = "FR_CAISSE_AP_IP"
# Field of ``pos.payment`` that names the payment line of the till.
PAYMENT_LINE = "fr_caisse_ap_ip_line"


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
    """Tell the till of a point of sale that these transactions changed.

    The whole states travel, so that news costs no further call; card numbers are masked
    in them.

    :param config: one ``pos.config`` record
    :param list states: what the page needs of each (dict)
    """
    session = config.current_session_id
    if session:
        config.env["bus.bus"]._sendone(
            session._get_bus_channel_name(), NOTIFICATION, {"states": states}
        )


# Where an agent hears the ring, anywhere but in a worker.
BUS = "websocket"


def ring(env, channel):
    """Ring an agent on its channel of the bus, once this is committed.

    :param str channel: nobody else knows it
    """
    env["bus.bus"].sudo()._sendone(channel, "fr_caisse_ap_ip_ring", {})


class PosSession(models.Model):
    _inherit = "pos.session"

    def _loader_params_pos_payment_method(self):
        params = super()._loader_params_pos_payment_method()
        method = self.env["pos.payment.method"]
        params["search_params"]["fields"] += method._fr_caisse_ap_ip_till_fields()
        return params


class PosPayment(models.Model):
    _inherit = "pos.payment"

    # An order that travels between tills keeps its lines' names.
    fr_caisse_ap_ip_line = fields.Char(string="Payment line", readonly=True)

    def _export_for_ui(self, payment):
        return dict(
            super()._export_for_ui(payment), **{PAYMENT_LINE: payment[PAYMENT_LINE]}
        )


class PosOrder(models.Model):
    _inherit = "pos.order"

    @api.model
    def _payment_fields(self, order, ui_paymentline):
        values = super()._payment_fields(order, ui_paymentline)
        return dict(values, **{PAYMENT_LINE: ui_paymentline.get(PAYMENT_LINE)})
