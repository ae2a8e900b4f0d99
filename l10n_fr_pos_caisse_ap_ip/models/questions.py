"""The button that tests the connection with a terminal."""

import time
import uuid
from contextlib import contextmanager

from odoo import _, api, models
from odoo.exceptions import AccessError, UserError

from .. import exchanges

# A terminal that is going to identify itself does it at once.
TIMEOUT_SECONDS = 15


class PosPaymentMethod(models.Model):
    _inherit = "pos.payment.method"

    def action_fr_caisse_ap_ip_test(self):
        """Ask the terminal to identify itself; no money moves.

        :return: client action that says in words what was found
        :raise UserError: a payment waits on this terminal
        """
        self.ensure_one()
        if not self.env.user.has_group("point_of_sale.group_pos_manager"):
            raise AccessError(_("Only a manager of the Point of Sale tests terminals."))
        transaction_id = self._fr_caisse_ap_ip_record_test()
        began = time.monotonic()
        with self._fr_caisse_ap_ip_fresh_journal() as journal:
            test = journal.browse(transaction_id)
            arguments = test._exchange_arguments(
                self._fr_caisse_ap_ip_request("identification", self.env["pos.config"]),
                TIMEOUT_SECONDS,
            )
        exchanges.run(*arguments)
        milliseconds = round((time.monotonic() - began) * 1000)
        with self._fr_caisse_ap_ip_fresh_journal() as journal:
            return journal.browse(transaction_id)._test_notification(milliseconds)

    @contextmanager
    def _fr_caisse_ap_ip_fresh_journal(self):
        """Give the journal as it is now: our own cursor shows it as it was."""
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, self.env.uid, self.env.context)
            yield env["fr.caisse.ap.ip.transaction"].sudo()

    def _fr_caisse_ap_ip_record_test(self):
        """Take the terminal, so that no payment starts meanwhile; return the id."""
        with self._fr_caisse_ap_ip_fresh_journal() as journal:
            method = self.with_env(journal.env)
            journal._expire_leases()
            holder = journal._find_holder(method)
            if holder:
                raise UserError(holder._busy_to_till()["message"])
            reference = str(uuid.uuid4())
            return journal._insert(
                method,
                {
                    "reference": reference,
                    "line": reference,
                    "operation": "identification",
                    "amount_cents": 0,
                    "currency_id": method.company_id.currency_id.id,
                },
            ).id
