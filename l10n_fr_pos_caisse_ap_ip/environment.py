"""Environment of a thread, clock and bus: of Odoo, nearly alike in every series.

What differs little is bridged here by what is there; ``compat.py`` holds the rest.
"""

from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

from . import compat
from .bus_notifier import notify_after_commit


@contextmanager
def background_environment(dbname):
    """Give a short environment of its own to a thread that no request started.

    It commits at the end, or rolls back when an error leaves it.

    :param str dbname: the database
    :return: context manager of an :class:`odoo.api.Environment` as superuser
    """
    with compat.manage_environments(), Registry(dbname).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})


def database_time(cr):
    """Return when PostgreSQL began this transaction (datetime, UTC)."""
    if hasattr(cr, "now"):
        return cr.now()
    cr.execute("SELECT now() AT TIME ZONE 'UTC'")
    return cr.fetchone()[0]


def flush(records):
    """Write what Odoo has put off for a model: SQL sees nothing else."""
    write = getattr(records, "flush_model", None)  # from 16.0 on
    (write or records.flush)()


def send_on_bus(env, channel, name, message):
    """Put a message on Odoo's bus, which carries it once this is committed.

    :param env: an :class:`odoo.api.Environment`
    :param str channel: who hears it
    :param str name: what the message is
    :param dict message: what is said
    """
    notify_after_commit(env.cr, channel)
    bus = env["bus.bus"].sudo()
    if hasattr(bus, "_sendone"):
        bus._sendone(channel, name, message)
    else:
        bus.sendone(channel, {"type": name, "payload": message})
