"""What the till calls, and the checks of what it says."""

from psycopg2.errors import UniqueViolation

from odoo import _, api, models
from odoo.exceptions import AccessError, UserError

from ..caisse_ap import PAYMENTS
from .payload import PAYLOAD, is_identifier, is_record_id


class PosPaymentMethod(models.Model):
    _inherit = "pos.payment.method"

    def fr_caisse_ap_ip_start(self, payload):
        """Record a transaction and have it sent once the record is committed.

        Idempotent: the same reference, or a payment line whose earlier attempt may
        have moved money, is never sent again.

        :param dict payload: ``reference`` and ``line_uuid`` (str, made by the till),
            ``order_uuid`` and ``order_name`` (str), ``session_id`` (int), ``operation``
            (``debit``, ``credit`` or ``reversal``), ``amount_cents`` (int, smallest
            unit, positive), ``refunded_lines`` (ids of the order lines it refunds)
        :return: dict, see ``fr.caisse.ap.ip.transaction._to_till``
        :raise UserError: something is wrong with the payload; nothing was recorded
        """
        values = self._fr_caisse_ap_ip_checked(payload)
        transactions = self._fr_caisse_ap_ip_transactions()
        transactions._expire_leases()
        earlier = transactions._find_earlier(self, values)
        if earlier:
            return earlier._to_till()
        self._fr_caisse_ap_ip_check_refund(values)
        values["about_id"] = transactions._find_reversed(self, values).id
        request = self._fr_caisse_ap_ip_payment_request(values)
        try:
            transaction = transactions._record(self, values)
        except UniqueViolation:
            return transactions._after_collision(self, values)
        transaction._send_after_commit(request)
        return transaction._to_till()

    def fr_caisse_ap_ip_cancel(self, payload):
        """Give the payment up if nothing was sent yet, even one that has not arrived.

        :param dict payload: as for :meth:`fr_caisse_ap_ip_start`
        :return: dict, its state tells: ``not_sent``, or what cannot be cancelled
        """
        values = self._fr_caisse_ap_ip_checked(payload)
        transactions = self._fr_caisse_ap_ip_transactions()
        earlier = transactions._find_earlier(self, values)
        if earlier:
            return earlier._cancel()
        return transactions._record_given_up(self, values)._to_till()

    @api.model
    def fr_caisse_ap_ip_status(self, references):
        """Return what became of transactions.

        :param list references: references (str), at most 100
        :return: dict of dicts by reference; unknown references are left out
        """
        self._fr_caisse_ap_ip_check_user()
        self._fr_caisse_ap_ip_check_list(references)
        transactions = self.env["fr.caisse.ap.ip.transaction"]
        transactions._expire_leases()
        found = transactions.search([("reference", "in", references)])
        return {one.reference: one._to_till() for one in found.sudo()}

    @api.model
    def fr_caisse_ap_ip_unfinished(self, session_id, line_uuids):
        """Return what a till must know when its page (re)starts.

        :param int session_id: session of the till
        :param list line_uuids: unfinished payment lines (str) that the page remembers
        :return: dict; ``lines``: the last attempt (dict) by payment line;
            ``others``: attempts (list) that may have moved money and that no payment
            in Odoo carries yet
        """
        self._fr_caisse_ap_ip_check_user()
        self._fr_caisse_ap_ip_check_list(line_uuids)
        session = self._fr_caisse_ap_ip_session(session_id)
        transactions = self._fr_caisse_ap_ip_transactions()
        transactions._expire_leases()
        attempts = transactions.search(
            [
                ("line_uuid", "in", line_uuids),
                ("company_id", "=", session.company_id.id),
                # An inquiry decides nothing.
                ("operation", "in", PAYMENTS),
            ],
            order="id",
        )
        others = transactions._find_unfinished(session)
        return {
            "lines": {one.line_uuid: one._to_till() for one in attempts},
            "others": [one._to_till() for one in others],
        }

    @api.model
    def fr_caisse_ap_ip_resolve(self, reference, outcome, authorisation=""):
        """Record what a person read on the terminal about an unknown payment.

        :param str reference: the transaction
        :param str outcome: ``approved`` or ``refused``
        :param str authorisation: authorisation number on the slip
        :return: dict, see ``fr.caisse.ap.ip.transaction._to_till``
        """
        found = self._fr_caisse_ap_ip_find(reference)
        if outcome not in ("approved", "refused"):
            raise UserError(_("Invalid result. Reload the page (F5)."))
        if not isinstance(authorisation, str) or len(authorisation) > 20:
            raise UserError(_("An authorisation number has at most 20 characters."))
        return found._resolve(outcome, authorisation.strip())

    @api.model
    def fr_caisse_ap_ip_mark_refunded(self, reference):
        """Record that the money of an orphan was given back to the customer.

        :param str reference: the transaction
        :return: dict, see ``fr.caisse.ap.ip.transaction._to_till``
        """
        return self._fr_caisse_ap_ip_find(reference)._close("refunded")

    @api.model
    def fr_caisse_ap_ip_query_terminal(self, reference):
        """Ask the terminal what became of its last transaction.

        :param str reference: an unknown transaction
        :return: dict of the inquiry, to follow by its own reference
        """
        return self._fr_caisse_ap_ip_find(reference)._query_terminal()

    @api.model
    def fr_caisse_ap_ip_closing(self, session_id):
        """Return what the till shows before its session is closed.

        :param int session_id: the session
        :return: dict, see ``pos.session._fr_caisse_ap_ip_closing``
        """
        self._fr_caisse_ap_ip_check_user()
        return self._fr_caisse_ap_ip_session(session_id)._fr_caisse_ap_ip_closing()

    # -- Checks --------------------------------------------------------------------

    def _fr_caisse_ap_ip_transactions(self):
        return self.env["fr.caisse.ap.ip.transaction"].sudo()

    def _fr_caisse_ap_ip_find(self, reference):
        """Return the transaction that the user may see and asks about, as sudo.

        :raise UserError: there is none
        """
        self._fr_caisse_ap_ip_check_user()
        self._fr_caisse_ap_ip_check_list([reference])
        found = self.env["fr.caisse.ap.ip.transaction"].search(
            [("reference", "=", reference)]
        )
        if not found:
            raise UserError(_("The server does not know this payment."))
        return found.sudo()

    def _fr_caisse_ap_ip_check_user(self):
        if not self.env.user.has_group("point_of_sale.group_pos_user"):
            raise AccessError(
                _("Only users of the Point of Sale may use its card terminals.")
            )

    def _fr_caisse_ap_ip_check_list(self, values):
        if (
            not isinstance(values, list)
            or len(values) > 100
            or not all(map(is_identifier, values))
        ):
            raise UserError(_("The page of the till is out of date. Reload it (F5)."))

    def _fr_caisse_ap_ip_checked(self, payload):
        """Return what the till asks for, completed by what the server knows (dict).

        :raise UserError: something is wrong with the payload
        """
        self._fr_caisse_ap_ip_check_user()
        # Raises for the method of another company; one query for all that follows.
        needed = ["name", "active", "company_id", *self._fr_caisse_ap_ip_fields()]
        self.read(needed, load=None)
        self._fr_caisse_ap_ip_check_payload(payload)
        session = self._fr_caisse_ap_ip_session(payload["session_id"])
        self._fr_caisse_ap_ip_check_till(session)
        values = dict(
            payload, config_id=session.config_id.id, currency_id=session.currency_id.id
        )
        lines = self.env["pos.order.line"].browse(values.pop("refunded_lines"))
        orders = lines.exists().mapped("order_id")
        if len(orders) > 1:
            raise UserError(_("Refund one order at a time on the terminal."))
        return dict(values, refunded_order_id=orders.id)

    def _fr_caisse_ap_ip_check_payload(self, payload):
        is_whole = isinstance(payload, dict) and set(payload) == set(PAYLOAD)
        is_valid = is_whole and all(
            accepts(payload[key]) for key, accepts in PAYLOAD.items()
        )
        if len(self) != 1 or not is_valid:
            raise UserError(_("The page of the till is out of date. Reload it (F5)."))

    def _fr_caisse_ap_ip_check_till(self, session):
        """Refuse a till that must not use this payment method now."""
        if session.state != "opened":
            raise UserError(_("The session %s is not open.", session.name))
        # Archived ones too: Odoo would read them all to leave those out.
        tills = self.with_context(active_test=False).config_ids
        if session.config_id not in tills or not self.active:
            raise UserError(_("%s is not a payment method of this till.", self.name))
        if not self._fr_caisse_ap_ip_is_ours():
            raise UserError(_("%s is not linked to a card terminal.", self.name))

    def _fr_caisse_ap_ip_session(self, session_id):
        """Return the session that a till names, and that its user may see.

        :raise UserError: there is none
        """
        session = self.env["pos.session"]
        if is_record_id(session_id):
            session = session.browse(session_id)
        try:
            known = session.read(["name", "state", "config_id"], load=None)
        except AccessError:
            known = []
        if not known:
            raise UserError(_("This session does not exist."))
        return session
