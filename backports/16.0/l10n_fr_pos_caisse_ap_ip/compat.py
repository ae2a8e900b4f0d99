"""What Odoo does otherwise in another series: the only Python file that differs.

This is the text for 16.0.
"""

from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, models
from odoo.modules.registry import Registry

# Odoo 16.0 waits for the button "Send".
AUTO_SEND_DEFAULT = False


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


def push(_config, _states):
    """Tell nobody: tills of this series have no bus, they ask every second."""


class PosSession(models.Model):
    _inherit = "pos.session"

    def _loader_params_pos_payment_method(self):
        params = super()._loader_params_pos_payment_method()
        params["search_params"]["fields"] += self.env[
            "pos.payment.method"
        ]._fr_caisse_ap_ip_till_fields()
        return params
