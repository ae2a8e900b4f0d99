import ipaddress
import re

import pycountry
from babel.numbers import get_currency_precision

from odoo import _, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.misc import formatLang

from ..caisse_ap import PAYMENTS, Request, RequestError
from . import series
from .pos_config import DEFAULT_IPC
from .transaction_words import LABELS_00E

TERMINAL = "fr-caisse_ap_ip"
DEFAULT_PORT = 8888
# Whole exchange: the terminal's own time-out is shorter (protocol.md 6.16).
DEFAULT_TIMEOUT = 180
SHORTEST_TIMEOUT, LONGEST_TIMEOUT = 30, 600
# Application (tag CC) that a mode forces; none lets the terminal find out. The mode
# "other" has a field for it.
MODE_APPLICATIONS = {"card": None, "check": "00C", "ancv": "00V", "conecs": "00E"}
# An amount is an Integer in PostgreSQL: 21 million euros.
MAX_CENTS = 2**31 - 1

HOST_NAME = re.compile(
    r"(?=.{1,253}$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?)"
    r"(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?)*\.?$"
)
APPLICATION = re.compile(r"[0-9A-Z]{3}$")
IDENTIFIER = re.compile(r"[0-9A-Za-z_-]{8,64}$")


def is_identifier(value):
    return isinstance(value, str) and bool(IDENTIFIER.match(value))


def is_integer(value, low, high):
    """Tell a true integer of a range; a bool is an int in Python, not here."""
    return type(value) is int and low <= value <= high


# What a till may say of a payment, and the only form it may have.
DEMAND = {
    "reference": is_identifier,
    "line": is_identifier,
    "order": lambda value: isinstance(value, str) and len(value) <= 64,
    "order_name": lambda value: isinstance(value, str) and len(value) <= 64,
    "session_id": lambda value: is_integer(value, 1, MAX_CENTS),
    "operation": lambda value: value in ("debit", "credit", "reversal"),
    "amount_cents": lambda value: is_integer(value, 1, MAX_CENTS),
    # Order lines that a credit refunds, or none: 14.0 does not know them.
    "refunded_lines": lambda value: isinstance(value, list)
    and len(value) <= 1000
    and all(is_integer(one, 1, MAX_CENTS) for one in value),
}


class PosPaymentMethod(models.Model):
    _inherit = "pos.payment.method"

    fr_caisse_ap_ip_mode = fields.Selection(
        [
            ("card", "Card"),
            ("check", "Cheque"),
            ("ancv", "ANCV Connect (holiday vouchers)"),
            ("conecs", "CONECS (meal vouchers)"),
            ("other", "Other application"),
        ],
        string="Payment mode",
        default="card",
        help="Card: the terminal finds out by itself. Cheque: it reads and prints "
        "cheques with a printer of its own. The others force an application of the "
        "terminal.",
    )
    fr_caisse_ap_ip_application = fields.Char(
        string="Application code",
        size=3,
        help="Three characters (tag CC of the protocol), for the mode “Other "
        "application”.",
    )
    fr_caisse_ap_ip_address = fields.Char(
        string="Terminal address",
        copy=False,
        help="IP address (IPv4 or IPv6) or name of the card terminal, as the Odoo "
        "server sees it. Give the terminal a fixed address.",
    )
    fr_caisse_ap_ip_port = fields.Integer(
        string="Terminal port",
        default=DEFAULT_PORT,
        help="TCP port on which the terminal listens: 8888 unless it was changed on "
        "the terminal.",
    )
    fr_caisse_ap_ip_fast_payment = fields.Boolean(
        string="Send the amount at once",
        default=series.AUTO_SEND_DEFAULT,
        help="Send the amount to the terminal as soon as the cashier chooses this "
        "payment method. Switch it off to type the amount first.",
    )

    fr_caisse_ap_ip_timeout = fields.Integer(
        string="Time for the customer",
        default=DEFAULT_TIMEOUT,
        help="Seconds after which a terminal that did not answer is given up. The "
        "payment is unknown then: leave more time than the terminal takes by itself.",
    )
    fr_caisse_ap_ip_version = fields.Selection(
        [("0300", "3.00"), ("0310", "3.10"), ("0320", "3.20")],
        string="Protocol version",
        default="0300",
        help="Every terminal answers to 3.00. Asking for receipts sends 3.20.",
    )
    fr_caisse_ap_ip_line_end = fields.Boolean(
        string="End requests with CR LF",
        help="Only for a terminal that rejects every request without it.",
    )
    fr_caisse_ap_ip_receipt = fields.Boolean(
        string="Print the terminal's receipt",
        help="Ask the terminal for the text of the customer's receipt and print it "
        "under the order's. Not every terminal can.",
    )
    fr_caisse_ap_ip_can_duplicate = fields.Boolean(
        string="The terminal can repeat its last transaction",
        help="Offers “Ask the terminal” when a payment is unknown (duplicate, CD=3). "
        "Try it first: few terminals can.",
    )
    fr_caisse_ap_ip_can_reverse = fields.Boolean(
        string="The terminal can reverse a payment",
        help="Shows Odoo's Reverse button on a payment that was just made (reversal, "
        "CD=2). Try it first: many terminals only do it from their own menu.",
    )
    fr_caisse_ap_ip_refund_limit = fields.Float(
        string="Refunds without a manager up to",
        help="A refund on the terminal above this amount needs a manager of the Point "
        "of Sale. 0: no limit.",
    )
    fr_caisse_ap_ip_label_00e = fields.Selection(
        LABELS_00E,
        string="Meaning of application 00E",
        default="conecs",
        help="Two bodies use this code: ask your bank if in doubt.",
    )

    def _get_payment_terminal_selection(self):
        return super()._get_payment_terminal_selection() + [
            (TERMINAL, _("Caisse AP over IP (France only)"))
        ]

    def _fr_caisse_ap_ip_fields(self):
        ours = [name for name in self._fields if name.startswith("fr_caisse_ap_ip_")]
        return ["use_payment_terminal", *ours]

    def _fr_caisse_ap_ip_till_fields(self):
        return [
            "fr_caisse_ap_ip_mode",
            "fr_caisse_ap_ip_fast_payment",
            "fr_caisse_ap_ip_can_reverse",
        ]

    def _fr_caisse_ap_ip_is_ours(self):
        return self.use_payment_terminal == TERMINAL

    def _is_write_forbidden(self, fields):
        # A terminal that changed its address must not close the shop: the server
        # reads these at each payment.
        return super()._is_write_forbidden(
            {name for name in fields if not name.startswith("fr_caisse_ap_ip_")}
        )

    # -- Configuration -------------------------------------------------------------

    @api.constrains(
        "use_payment_terminal",
        "fr_caisse_ap_ip_mode",
        "fr_caisse_ap_ip_address",
        "fr_caisse_ap_ip_port",
        "fr_caisse_ap_ip_application",
        "fr_caisse_ap_ip_timeout",
    )
    def _check_fr_caisse_ap_ip(self):
        for method in self.filtered(lambda one: one._fr_caisse_ap_ip_is_ours()):
            method._check_fr_caisse_ap_ip_mode()
            method._check_fr_caisse_ap_ip_address()
            method._check_fr_caisse_ap_ip_port()
            method._check_fr_caisse_ap_ip_timeout()

    def _check_fr_caisse_ap_ip_mode(self):
        if not self.fr_caisse_ap_ip_mode:
            raise ValidationError(
                _("Payment method %s: choose a payment mode.", self.name)
            )
        code = self.fr_caisse_ap_ip_application or ""
        if self.fr_caisse_ap_ip_mode == "other" and not APPLICATION.match(code):
            raise ValidationError(
                _(
                    "Payment method %s: the application code has three characters, "
                    "digits or capital letters.",
                    self.name,
                )
            )

    def _check_fr_caisse_ap_ip_timeout(self):
        seconds = self.fr_caisse_ap_ip_timeout
        if not SHORTEST_TIMEOUT <= seconds <= LONGEST_TIMEOUT:
            raise ValidationError(
                _(
                    "Payment method %(method)s: the time for the customer must be "
                    "between %(shortest)s and %(longest)s seconds.",
                    method=self.name,
                    shortest=SHORTEST_TIMEOUT,
                    longest=LONGEST_TIMEOUT,
                )
            )

    def _check_fr_caisse_ap_ip_address(self):
        address = self.fr_caisse_ap_ip_address
        if not address:
            raise ValidationError(
                _("Payment method %s: enter the terminal address.", self.name)
            )
        if not _is_address(address):
            raise ValidationError(
                _(
                    "Payment method %(method)s: the terminal address “%(address)s” is "
                    "neither an IPv4 or IPv6 address nor a name. Enter it without "
                    "“http://” and without the port.",
                    method=self.name,
                    address=address,
                )
            )

    def _check_fr_caisse_ap_ip_port(self):
        if not 1 <= self.fr_caisse_ap_ip_port <= 65535:
            raise ValidationError(
                _(
                    "Payment method %(method)s: the terminal port must be between 1 "
                    "and 65535, not %(port)s.",
                    method=self.name,
                    port=self.fr_caisse_ap_ip_port,
                )
            )

    def action_fr_caisse_ap_ip_transactions(self):
        """Open the journal of this payment method."""
        return self.env["fr.caisse.ap.ip.transaction"]._action_open(
            [("payment_method_id", "in", self.ids)]
        )

    # -- What the till calls -------------------------------------------------------

    def fr_caisse_ap_ip_start(self, demand):
        """Record a transaction and send it to the terminal in the background.

        Idempotent: the same reference, or a payment line whose earlier attempt may
        have moved money, is never sent again.

        :param dict demand: ``reference`` and ``line`` (str, made by the till),
            ``order`` and ``order_name`` (str), ``session_id`` (int), ``operation``
            (``debit``, ``credit`` or ``reversal``), ``amount_cents`` (int, smallest
            unit, positive), ``refunded_lines`` (ids of the order lines it refunds)
        :return: dict, see ``fr.caisse.ap.ip.transaction._to_till``
        :raise UserError: something is wrong with the demand; nothing was recorded
        """
        checked = self._fr_caisse_ap_ip_checked(demand)
        return self._fr_caisse_ap_ip_journal()._start(self, checked)

    def fr_caisse_ap_ip_cancel(self, demand):
        """Give the payment up if nothing was sent yet.

        :param dict demand: as for :meth:`fr_caisse_ap_ip_start`
        :return: dict, its state tells: ``not_sent``, or what cannot be cancelled
        """
        checked = self._fr_caisse_ap_ip_checked(demand)
        return self._fr_caisse_ap_ip_journal()._give_up(self, checked)

    @api.model
    def fr_caisse_ap_ip_status(self, references):
        """Return what became of transactions.

        :param list references: references (str), at most 100
        :return: dict of dicts by reference; unknown references are left out
        """
        self._fr_caisse_ap_ip_check_user()
        self._fr_caisse_ap_ip_check_list(references)
        journal = self.env["fr.caisse.ap.ip.transaction"]
        journal._expire_leases()
        found = journal.search([("reference", "in", references)])
        return {one.reference: one._to_till() for one in found.sudo()}

    @api.model
    def fr_caisse_ap_ip_unsettled(self, session_id, lines):
        """Return what a till must know when its page (re)starts.

        :param int session_id: session of the till
        :param list lines: unfinished payment lines (str) that the page remembers
        :return: dict; ``lines``: the last attempt (dict) by payment line;
            ``others``: attempts (list) that may have moved money and that no payment
            in Odoo carries yet
        """
        self._fr_caisse_ap_ip_check_user()
        self._fr_caisse_ap_ip_check_list(lines)
        session = self._fr_caisse_ap_ip_session(session_id)
        journal = self._fr_caisse_ap_ip_journal()
        journal._expire_leases()
        attempts = journal.search(
            [
                ("line", "in", lines),
                ("company_id", "=", session.company_id.id),
                # A question to the terminal decides nothing.
                ("operation", "in", PAYMENTS),
            ],
            order="id",
        )
        return {
            "lines": {one.line: one._to_till() for one in attempts},
            "others": [one._to_till() for one in journal._unattached(session)],
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
            raise UserError(_("A payment was either made or not made."))
        if not isinstance(authorisation, str) or len(authorisation) > 20:
            raise UserError(_("An authorisation number has at most 20 characters."))
        return found._resolve(outcome, authorisation.strip())

    @api.model
    def fr_caisse_ap_ip_settle(self, reference):
        """Record that the money of an orphan was given back to the customer.

        :param str reference: the transaction
        :return: dict, see ``fr.caisse.ap.ip.transaction._to_till``
        """
        return self._fr_caisse_ap_ip_find(reference)._settle("given_back")

    @api.model
    def fr_caisse_ap_ip_ask(self, reference):
        """Ask the terminal what became of its last transaction.

        :param str reference: an unknown transaction
        :return: dict of the question, to follow by its own reference
        """
        return self._fr_caisse_ap_ip_find(reference)._ask_terminal()

    @api.model
    def fr_caisse_ap_ip_closing(self, session_id):
        """Return what the till shows before its session is closed.

        :param int session_id: the session
        :return: dict, see ``pos.session._fr_caisse_ap_ip_closing``
        """
        self._fr_caisse_ap_ip_check_user()
        return self._fr_caisse_ap_ip_session(session_id)._fr_caisse_ap_ip_closing()

    # -- Checks --------------------------------------------------------------------

    def _fr_caisse_ap_ip_journal(self):
        return self.env["fr.caisse.ap.ip.transaction"].sudo()

    def _fr_caisse_ap_ip_find(self, reference):
        """Return the transaction that the user may see and asks about, as sudo."""
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
            or not all(is_identifier(value) for value in values)
        ):
            raise UserError(_("The till sent something the server cannot read."))

    def _fr_caisse_ap_ip_checked(self, demand):
        """Return what the till asks for, completed by what the server knows (dict)."""
        self._fr_caisse_ap_ip_check_user()
        # Raises for the method of another company; one query for all that follows.
        needed = ["name", "active", "company_id", *self._fr_caisse_ap_ip_fields()]
        self.read(needed, load=None)
        is_whole = isinstance(demand, dict) and set(demand) == set(DEMAND)
        if len(self) != 1 or not is_whole:
            raise UserError(_("The till sent something the server cannot read."))
        for key, is_valid in DEMAND.items():
            if not is_valid(demand[key]):
                raise UserError(_("The till sent a wrong value for “%s”.", key))
        session = self._fr_caisse_ap_ip_session(demand["session_id"])
        if session.state != "opened":
            raise UserError(_("The session %s is not open.", session.name))
        # Archived ones too: Odoo would read them all to leave those out.
        tills = self.with_context(active_test=False).config_ids
        if session.config_id not in tills or not self.active:
            raise UserError(_("%s is not a payment method of this till.", self.name))
        if not self._fr_caisse_ap_ip_is_ours():
            raise UserError(_("%s is not linked to a card terminal.", self.name))
        checked = dict(
            demand, config_id=session.config_id.id, currency_id=session.currency_id.id
        )
        lines = self.env["pos.order.line"].browse(checked.pop("refunded_lines"))
        orders = lines.exists().mapped("order_id")
        if len(orders) > 1:
            raise UserError(_("Refund one order at a time on the terminal."))
        return dict(checked, refunded_order_id=orders.id)

    def _fr_caisse_ap_ip_check_refund(self, demand):
        """Refuse a credit above what the order paid here, or above the limit.

        :raise UserError: nothing was recorded, nothing was sent
        """
        currency = self.env["res.currency"].browse(demand["currency_id"])
        amount = demand["amount_cents"] / 10.0**currency.decimal_places
        limit = self.fr_caisse_ap_ip_refund_limit
        manager = self.env.user.has_group("point_of_sale.group_pos_manager")
        if limit and currency.compare_amounts(amount, limit) > 0 and not manager:
            raise UserError(
                _(
                    "A refund above %s needs a manager of the Point of Sale.",
                    formatLang(self.env, limit, currency_obj=currency),
                )
            )
        order = self.env["pos.order"].browse(demand["refunded_order_id"])
        if not order:
            return
        left = self._fr_caisse_ap_ip_refundable(order)
        if currency.compare_amounts(amount, left) > 0:
            paid_with = order.payment_ids.mapped("payment_method_id.name")
            raise UserError(
                _(
                    "At most %(left)s of order %(order)s can be refunded with "
                    "%(method)s. It was paid with: %(paid)s.",
                    left=formatLang(self.env, left, currency_obj=currency),
                    order=order.name,
                    method=self.name,
                    paid=", ".join(paid_with),
                )
            )

    def _fr_caisse_ap_ip_refundable(self, order):
        """Return what may still be given back by this method (float)."""
        paid = sum(
            order.payment_ids.filtered(
                lambda payment: payment.payment_method_id == self
            ).mapped("amount")
        )
        credits = self._fr_caisse_ap_ip_journal().search(
            [
                ("refunded_order_id", "=", order.id),
                ("payment_method_id", "=", self.id),
                ("state", "not in", ("refused", "not_sent")),
            ]
        )
        return paid - sum(
            -(credit.amount_approved or credit.amount) for credit in credits
        )

    def _fr_caisse_ap_ip_session(self, session_id):
        session = self.env["pos.session"]
        if is_integer(session_id, 1, MAX_CENTS):
            session = session.browse(session_id)
        try:
            known = session.read(["name", "state", "config_id"], load=None)
        except AccessError:
            known = []
        if not known:
            raise UserError(_("This session does not exist."))
        return session

    def _fr_caisse_ap_ip_payment_request(self, demand):
        """Build the request of a demand that may be sent.

        :raise UserError: it may not; nothing was recorded
        """
        if demand["operation"] == "credit":
            self._fr_caisse_ap_ip_check_refund(demand)
        return self._fr_caisse_ap_ip_request(
            demand["operation"],
            self.env["pos.config"].browse(demand["config_id"]),
            self.env["res.currency"].browse(demand["currency_id"]),
            demand["amount_cents"],
        )

    def _fr_caisse_ap_ip_request(self, operation, config, currency=None, cents=None):
        """Build a request for this terminal.

        :param str operation: of :class:`caisse_ap.Request`
        :param config: the ``pos.config`` that asks, or none
        :param currency: ``res.currency`` record of a payment
        :param int cents: amount in the currency's smallest unit
        :return: :class:`caisse_ap.Request`
        :raise UserError: it cannot be sent
        """
        try:
            return Request(
                operation,
                amount_cents=cents,
                currency=currency and self._fr_caisse_ap_ip_iso_number(currency),
                till=config.fr_caisse_ap_ip_till or "01",
                ipc=config.fr_caisse_ap_ip_ipc or DEFAULT_IPC,
                application=self._fr_caisse_ap_ip_forced_application(operation),
                version=self.fr_caisse_ap_ip_version or "0300",
                receipt=self.fr_caisse_ap_ip_receipt and cents is not None,
                line_end=self.fr_caisse_ap_ip_line_end,
            )
        except RequestError as error:
            raise UserError(
                _("This payment cannot be sent to the terminal: %s", error)
            ) from error

    def _fr_caisse_ap_ip_forced_application(self, operation):
        if operation not in PAYMENTS:
            return None
        if self.fr_caisse_ap_ip_mode == "other":
            return self.fr_caisse_ap_ip_application
        return MODE_APPLICATIONS[self.fr_caisse_ap_ip_mode]

    def _fr_caisse_ap_ip_iso_number(self, currency):
        iso = pycountry.currencies.get(alpha_3=currency.name)
        if not iso:
            raise UserError(_("The terminal knows no currency %s.", currency.name))
        # The terminal counts in the smallest unit of ISO 4217, whatever Odoo says.
        decimals = get_currency_precision(currency.name)
        if currency.decimal_places != decimals:
            raise UserError(
                _(
                    "The currency %(currency)s must have %(count)s decimals in Odoo "
                    "to be sent to a card terminal.",
                    currency=currency.name,
                    count=decimals,
                )
            )
        return iso.numeric


def _is_address(text):
    try:
        ipaddress.ip_address(text)
    except ValueError:
        # Digits and dots alone are a mistyped IPv4 address, not a name.
        return bool(HOST_NAME.match(text)) and not re.match(r"[0-9.]+$", text)
    return True
