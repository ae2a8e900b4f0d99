"""How a transaction begins: found again, or recorded and sent after the commit."""

import logging

from odoo import _, models
from odoo.exceptions import UserError

from .. import background_exchanges
from ..caisse_ap import PAYMENTS
from .transaction import CARRIED_OPERATIONS

_logger = logging.getLogger(__name__)

# Whether there is anything that a start must look at: one query in place of three for
# nearly every click. Its session is not closed before the row is committed.
FIND_TRACES = """
    SELECT pg_try_advisory_xact_lock_shared(%(lock)s, %(session_id)s),
           EXISTS (SELECT 1 FROM fr_caisse_ap_ip_transaction
                    WHERE reference = %(reference)s)
        OR EXISTS (SELECT 1 FROM fr_caisse_ap_ip_transaction
                    WHERE line_uuid = %(line_uuid)s)
        OR EXISTS (SELECT 1 FROM fr_caisse_ap_ip_transaction
                    WHERE owner_uuid = %(line_uuid)s)
        OR EXISTS (SELECT 1 FROM fr_caisse_ap_ip_transaction
                    WHERE owner_order_uuid = %(order_uuid)s AND %(order_uuid)s <> '')
        OR EXISTS (SELECT 1 FROM fr_caisse_ap_ip_transaction
                    WHERE lease_until < %(now)s)
"""
# Our lock on a session, among those of PostgreSQL: many starts, or one closing.
SESSION_LOCK = 0xCA15
# What a cashier's click waits for a connection. A terminal that needs longer is
# connected to while the page waits for it already.
CONNECT_SECONDS = 0.02


class FrCaisseApIpTransaction(models.Model):
    _inherit = "fr.caisse.ap.ip.transaction"

    def _find_traces(self, values):
        """Return whether the session stays open until this is committed, and whether a
        lease lapsed or anything is known of line, order or reference (two bool).

        :param dict values: checked payload
        """
        known = dict(values, lock=SESSION_LOCK, now=self._database_time())
        self.env.cr.execute(FIND_TRACES, known)
        return self.env.cr.fetchone()

    def _forbid_starts(self, sessions):
        """Let no payment begin in these sessions before this is committed.

        Returns once those that have begun are committed.
        """
        for session_id in sorted(sessions.ids):
            lock = "SELECT pg_advisory_xact_lock(%s, %s)"
            self.env.cr.execute(lock, (SESSION_LOCK, session_id))

    def _find_attempts(self, method, values):
        """Return what a payload may repeat, and what its line has tried before.

        :param method: ``pos.payment.method`` record
        :param dict values: checked payload
        """
        return self.search(
            [
                ("company_id", "=", method.company_id.id),
                "|",
                ("reference", "=", values["reference"]),
                "&",
                ("operation", "=", values["operation"]),
                "|",
                ("line_uuid", "=", values["line_uuid"]),
                ("owner_uuid", "=", values["line_uuid"]),
            ]
        )

    def _find_earlier(self, method, values):
        """Return the attempt that a payload repeats, or none."""
        return self._find_attempts(method, values)._pick_earlier(values)

    def _pick_earlier(self, values):
        """Return the one of these attempts that a payload repeats, or none."""
        repeated = self.filtered(lambda one: one.reference == values["reference"])
        line_uuid = values["line_uuid"]
        return repeated or self.filtered(lambda one: one._binds(line_uuid))[:1]

    def _answer_known(self, values, line_uuids):
        """Return what a till is told in place of a new transaction (dict), or None.

        :param dict values: checked payload, of which these are the attempts
        :param line_uuids: payment lines (str) of the order that the page knows; None
            when it does not say
        """
        earlier = self._pick_earlier(values)
        if earlier:
            return earlier._to_till()
        on_order = line_uuids is not None and self._find_on_order(values, line_uuids)
        return on_order._order_busy_to_till() if on_order else None

    def _find_reversed(self, method, values):
        """Return the payment that a reversal takes back; none for a payment.

        :raise UserError: there is none, or the terminal cannot
        """
        if values["operation"] != "reversal":
            return self.browse()
        paid = self.search(
            [
                ("payment_method_id", "=", method.id),
                ("owner_uuid", "=", values["line_uuid"]),
                ("operation", "=", "debit"),
                ("state", "=", "approved"),
                ("resolution", "=", False),
                ("approved_cents", "=", values["amount_cents"]),
            ],
            limit=1,
        )
        if not paid or not method.fr_caisse_ap_ip_can_reverse:
            raise UserError(_("This payment cannot be reversed on the terminal."))
        later = paid._find_later_on_terminal()
        if later:
            raise UserError(
                _(
                    "The terminal has taken another payment since (%(till)s: "
                    "%(payment)s): it would reverse that one. Refund this one instead.",
                    till=later.config_id.name,
                    payment=later._summary(),
                )
            )
        return paid

    def _find_later_on_terminal(self):
        """Return what the same terminal took or may have taken since, or none."""
        return self.search(
            [
                ("id", ">", self.id),
                ("terminal_address", "=", self.terminal_address),
                ("terminal_port", "=", self.terminal_port),
                ("terminal_network", "=", self.terminal_network),
                ("operation", "in", PAYMENTS),
                ("state", "in", ("sent", "approved", "unknown")),
            ],
            limit=1,
        )

    def _record(self, method, values, request=None, **more):
        """Insert a row; it takes the terminal unless ``more`` says otherwise.

        :param method: ``pos.payment.method`` record
        :param dict values: checked payload
        :param caisse_ap.Request request: what is to be sent
        :param more: fields that this row has otherwise
        :return: the record; none when the terminal is taken, the order or the reference
        """
        fields = dict(
            self._method_values(method),
            agent_request=method._fr_caisse_ap_ip_agent_request(request),
            state="pending",
            lease_until=self._lease_end(),
            **values,
        )
        if fields["operation"] in CARRIED_OPERATIONS:
            fields.update(
                owner_uuid=fields["line_uuid"],
                owner_order_uuid=fields.get("order_uuid"),
                owner_order_name=fields.get("order_name"),
                seen_at=fields.get("page") and self._database_time(),
            )
        return self._insert(dict(fields, **more))

    def _record_given_up(self, method, values):
        """Insert a row that is never sent.

        It takes the reference, so that a request still on its way to the server finds
        it taken and sends nothing.

        :return: the record; none when the request was quicker
        """
        return self._record(
            method, values, state="not_sent", reason="given_up", lease_until=False
        )

    def _method_values(self, method):
        return {
            "payment_method_id": method.id,
            "mode": method.fr_caisse_ap_ip_mode,
            "company_id": method.company_id.id,
            "user_id": self.env.uid,
            "cashier_name": self._person_name(),
            **method._fr_caisse_ap_ip_terminal_values(),
        }

    def _send_after_commit(self, request):
        """Have the request leave once the row is committed.

        The connection is made meanwhile. When it stands in time, the row is committed
        as sent, which saves the exchange a database transaction of its own.

        :param caisse_ap.Request request: what to send
        :return: dict, see :meth:`_to_till`
        """
        if self.agent_id:
            self._hand_to_agent()
            return self._to_till()
        exchange = background_exchanges.Exchange(*self._exchange_arguments(request))
        try:
            exchange.begin()
        except RuntimeError:
            _logger.exception("Caisse-AP: no thread for transaction %s", self.id)
            self._record_not_started()
            return self._to_till()
        self.env.cr.postrollback.add(exchange.abandon)
        reply = self._to_till()
        is_marked = exchange.is_connected(CONNECT_SECONDS) and self._mark_sent()
        self.env.cr.postcommit.add(lambda: exchange.leave(is_marked))
        return reply

    def _exchange_arguments(self, request, timeout=None):
        """Return what :class:`background_exchanges.Exchange` takes.

        :param caisse_ap.Request request: what to send
        :param float timeout: seconds, unless the method's own
        """
        return (
            self.env.cr.dbname,
            self.id,
            request,
            self.terminal_address,
            self.terminal_port,
            float(timeout or self.payment_method_id.fr_caisse_ap_ip_timeout),
        )

    def _after_collision(self, method, values):
        """Answer a till whose terminal is taken, or that lost a race by milliseconds.

        Our snapshot may not see the winner: look with a cursor of its own.

        :return: dict for the till
        """
        with self._fresh() as fresh:
            earlier = fresh._find_earlier(method, values)
            if earlier:
                return earlier._to_till()
            holder = fresh._find_holder(method.with_env(fresh.env))
            if holder:
                return holder._busy_to_till()
            on_order = fresh._find_on_order(values, [])
            if on_order:
                return on_order._order_busy_to_till()
        raise UserError(_("The terminal was busy a moment ago. Please try again."))
