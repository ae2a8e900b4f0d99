"""What Odoo does otherwise in another series: the only Python file that differs.

This is the text for 14.0.
"""

from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, models
from odoo.modules.registry import Registry

# Odoo 14.0 waits for the button "Send".
AUTO_SEND_DEFAULT = False


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


class PosOrder(models.Model):
    _inherit = "pos.order"

    def _payment_fields(self, order, ui_paymentline):
        # Early versions of 14.0 forget the terminal's receipt.
        values = super()._payment_fields(order, ui_paymentline)
        return dict(values, ticket=ui_paymentline.get("ticket"))
