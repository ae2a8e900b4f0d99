"""Who holds a terminal: one transaction at a time, as long as its process lives.

The lock is a partial unique index of PostgreSQL, so it holds across tills, workers and
hosts. A lease says that the process behind it is alive: the process renews it every few
seconds (``background_exchanges.py``), and any other one ends what it left behind.
"""

import logging
from datetime import timedelta

from odoo import _, api, models
from odoo.exceptions import UserError

from .. import environment

_logger = logging.getLogger(__name__)

LEASE_SECONDS = 15


class FrCaisseApIpTransaction(models.Model):
    _inherit = "fr.caisse.ap.ip.transaction"

    def init(self):
        # Odoo's own ways to declare these differ in every series; SQL does not.
        self.env.cr.execute(
            """
            CREATE UNIQUE INDEX IF NOT EXISTS fr_caisse_ap_ip_one_reference
                ON fr_caisse_ap_ip_transaction (reference);
            CREATE UNIQUE INDEX IF NOT EXISTS fr_caisse_ap_ip_one_terminal
                ON fr_caisse_ap_ip_transaction
                   (terminal_address, terminal_port, coalesce(terminal_network, 0))
             WHERE lease_until IS NOT NULL;
            """
        )
        return super().init()

    def _database_time(self):
        """Return the time (datetime, UTC): one clock for all hosts."""
        return environment.database_time(self.env.cr).replace(microsecond=0)

    def _lease_end(self):
        return self._database_time() + timedelta(seconds=LEASE_SECONDS)

    def _find_holder(self, method):
        """Return the transaction that holds the terminal of a method, or none."""
        terminal = method._fr_caisse_ap_ip_terminal_values()
        return self.search(
            [
                ("terminal_address", "=", terminal["terminal_address"]),
                ("terminal_port", "=", terminal["terminal_port"]),
                ("terminal_network", "=", terminal["terminal_network"]),
                ("lease_until", "!=", False),
            ],
            limit=1,
        )

    def _lock(self):
        """Lock the row for the rest of the database transaction and read it anew.

        :raise UserError: it was deleted
        """
        self.env.cr.execute(
            "SELECT id FROM fr_caisse_ap_ip_transaction WHERE id = %s FOR UPDATE",
            (self.id,),
            log_exceptions=False,
        )
        if not self.env.cr.fetchone():
            raise UserError(_("This transaction does not exist any more."))

    def _renew_leases(self):
        """Called every few seconds by the process that runs these exchanges."""
        self.env.cr.execute(
            """
            UPDATE fr_caisse_ap_ip_transaction
               SET lease_until = %s
             WHERE id IN %s AND lease_until IS NOT NULL
            """,
            (self._lease_end(), tuple(self.ids)),
            log_exceptions=False,
        )

    @api.model
    def _expire_leases(self):
        """End what a process left behind when it died.

        A row still ``pending`` cannot be sent any more: `_mark_sent` refuses a lapsed
        lease. One that was sent may have moved money.
        """
        self.env.cr.execute(
            """
            SELECT id FROM fr_caisse_ap_ip_transaction
             WHERE lease_until < %s
               FOR UPDATE SKIP LOCKED
            """,
            (self._database_time(),),
        )
        lapsed = self.sudo().browse(row[0] for row in self.env.cr.fetchall())
        for transaction in lapsed:
            _logger.warning("Caisse-AP: lease of transaction %s lapsed", transaction.id)
            transaction._end_exchange(
                {"pending": "not_sent", "sent": "unknown"}.get(transaction.state),
                transaction._lapse_reason(),
            )
