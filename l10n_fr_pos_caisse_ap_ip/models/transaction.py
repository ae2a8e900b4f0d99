"""A transaction: one attempt to take or give back money on a terminal, one row.

The row is committed before a byte leaves for the terminal, and it is the only thing
that tills, workers and hosts share. See docs/en/developer.md, "The life of a
transaction".
"""

from contextlib import contextmanager

from odoo import api, fields, models

from .. import compat

# After these the till may try again: no money can have moved.
FREE_STATES = ("refused", "not_sent")
# No news comes by itself after these.
FINAL_STATES = ("approved", *FREE_STATES)
OPEN_STATES = ("pending", "sent")
# Operations whose money must be found again in a payment of Odoo.
CARRIED_OPERATIONS = ("debit", "credit")
ORPHAN = [
    ("state", "=", "approved"),
    ("operation", "in", CARRIED_OPERATIONS),
    ("payment_id", "=", False),
    ("resolution", "=", False),
]


def signed_amount(cents, operation, currency):
    """Return an amount as Odoo counts it (float): what is given back is negative.

    :param int cents: in the smallest unit
    :param str operation: of a transaction
    :param currency: ``res.currency`` record
    """
    sign = -1 if operation in ("credit", "reversal") else 1
    return sign * cents / 10**currency.decimal_places


def row_name(whose, amount, currency):
    return f"{whose} - {amount:.{currency.decimal_places}f} {currency.name}"


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
    mode = fields.Char(string="Payment type", readonly=True)
    amount_cents = fields.Integer(
        string="Amount asked, in smallest unit", required=True, readonly=True
    )
    approved_cents = fields.Integer(
        string="Amount approved, in smallest unit", readonly=True
    )
    amount = fields.Monetary(
        string="Amount asked", compute="_compute_amounts", store=True
    )
    amount_approved = fields.Monetary(
        string="Amount approved", compute="_compute_amounts", store=True
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    payment_method_id = fields.Many2one(
        "pos.payment.method",
        string="Payment method",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    session_id = fields.Many2one(
        "pos.session", readonly=True, index=True, ondelete="restrict"
    )
    config_id = fields.Many2one(
        "pos.config", string="Point of Sale", readonly=True, index=True
    )
    user_id = fields.Many2one("res.users", string="Odoo user", readonly=True)
    cashier_name = fields.Char(
        string="Cashier",
        readonly=True,
        help="The employee at the till, or the Odoo user where no employees log in.",
    )
    line_uuid = fields.Char(
        string="Payment line", required=True, readonly=True, index=True
    )
    order_uuid = fields.Char(string="Order identifier", readonly=True)
    order_name = fields.Char(string="Order", readonly=True)
    owner_uuid = fields.Char(
        string="Payment line that has the money",
        readonly=True,
        index=True,
        help="The only payment line that may use the money; none once it was "
        "refunded or its order is gone.",
    )
    owner_order_uuid = fields.Char(
        string="Identifier of the order that has the money", readonly=True, index=True
    )
    owner_order_name = fields.Char(string="Used for order", readonly=True)
    owner_by_name = fields.Char(string="Used by", readonly=True)
    owner_at = fields.Datetime(string="Used on", readonly=True)
    page = fields.Char(
        string="Page of the till",
        readonly=True,
        help="The page of the till that has the sale.",
    )
    seen_at = fields.Datetime(
        string="Sale last seen",
        readonly=True,
        help="When the page of the sale last said that it has it.",
    )
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
        help="The transaction that a reversal cancels or a duplicate asks about.",
    )
    refunded_order_id = fields.Many2one(
        "pos.order", string="Refunded order", readonly=True, index=True
    )
    terminal_address = fields.Char(
        string="Terminal address", required=True, readonly=True
    )
    terminal_port = fields.Integer(string="Terminal port", required=True, readonly=True)
    terminal_network = fields.Integer(
        readonly=True, help="0: this server's; else the agent whose network it is."
    )
    lease_until = fields.Datetime(
        string="Terminal reserved until",
        readonly=True,
        help="The terminal is taken until then; the server that talks to it renews "
        "the lease every few seconds.",
    )
    sent_at = fields.Datetime(string="Sent on", readonly=True)
    ended_at = fields.Datetime(string="Ended on", readonly=True)

    authorisation = fields.Char(string="Authorisation number", readonly=True)
    application = fields.Char(string="Application code", readonly=True)
    reading_mode = fields.Char(string="Reading mode", readonly=True)
    card_number = fields.Char(
        string="Card number", readonly=True, help="First six and last four digits."
    )
    contract = fields.Char(string="Contract number", readonly=True)
    detail_code = fields.Char(
        string="Refusal code",
        readonly=True,
        help="First two characters of AF, why it was refused.",
    )
    bank_message = fields.Char(string="Message of the bank", readonly=True)
    answer = fields.Text(readonly=True, help="Fields of the answer, card masked.")
    receipt = fields.Text(readonly=True)
    error = fields.Char(string="Technical error", readonly=True)
    person_outcome = fields.Selection(
        [("approved", "It was paid"), ("refused", "It was not paid")],
        string="A person said",
        readonly=True,
    )
    person_cents = fields.Integer(
        string="Amount that a person confirmed, in smallest unit", readonly=True
    )
    terminal_outcome = fields.Selection(
        [("approved", "Approved"), ("refused", "Refused"), ("not_sent", "Not sent")],
        string="The terminal said",
        readonly=True,
        help="Empty until the terminal says something that can be understood.",
    )
    is_contradicted = fields.Boolean(
        string="Contradiction to resolve",
        readonly=True,
        help="A person and the terminal differ, or the terminal said two things; until "
        "a manager has resolved it.",
    )
    resolved_by_id = fields.Many2one(
        "res.users",
        string="Resolved by user",
        readonly=True,
        help="Who said what the terminal shows.",
    )
    resolved_by_name = fields.Char(string="Resolved by", readonly=True)
    resolved_at = fields.Datetime(string="Resolved on", readonly=True)
    resolution = fields.Selection(
        [("refunded", "Refunded to the customer"), ("reversed", "Reversed")],
        readonly=True,
        help="Why no payment in Odoo matches this approved transaction.",
    )
    resolution_user_id = fields.Many2one(
        "res.users", string="Refunded or reversed by user", readonly=True
    )
    resolution_by_name = fields.Char(string="Refunded or reversed by", readonly=True)
    is_orphan = fields.Boolean(
        string="Without a sale",
        compute="_compute_is_orphan",
        search="_search_is_orphan",
        help="Approved on the terminal, without a matching payment in Odoo.",
    )
    may_be_refunded = fields.Boolean(
        string="Can be refunded",
        compute="_compute_may_be_refunded",
        help="Approved, without a paid order that matches it.",
    )
    can_query = fields.Boolean(
        related="payment_method_id.fr_caisse_ap_ip_can_duplicate"
    )

    @api.depends("amount_cents", "approved_cents", "operation", "currency_id")
    def _compute_amounts(self):
        for transaction in self:
            kind = (transaction.operation, transaction.currency_id)
            transaction.amount = signed_amount(transaction.amount_cents, *kind)
            transaction.amount_approved = signed_amount(
                transaction.approved_cents, *kind
            )

    @api.depends("order_name", "amount", "currency_id")
    def _compute_name(self):
        # Kept as it was when the row was written, so in nobody's language.
        for transaction in self:
            transaction.name = row_name(
                transaction._whose(), transaction.amount, transaction.currency_id
            )

    def _whose(self):
        return self.order_name or self.payment_method_id.name

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        # The title of a page: in the reader's language.
        for transaction in self:
            money = transaction._money(transaction.amount)
            transaction.display_name = f"{transaction._whose()} - {money}"

    @api.depends("state", "payment_id", "resolution", "operation")
    def _compute_is_orphan(self):
        for transaction in self:
            transaction.is_orphan = (
                transaction.state == "approved"
                and transaction.operation in CARRIED_OPERATIONS
                and not transaction.payment_id
                and not transaction.resolution
            )

    @api.depends("is_orphan", "payment_id.pos_order_id.state")
    def _compute_may_be_refunded(self):
        for transaction in self:
            on_draft = transaction.payment_id.pos_order_id.state == "draft"
            transaction.may_be_refunded = (
                transaction.is_orphan or on_draft
            ) and not transaction._is_being_reversed()

    def _search_is_orphan(self, operator, value):
        if (operator in ("=", "in")) == bool(value):
            return ORPHAN
        return ["!", "&", "&", "&"] + ORPHAN

    def _closing_group(self):
        """Return under which sum a session's closing shows this transaction (str)."""
        if self.state == "unknown":
            return "unknown"
        if self.is_contradicted:
            return "contradicted"
        if self.is_orphan:
            return "orphan"
        if self.resolution:
            # Another page may have validated the order while it was reversed.
            return "different" if self.payment_id.amount else "resolved"
        if self.currency_id.compare_amounts(
            self.payment_id.amount, self.amount_approved
        ):
            return "different"
        if self.reason == "forced":
            return "forced"
        return "person" if self.reason == "resolved_approved" else "confirmed"

    @contextmanager
    def _fresh(self):
        """Give the transactions as they are now: our cursor shows an older state."""
        with compat.manage_environments(), self.env.registry.cursor() as cr:
            env = api.Environment(cr, self.env.uid, self.env.context)
            yield env[self._name].sudo()

    @api.model
    def _action_open(self, domain):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "l10n_fr_pos_caisse_ap_ip.action_transactions"
        )
        return dict(action, domain=domain)
