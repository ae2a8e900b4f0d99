"""The journal: one row for each attempt to take or give back money on a terminal.

The row is committed before a byte leaves for the terminal, and it is the only thing
that tills, workers and hosts share. See docs/en/developer.md, "The life of a
transaction".
"""

import json
import logging
from contextlib import contextmanager
from datetime import timedelta

import psycopg2

from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .. import exchanges
from . import series

_logger = logging.getLogger(__name__)

LEASE_SECONDS = 15
# After these the till may try again: no money can have moved.
FREE_STATES = ("refused", "not_sent")
OPEN_STATES = ("pending", "sent")
# Operations whose money must be found again in a payment of Odoo.
PAYS = ("debit", "credit")
ORPHAN = [
    ("state", "=", "approved"),
    ("operation", "in", PAYS),
    ("payment_id", "=", False),
    ("settlement", "=", False),
]


class FrCaisseApIpTransaction(models.Model):
    _name = "fr.caisse.ap.ip.transaction"
    _description = "Card terminal transaction"
    _order = "id desc"
    _rec_name = "name"

    name = fields.Char(compute="_compute_name", store=True)
    reference = fields.Char(
        required=True,
        readonly=True,
        help="Made by the till before anything is sent; the same reference is never "
        "sent twice.",
    )
    state = fields.Selection(
        [
            ("pending", "Pending"),
            ("sent", "Sent"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("unknown", "Unknown"),
            ("not_sent", "Not sent"),
        ],
        required=True,
        readonly=True,
        default="pending",
        index=True,
    )
    reason = fields.Char(readonly=True, help="Why the transaction is in this state.")
    operation = fields.Selection(
        [
            ("debit", "Debit"),
            ("credit", "Credit"),
            ("reversal", "Reversal"),
            ("duplicate", "Duplicate"),
            ("identification", "Identification"),
        ],
        required=True,
        readonly=True,
    )
    mode = fields.Char(readonly=True)
    amount_cents = fields.Integer(
        string="Amount asked, in smallest unit", required=True, readonly=True
    )
    approved_cents = fields.Integer(
        string="Amount approved, in smallest unit", readonly=True
    )
    amount = fields.Monetary(
        string="Amount asked", compute="_compute_amounts", store=True
    )
    amount_approved = fields.Monetary(compute="_compute_amounts", store=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    payment_method_id = fields.Many2one(
        "pos.payment.method", required=True, readonly=True, ondelete="restrict"
    )
    session_id = fields.Many2one(
        "pos.session", readonly=True, index=True, ondelete="restrict"
    )
    config_id = fields.Many2one(
        "pos.config", string="Point of Sale", readonly=True, index=True
    )
    user_id = fields.Many2one("res.users", string="Cashier", readonly=True)
    line = fields.Char(string="Payment line", required=True, readonly=True, index=True)
    order = fields.Char(string="Order identifier", readonly=True)
    order_name = fields.Char(string="Order", readonly=True)
    payment_id = fields.Many2one(
        "pos.payment", readonly=True, index=True, ondelete="set null"
    )
    order_id = fields.Many2one(
        "pos.order", string="Order in Odoo", related="payment_id.pos_order_id"
    )
    about_id = fields.Many2one(
        "fr.caisse.ap.ip.transaction",
        string="About",
        readonly=True,
        index=True,
        ondelete="restrict",
        help="The transaction that a reversal takes back or a duplicate asks about.",
    )
    refunded_order_id = fields.Many2one("pos.order", readonly=True, index=True)
    terminal_address = fields.Char(required=True, readonly=True)
    terminal_port = fields.Integer(required=True, readonly=True)
    lease_until = fields.Datetime(
        readonly=True,
        help="The terminal is taken until then; the server that talks to it renews "
        "the lease every few seconds.",
    )
    sent_at = fields.Datetime(readonly=True)
    settled_at = fields.Datetime(readonly=True)

    authorisation = fields.Char(string="Authorisation number", readonly=True)
    application = fields.Char(readonly=True)
    reading_mode = fields.Char(readonly=True)
    card_number = fields.Char(readonly=True, help="First six and last four digits.")
    contract = fields.Char(string="Contract number", readonly=True)
    detail_code = fields.Char(
        readonly=True, help="First two characters of AF, why it was refused."
    )
    bank_message = fields.Char(readonly=True)
    answer = fields.Text(readonly=True, help="Fields of the answer, card masked.")
    receipt = fields.Text(readonly=True)
    error = fields.Char(string="Technical error", readonly=True)
    resolved_by_id = fields.Many2one(
        "res.users", readonly=True, help="Who said what the terminal shows."
    )
    resolved_at = fields.Datetime(readonly=True)
    settlement = fields.Selection(
        [("given_back", "Given back to the customer"), ("reversed", "Reversed")],
        readonly=True,
        help="Why no payment in Odoo carries this approved transaction.",
    )
    settled_by_id = fields.Many2one("res.users", readonly=True)
    is_orphan = fields.Boolean(
        string="Without a payment in Odoo",
        compute="_compute_is_orphan",
        search="_search_is_orphan",
        help="Approved on the terminal, and no payment in Odoo carries it.",
    )
    history = fields.Text(readonly=True)
    can_ask = fields.Boolean(related="payment_method_id.fr_caisse_ap_ip_can_duplicate")

    def init(self):
        # Odoo's own ways to declare these differ in every series; SQL does not.
        self.env.cr.execute(
            """
            CREATE UNIQUE INDEX IF NOT EXISTS fr_caisse_ap_ip_one_reference
                ON fr_caisse_ap_ip_transaction (reference);
            CREATE UNIQUE INDEX IF NOT EXISTS fr_caisse_ap_ip_one_terminal
                ON fr_caisse_ap_ip_transaction (lower(terminal_address), terminal_port)
             WHERE lease_until IS NOT NULL;
            """
        )

    @api.depends("amount_cents", "approved_cents", "operation", "currency_id")
    def _compute_amounts(self):
        for transaction in self:
            sign = -1 if transaction.operation in ("credit", "reversal") else 1
            unit = sign * 10.0**-transaction.currency_id.decimal_places
            transaction.amount = transaction.amount_cents * unit
            transaction.amount_approved = transaction.approved_cents * unit

    @api.depends("order_name", "amount", "currency_id")
    def _compute_name(self):
        # Kept as it was when the row was written, so in nobody's language.
        for transaction in self:
            currency = transaction.currency_id
            amount = f"{transaction.amount:.{currency.decimal_places}f}"
            whose = transaction.order_name or transaction.payment_method_id.name
            transaction.name = f"{whose} - {amount} {currency.name}"

    @api.depends("state", "payment_id", "settlement", "operation")
    def _compute_is_orphan(self):
        for transaction in self:
            transaction.is_orphan = (
                transaction.state == "approved"
                and transaction.operation in PAYS
                and not transaction.payment_id
                and not transaction.settlement
            )

    def _search_is_orphan(self, operator, value):
        if (operator in ("=", "in")) == bool(value):
            return ORPHAN
        return ["!", "&", "&", "&"] + ORPHAN

    def _closing_group(self):
        """Return under which sum a session's closing shows this transaction (str)."""
        if self.state == "unknown":
            return "unknown"
        if self.is_orphan:
            return "orphan"
        if self.settlement:
            return "settled"
        if self.reason == "forced":
            return "forced"
        return "person" if self.reason == "resolved_approved" else "confirmed"

    # -- Start ---------------------------------------------------------------------

    def _start(self, method, demand):
        """Record a transaction and have it sent once the record is committed.

        Whoever calls again with the same reference, or for a payment line that has
        an attempt which may have moved money, gets that attempt and sends nothing.

        :param method: ``pos.payment.method`` record
        :param dict demand: checked by ``pos.payment.method``
        :return: dict for the till
        """
        self._expire_leases()
        earlier = self._find_earlier(method, demand)
        if earlier:
            return earlier._to_till()
        request = method._fr_caisse_ap_ip_payment_request(demand)
        demand = dict(demand, about_id=self._find_reversed(method, demand).id)
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                transaction = self._insert(method, demand)
        except psycopg2.errors.UniqueViolation:
            return self._after_collision(method, demand)
        transaction._send_after_commit(request)
        return transaction._to_till()

    def _give_up(self, method, demand):
        """Cancel a demand, even one that has not arrived yet.

        The row takes the reference, so that a request still on its way to the server
        finds it taken and sends nothing.
        """
        earlier = self._find_earlier(method, demand)
        if earlier:
            return earlier._cancel()
        transaction = self._insert(
            method, demand, state="not_sent", reason="given_up", lease_until=False
        )
        return transaction._to_till()

    def _insert(self, method, demand, **values):
        return self.create(
            dict(
                demand,
                payment_method_id=method.id,
                mode=method.fr_caisse_ap_ip_mode,
                company_id=method.company_id.id,
                user_id=self.env.uid,
                terminal_address=method.fr_caisse_ap_ip_address,
                terminal_port=method.fr_caisse_ap_ip_port,
                **dict({"lease_until": self._lease_end()}, **values),
            )
        )

    def _send_after_commit(self, request):
        start = self._exchange_arguments(request)
        self.env.cr.postcommit.add(lambda: exchanges.start(*start))

    def _exchange_arguments(self, request, timeout=None):
        """Return what :func:`exchanges.start` takes; ``timeout`` in seconds."""
        return (
            self.env.cr.dbname,
            self.id,
            request,
            self.terminal_address,
            self.terminal_port,
            float(timeout or self.payment_method_id.fr_caisse_ap_ip_timeout),
        )

    def _find_earlier(self, method, demand):
        """Return the attempt that this demand repeats, or none."""
        found = self.search(
            [
                ("company_id", "=", method.company_id.id),
                "|",
                ("reference", "=", demand["reference"]),
                "&",
                "&",
                ("line", "=", demand["line"]),
                ("operation", "=", demand["operation"]),
                ("state", "not in", FREE_STATES),
            ]
        )
        repeated = found.filtered(lambda one: one.reference == demand["reference"])
        return repeated or found[:1]

    def _find_reversed(self, method, demand):
        """Return the payment that a reversal takes back; none for a payment."""
        if demand["operation"] != "reversal":
            return self.browse()
        paid = self.search(
            [
                ("payment_method_id", "=", method.id),
                ("line", "=", demand["line"]),
                ("operation", "=", "debit"),
                ("state", "=", "approved"),
                ("settlement", "=", False),
                ("approved_cents", "=", demand["amount_cents"]),
            ],
            limit=1,
        )
        if not paid or not method.fr_caisse_ap_ip_can_reverse:
            raise UserError(_("This payment cannot be reversed on the terminal."))
        return paid

    def _find_holder(self, method):
        return self.search(
            [
                ("terminal_address", "=ilike", method.fr_caisse_ap_ip_address),
                ("terminal_port", "=", method.fr_caisse_ap_ip_port),
                ("lease_until", "!=", False),
            ],
            limit=1,
        )

    def _after_collision(self, method, demand):
        """Answer a till whose terminal is taken, or that lost a race by milliseconds.

        Our snapshot may not see the winner: look with a cursor of its own.
        """
        with self._fresh() as fresh:
            earlier = fresh._find_earlier(method, demand)
            if earlier:
                return earlier._to_till()
            holder = fresh._find_holder(method.with_env(fresh.env))
            if holder:
                return holder._busy_to_till()
        raise UserError(_("The terminal was busy a moment ago. Please try again."))

    @contextmanager
    def _fresh(self):
        """Give the journal as it is now: our own cursor shows it as it was."""
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, self.env.uid, self.env.context)
            yield env[self._name].sudo()

    # -- Leases --------------------------------------------------------------------

    def _database_time(self):
        """Return the time (datetime, UTC): one clock for all hosts."""
        return series.database_time(self.env.cr).replace(microsecond=0)

    def _lease_end(self):
        return self._database_time() + timedelta(seconds=LEASE_SECONDS)

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
        """Settle what a process left behind when it died.

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
                "process_stopped",
            )

    def _end_exchange(self, state, reason, **values):
        """Free the terminal; settle the transaction unless a person already did."""
        values["lease_until"] = False
        if state:
            values.update(state=state, reason=reason, settled_at=self._database_time())
        self.write(values)
        self._note(reason)
        if self.state == "approved" and self.operation == "reversal":
            self.about_id._settle("reversed")
        self._push()

    def _push(self):
        if self.config_id:
            series.push(self.config_id, [self.reference])

    def _lock(self):
        """Lock the row for the rest of the database transaction and read it anew."""
        self.env.cr.execute(
            "SELECT id FROM fr_caisse_ap_ip_transaction WHERE id = %s FOR UPDATE",
            (self.id,),
            log_exceptions=False,
        )
        if not self.env.cr.fetchone():
            raise UserError(_("This transaction does not exist any more."))

    # -- What the exchange finds ---------------------------------------------------

    def _mark_sent(self):
        """Record that the request is about to be written.

        :return: bool, False when it must not be written: given up meanwhile, or the
            lease lapsed and another process has settled the row
        """
        self.env.cr.execute(
            """
            UPDATE fr_caisse_ap_ip_transaction
               SET state = 'sent', sent_at = %(now)s
             WHERE id = %(id)s AND state = 'pending' AND lease_until >= %(now)s
            """,
            {"id": self.id, "now": self._database_time()},
            log_exceptions=False,
        )
        return bool(self.env.cr.rowcount)

    def _record_not_started(self):
        self._lock()
        if self.state == "pending":
            self._end_exchange("not_sent", "no_thread")

    def _record_verdict(self, verdict):
        """Write what the exchange ended with.

        The terminal's word settles a transaction that nobody settled, even one
        already called unknown. What a person decided is kept, except that an
        acceptance is never lost: it stands, and both are in the history.

        :param caisse_ap.Verdict verdict: of :func:`caisse_ap.exchange`
        """
        self._lock()
        values = self._verdict_values(verdict)
        decided = self.resolved_by_id or self.state in FREE_STATES
        if verdict.outcome == "approved" or not decided:
            self._end_exchange(verdict.outcome, verdict.reason, **values)
        else:
            self._end_exchange(None, "late_" + verdict.reason, answer=values["answer"])

    def _verdict_values(self, verdict):
        return {
            "approved_cents": verdict.approved_cents or 0,
            "authorisation": verdict.authorisation or self.authorisation,
            "application": verdict.application,
            "reading_mode": verdict.reading_mode,
            "card_number": verdict.card_number,
            "contract": verdict.contract,
            "detail_code": verdict.detail_code,
            "bank_message": verdict.bank_message,
            "answer": json.dumps(verdict.fields, sort_keys=True),
            # Up to 16.0 a view that hides an empty field shows an empty text.
            "receipt": verdict.receipt or False,
            "error": verdict.error,
        }

    def _note(self, text):
        """Append to the history, never rewrite it."""
        entry = f"{self._database_time()} {self.env.user.login}: {text}"
        self.history = "\n".join(filter(None, [self.history, entry.strip()]))

    # -- Links with the orders -----------------------------------------------------

    def _link_payments(self, payments):
        """Note the payments that carry accepted transactions.

        :param payments: ``pos.payment`` records whose ``transaction_id`` is a reference
        """
        by_reference = {payment.transaction_id: payment for payment in payments}
        for transaction in self.search(
            [("reference", "in", list(by_reference))] + ORPHAN
        ):
            transaction.payment_id = by_reference[transaction.reference]
            transaction._note("attached")

    def _unattached(self, session):
        """Return transactions of a point of sale that still want its attention."""
        return self.search(
            [
                ("config_id", "=", session.config_id.id),
                ("operation", "in", PAYS),
                ("payment_id", "=", False),
                ("settlement", "=", False),
                ("state", "not in", FREE_STATES),
            ]
        )

    @api.model
    def _action_open(self, domain):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "l10n_fr_pos_caisse_ap_ip.action_transactions"
        )
        return dict(action, domain=domain)
