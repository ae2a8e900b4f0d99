"""Inquiries: questions to a terminal that move no money."""

import time
import uuid

from odoo import _, models
from odoo.exceptions import AccessError, UserError

from .. import background_exchanges

# A terminal that is going to answer an inquiry does it at once.
TIMEOUT_SECONDS = 15


class PosPaymentMethod(models.Model):
    _inherit = "pos.payment.method"

    def action_fr_caisse_ap_ip_test(self):
        """Ask the terminal to identify itself.

        :return: client action that says in words what was found
        :raise UserError: a payment waits on this terminal
        """
        self.ensure_one()
        self.read(["name"])  # raises for another company's
        transactions = self.env["fr.caisse.ap.ip.transaction"]
        return transactions._query_and_show(
            lambda fresh: fresh._record_identification(self.with_env(fresh.env))
        )


class FrCaisseApIpTransaction(models.Model):
    _inherit = "fr.caisse.ap.ip.transaction"

    def action_query_terminal(self):
        """Ask the terminal to repeat its last transaction.

        :return: client action that shows what it says; a person then decides
        :raise UserError: the terminal cannot, or a payment waits on it
        """
        self.ensure_one()
        self.read(["reference"])  # raises for another company's
        return self._query_and_show(
            lambda fresh: fresh.browse(self.id)._record_duplicate()
        )

    def _query_and_show(self, record):
        """Record an inquiry, make it, and return the client action with the answer.

        :param record: function of the transactions (sudo, with a cursor that is
            committed before the request leaves); it returns the row of the inquiry and
            its request
        """
        if not self.env.user.has_group("point_of_sale.group_pos_manager"):
            raise AccessError(
                _("Only a manager of the Point of Sale can query a terminal.")
            )
        began = time.monotonic()
        with self._fresh() as fresh:
            inquiry, request = record(fresh)
            arguments = inquiry._exchange_arguments(request, TIMEOUT_SECONDS)
            has_agent = bool(inquiry.agent_id)
            if has_agent:
                inquiry._hand_to_agent()
        if has_agent:
            inquiry._wait_for_agent()
        else:
            background_exchanges.run(*arguments)
        milliseconds = round((time.monotonic() - began) * 1000)
        with self._fresh() as fresh:
            return fresh.browse(inquiry.id)._notification(milliseconds)

    def _record_identification(self, method):
        """Return the row of a test of the connection, and its request."""
        config = self.env["pos.config"]
        request = method._fr_caisse_ap_ip_request("identification", config)
        inquiry = self._record_inquiry(
            method,
            request,
            {
                "line_uuid": str(uuid.uuid4()),
                "operation": "identification",
                "amount_cents": 0,
                "currency_id": method.company_id.currency_id.id,
            },
        )
        return inquiry, request

    def _record_duplicate(self):
        """Return the row of an inquiry about this transaction, and its request.

        :raise UserError: the terminal cannot repeat, or is in use
        """
        method = self.payment_method_id
        if not method.fr_caisse_ap_ip_can_duplicate:
            raise UserError(_("This terminal cannot repeat its last transaction."))
        request = method._fr_caisse_ap_ip_request(
            "duplicate", self.config_id, self.currency_id, self.amount_cents
        )
        inquiry = self._record_inquiry(
            method,
            request,
            {
                "line_uuid": self.line_uuid,
                "order_name": self.order_name,
                "session_id": self.session_id.id,
                "config_id": self.config_id.id,
                "currency_id": self.currency_id.id,
                "operation": "duplicate",
                "amount_cents": self.amount_cents,
                "about_id": self.id,
            },
        )
        self._note("queried")
        return inquiry, request

    def _record_inquiry(self, method, request, values):
        """Take the terminal, so that no payment starts meanwhile.

        :raise UserError: it is in use
        """
        method._fr_caisse_ap_ip_check_database()
        self._expire_leases()
        holder = self._find_holder(method)
        if holder:
            raise UserError(holder._busy_to_till()["message"])
        values = dict(values, reference=str(uuid.uuid4()))
        inquiry = self._record(method, values, request)
        if not inquiry:
            raise UserError(_("The terminal was busy a moment ago. Please try again."))
        return inquiry

    def _query_terminal(self):
        """Ask the same in the background, for a till.

        :return: dict for the till, of the inquiry; its message is for a person, who
            decides: the last transaction may be another till's
        :raise UserError: the terminal cannot, or is in use
        """
        inquiry, request = self._record_duplicate()
        return inquiry._send_after_commit(request)
