"""News reach Odoo's bus by a connection that stands already, or by Odoo's own."""

import json
import select
from unittest.mock import patch

import psycopg2

from odoo.sql_db import connection_info_for
from odoo.tests import tagged

from .. import bus_notifier
from ..environment import send_on_bus
from .common import TerminalCase

HEARD_SECONDS = 10


@tagged("post_install", "-at_install")
class TestBusNotifier(TerminalCase):
    def setUp(self):
        super().setUp()
        self.bus = psycopg2.connect(**connection_info_for("postgres")[1])
        self.addCleanup(self.bus.close)
        self.bus.autocommit = True
        self.execute("LISTEN imbus")

    def execute(self, query):
        with self.bus.cursor() as cr:
            cr.execute(query)

    def hears(self, payload):
        """Return whether Odoo's bus would hear it; others may say something too."""
        while select.select([self.bus], [], [], HEARD_SECONDS)[0]:
            self.bus.poll()
            heard = [notify.payload for notify in self.bus.notifies]
            self.bus.notifies.clear()
            if payload in heard:
                return True
        return False

    def test_bus_hears(self):
        """The second time by the same connection."""
        for payload in ('["a first channel"]', '["a second channel"]'):
            bus_notifier.notify(payload)
            self.assertTrue(self.hears(payload))
        self.assertEqual(len(bus_notifier._connections), 1)

    def test_connection_lost(self):
        """PostgreSQL restarts: Odoo tells the bus alone, once."""
        bus_notifier.notify('["before"]')
        [(connection, _used_at)] = bus_notifier._connections.values()
        pid = connection.get_backend_pid()
        self.execute(f"SELECT pg_terminate_backend({pid})")
        bus_notifier.notify('["lost"]')
        self.assertFalse(bus_notifier._connections)
        bus_notifier.notify('["after"]')
        self.assertTrue(self.hears('["after"]'))

    def test_connection_left_alone_for_long(self):
        """A firewall may have forgotten it: another one is made."""
        bus_notifier.notify('["before"]')
        self.enter(patch.object(bus_notifier, "IDLE_SECONDS", -1))
        connect = self.enter(
            patch.object(psycopg2, "connect", side_effect=psycopg2.connect)
        )
        bus_notifier.notify('["after"]')
        self.assertTrue(connect.called)

    def test_what_the_bus_is_told(self):
        """The channel as every series names it, after the commit, before Odoo."""
        notify = self.enter(patch.object(bus_notifier, "notify"))
        send_on_bus(self.env, "a-channel", "a_name", {})
        self.assertFalse(notify.called)
        self.env.cr.postcommit.run()
        [payload] = notify.call_args[0]
        named = [self.env.cr.dbname, "a-channel"]
        self.assertEqual(json.loads(payload), [named, "a-channel"])
