"""News of a payment, told to Odoo's bus by a connection that stands already.

For each NOTIFY Odoo connects to PostgreSQL anew and waits for the disk, while somebody
waits for the news. What is told here comes first; Odoo's own NOTIFY follows as ever, so
nothing depends on this one.
"""

import json
import logging
import os
import threading
import time

import psycopg2
from psycopg2 import sql

from odoo.sql_db import connection_info_for

_logger = logging.getLogger(__name__)

# As long as Odoo keeps its own: a firewall may forget an older one without a word.
IDLE_SECONDS = 600
# Python runs one thread at a time: the one that brings it to the page goes first.
HEAD_START_SECONDS = 0.01
# Nothing is lost with it: what it tells of is on the disk already.
NOTIFY = sql.SQL("SET LOCAL synchronous_commit = off; SELECT {}('imbus', %s)").format(
    sql.Identifier(os.environ.get("ODOO_NOTIFY_FUNCTION", "pg_notify"))
)

_lock = threading.Lock()
_connections = {}  # by process: a worker is a fork of its server


def notify_after_commit(cr, channel):
    """Have the bus look at a channel as soon as this is committed.

    To be called before the message is put on the bus: what Odoo does after the commit
    it does in this order.

    :param cr: cursor of the message
    :param str channel: as it is given to the bus
    """
    # Up to 14.0 a channel has no database.
    payload = json.dumps([[cr.dbname, channel], channel])
    cr.postcommit.add(lambda: notify(payload))


def notify(payload):
    """Tell the bus, or leave it to Odoo.

    :param str payload: JSON list of channels
    """
    try:
        with _lock:
            _notify(payload)
    except psycopg2.Error as error:
        _logger.info("Caisse-AP: Odoo tells its bus alone: %s", error)
    else:
        time.sleep(HEAD_START_SECONDS)


def _notify(payload):
    connection, used_at = _connections.pop(os.getpid(), (None, 0))
    if not connection or time.monotonic() - used_at > IDLE_SECONDS:
        connection = psycopg2.connect(**connection_info_for("postgres")[1])
    with connection, connection.cursor() as cr:
        cr.execute(NOTIFY, (payload,))
    _connections[os.getpid()] = connection, time.monotonic()
