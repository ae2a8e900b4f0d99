"""What Odoo does otherwise in another series: the only Python file that differs.

This is the text for 14.0.
"""

from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, fields, models
from odoo.modules.registry import Registry

# Odoo 14.0 waits for the button "Send".
AUTO_SEND_DEFAULT = False

# Field of ``pos.payment`` that names the payment line of the till.
PAYMENT_LINE = "fr_caisse_ap_ip_line"


@contextmanager
def background_environment(dbname):
    """Give a short environment of its own to a thread that no request started.

    It commits at the end, or rolls back when an error leaves it.

    :param str dbname: the database
    :return: context manager of an :class:`odoo.api.Environment` as superuser
    """
    with api.Environment.manage(), Registry(dbname).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})


def database_time(cr):
    """Return when PostgreSQL began this transaction (datetime, UTC)."""
    cr.execute("SELECT now() AT TIME ZONE 'UTC'")
    return cr.fetchone()[0]


def push(_config, _states):
    """Tell nobody: tills of this series have no bus, they ask every second."""


# Where an agent hears the ring, anywhere but in a worker.
BUS = "longpolling"


def ring(env, channel):
    """Ring an agent on its channel of the bus, once this is committed.

    :param str channel: nobody else knows it
    """
    env["bus.bus"].sudo().sendone(channel, {})


class PosPayment(models.Model):
    _inherit = "pos.payment"

    # A table that is saved and opened again keeps its lines' names.
    fr_caisse_ap_ip_line = fields.Char(string="Payment line", readonly=True)

    def _export_for_ui(self, payment):
        values = super()._export_for_ui(payment)
        return dict(values, **{PAYMENT_LINE: payment[PAYMENT_LINE]})

    @api.model
    def search_read(self, domain=None, fields=None, *args, **kwargs):
        # How pos_restaurant, which may be loaded after us, reads a table's payments.
        if fields and "payment_status" in fields:
            fields = [*fields, PAYMENT_LINE]
        return super().search_read(domain, fields, *args, **kwargs)


class PosOrder(models.Model):
    _inherit = "pos.order"

    def _payment_fields(self, order, ui_paymentline):
        values = super()._payment_fields(order, ui_paymentline)
        # Early versions of 14.0 forget the terminal's receipt.
        values["ticket"] = ui_paymentline.get("ticket")
        return dict(values, **{PAYMENT_LINE: ui_paymentline.get(PAYMENT_LINE)})
