"""What the till calls."""

from odoo import _, api, models
from odoo.exceptions import UserError

from .payload import SALE, is_label, is_record_id


class PosPaymentMethod(models.Model):
    _inherit = "pos.payment.method"

    def fr_caisse_ap_ip_start(self, payload):
        """Record a transaction and have it sent once the record is committed.

        Idempotent: the same reference, or a payment line whose earlier attempt may
        have moved money, is never sent again.

        :param dict payload: ``reference`` and ``line_uuid`` (str, made by the till),
            ``order_uuid`` and ``order_name`` (str), ``session_id`` (int), ``operation``
            (``debit``, ``credit`` or ``reversal``), ``amount_cents`` (int, smallest
            unit, positive), ``refunded_lines`` (ids of the order lines it refunds);
            optional: ``page`` (str, made by each page when it is loaded),
            ``order_lines`` (all payment lines of that order that the page knows),
            ``employee_id`` (int, at the till), ``manager_token`` (str, of
            :meth:`fr_caisse_ap_ip_check_manager`)
        :return: dict, see ``fr.caisse.ap.ip.transaction._to_till``
        :raise UserError: something is wrong with the payload; nothing was recorded
        """
        values, asked = self._fr_caisse_ap_ip_checked(payload)
        transactions = self._fr_caisse_ap_ip_transactions(asked["employee_id"])
        attempts = transactions.browse()
        stays_open, has_traces = transactions._find_traces(values)
        if has_traces:
            transactions._expire_leases()
            attempts = transactions._find_attempts(self, values)
            known = attempts._answer_known(values, asked["order_lines"])
            if known:
                return known
        session = self.env["pos.session"].browse(values["session_id"])
        if not stays_open:
            raise UserError(
                _("The session %s is being closed: nothing was sent.", session.name)
            )
        refusal = self._fr_caisse_ap_ip_find_refusal(transactions, values, asked)
        if refusal:
            return refusal
        values["about_id"] = transactions._find_reversed(self, values).id
        request = self._fr_caisse_ap_ip_payment_request(values)
        transaction = transactions._record(self, values, request)
        if not transaction:
            return transactions._after_collision(self, values)
        session._fr_caisse_ap_ip_use_manager_right(asked["manager_token"])
        attempts._leave_line()
        return transaction._send_after_commit(request)

    def _fr_caisse_ap_ip_find_refusal(self, transactions, values, asked):
        """Return why nothing may be sent now (dict for the till), or None.

        :param transactions: as sudo, in the name of who stands at the till
        :param dict values: checked payload
        :param dict asked: the optional part of the payload
        :raise UserError: nothing may be sent whoever asks
        """
        self._fr_caisse_ap_ip_check_database()
        missing_right = self._fr_caisse_ap_ip_find_missing_right(values, asked)
        if missing_right:
            return transactions._needs_manager_to_till(missing_right, values)
        self._fr_caisse_ap_ip_check_refund(values)
        return None

    def fr_caisse_ap_ip_cancel(self, payload):
        """Give the payment up if nothing was sent yet, even one that has not arrived.

        :param dict payload: as for :meth:`fr_caisse_ap_ip_start`
        :return: dict, its state tells: ``not_sent``, or what cannot be cancelled
        """
        values, asked = self._fr_caisse_ap_ip_checked(payload)
        transactions = self._fr_caisse_ap_ip_transactions(asked["employee_id"])
        earlier = transactions._find_earlier(self, values)
        if earlier:
            return earlier._cancel()
        given_up = transactions._record_given_up(self, values)
        if not given_up:
            return transactions._after_collision(self, values)
        return given_up._to_till()

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
    def fr_caisse_ap_ip_unfinished(self, session_id, line_uuids, page=""):
        """Note what a page holds, and return what it must know.

        :param int session_id: session of the till
        :param list line_uuids: payment lines (str) of ours in open orders of the page,
            paid ones too
        :param str page: the page
        :return: dict; ``lines``: the last attempt (dict) by payment line, with
            ``sender_message``: for another page than the one that sent it;
            ``others``: attempts (list) that no line of the page tells of: with
            ``offer``, money that no sale carries and that this page has to decide,
            as the page of its sale is gone; else what person and terminal say
            otherwise in this session
        """
        self._fr_caisse_ap_ip_check_user()
        self._fr_caisse_ap_ip_check_list(line_uuids, longest=1000)
        self._fr_caisse_ap_ip_check_label(page)
        session = self._fr_caisse_ap_ip_session(session_id)
        transactions = self._fr_caisse_ap_ip_transactions()
        transactions._expire_leases()
        if page and line_uuids:
            transactions._see(session, line_uuids, page)
        lines = transactions._find_of_lines(session, line_uuids)
        offered = transactions._find_to_decide(session, line_uuids, page)
        others = offered | transactions._find_contradicted(session)
        return {
            "lines": {
                line_uuid: dict(one._to_till(), sender_message=one._message_sender())
                for line_uuid, one in lines.items()
            },
            "others": [dict(one._to_till(), offer=one in offered) for one in others],
        }

    @api.model
    def fr_caisse_ap_ip_attach(self, reference, sale, owner_uuid, employee_id=False):
        """Give the money of an approved transaction to another payment line.

        :param str reference: the transaction
        :param dict sale: ``line_uuid``, ``order_uuid``, ``order_name`` (str),
            ``session_id`` (int) of the line that wants it; optional: ``page`` (str)
        :param str owner_uuid: the line that owns it as the page believes, or ""
        :param employee_id: who stands at the till (int), or False
        :return: dict, see ``fr.caisse.ap.ip.transaction._to_till``; its ``owner_uuid``
            says whether the line got it
        """
        found = self._fr_caisse_ap_ip_find(reference, employee_id)
        self._fr_caisse_ap_ip_check_keys(sale, SALE, {"page": is_label})
        self._fr_caisse_ap_ip_check_label(owner_uuid)
        session = self._fr_caisse_ap_ip_session(sale["session_id"])
        if session.company_id != found.company_id:
            raise UserError(_("This payment belongs to another company."))
        return found._attach_to_line(sale, owner_uuid, sale.get("page") or "")

    @api.model
    def fr_caisse_ap_ip_resolve(
        self, reference, outcome, authorisation="", employee_id=False
    ):
        """Record what a person read on the terminal about an unknown payment.

        :param str reference: the transaction
        :param str outcome: ``approved`` or ``refused``
        :param str authorisation: authorisation number on the receipt
        :param employee_id: who stands at the till (int), or False
        :return: dict, see ``fr.caisse.ap.ip.transaction._to_till``
        """
        found = self._fr_caisse_ap_ip_find(reference, employee_id)
        if outcome not in ("approved", "refused"):
            raise UserError(_("Invalid result. Reload the page (F5)."))
        if not isinstance(authorisation, str) or len(authorisation) > 20:
            raise UserError(_("An authorisation number has at most 20 characters."))
        return found._resolve(outcome, authorisation.strip())

    @api.model
    def fr_caisse_ap_ip_mark_refunded(self, reference, owner_uuid, employee_id=False):
        """Record that money which no paid order carries was given back.

        :param str reference: the transaction
        :param str owner_uuid: the line that owns it as the page believes, or ""
        :param employee_id: who stands at the till (int), or False
        :return: dict, see ``fr.caisse.ap.ip.transaction._to_till``; its ``owner_uuid``
            is empty unless somebody else has the money by now
        """
        found = self._fr_caisse_ap_ip_find(reference, employee_id)
        self._fr_caisse_ap_ip_check_label(owner_uuid)
        return found._close("refunded", owner_uuid=owner_uuid)

    @api.model
    def fr_caisse_ap_ip_check_manager(self, session_id, employee_id, pin):
        """Check the PIN of a manager among the employees of pos_hr.

        :param int session_id: session of the till
        :param int employee_id: the manager
        :param str pin: as typed
        :return: dict; ``token``: the right, once within five minutes, or "";
            ``message``: why there is none, or ""
        """
        self._fr_caisse_ap_ip_check_user()
        session = self._fr_caisse_ap_ip_session(session_id)
        if not (is_record_id(employee_id) and is_label(pin)):
            raise UserError(_("The page of the till is out of date. Reload it (F5)."))
        return session._fr_caisse_ap_ip_check_pin(employee_id, pin)

    @api.model
    def fr_caisse_ap_ip_query_terminal(self, reference):
        """Ask the terminal what became of its last transaction.

        :param str reference: an unknown transaction
        :return: dict of the inquiry, to follow by its own reference
        """
        return self._fr_caisse_ap_ip_find(reference)._query_terminal()

    @api.model
    def fr_caisse_ap_ip_check_order(self, session_id, order_uuid):
        """Check that an order may be merged into another one, before anything moves.

        :param int session_id: session of the till
        :param str order_uuid: the order that goes away
        :raise UserError: some page, not only the one that asks, has or may get money
            for it
        """
        self._fr_caisse_ap_ip_check_user()
        self._fr_caisse_ap_ip_check_list([order_uuid])
        session = self._fr_caisse_ap_ip_session(session_id)
        transactions = self._fr_caisse_ap_ip_transactions()
        transactions._find_aboard(session.company_id, order_uuid)._check_none_aboard()
        return True

    @api.model
    def fr_caisse_ap_ip_closing(self, session_id):
        """Return what the till shows before its session is closed.

        :param int session_id: the session
        :return: dict, see ``pos.session._fr_caisse_ap_ip_closing``
        :raise UserError: a payment is under way: the session must not be closed now
        """
        self._fr_caisse_ap_ip_check_user()
        session = self._fr_caisse_ap_ip_session(session_id)
        session._fr_caisse_ap_ip_check_running()
        return session._fr_caisse_ap_ip_closing()
