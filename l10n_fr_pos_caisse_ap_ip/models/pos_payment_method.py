"""The settings of a payment method whose payments go to a card terminal."""

import re

from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from .. import compat
from .terminal_address import is_address, normalised
from .transaction_messages import LABELS_00E

# The value of ``use_payment_terminal``: OCA's published module has the same.
SELECTION_VALUE = "fr-caisse_ap_ip"
DEFAULT_PORT = 8888
# Whole exchange: the terminal's own time-out is shorter (protocol.md 6.16).
DEFAULT_TIMEOUT = 180
SHORTEST_TIMEOUT, LONGEST_TIMEOUT = 30, 600

APPLICATION = re.compile(r"[0-9A-Z]{3}$")


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
        string="Payment type",
        default="card",
        help="Card: the terminal recognises the card. Cheque: the terminal reads and "
        "prints cheques with its own printer. The other types force an application "
        "of the terminal.",
    )
    fr_caisse_ap_ip_application = fields.Char(
        string="Application code",
        size=3,
        help="Three characters (tag CC of the protocol), for the type “Other "
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
        string="Send the amount automatically",
        default=compat.AUTO_SEND_DEFAULT,
        help="Send the amount to the terminal as soon as the cashier chooses this "
        "payment method. Switch it off to type the amount first.",
    )

    fr_caisse_ap_ip_timeout = fields.Integer(
        string="Terminal reply time-out (seconds)",
        default=DEFAULT_TIMEOUT,
        help="After this time without a reply the payment is unknown: allow more "
        "time than the terminal itself gives the customer.",
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
        help="Offers “Query the terminal” when a payment is unknown (duplicate, "
        "CD=3). Try it first: few terminals can.",
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
    fr_caisse_ap_ip_free_refund = fields.Boolean(
        string="Cashiers refund without a sale",
        help="A refund that names no sale needs a manager of the Point of Sale, unless "
        "this is on.",
    )
    fr_caisse_ap_ip_label_00e = fields.Selection(
        LABELS_00E,
        string="Meaning of code 00E",
        default="conecs",
        help="Two bodies use this code: ask your bank if in doubt.",
    )

    def _get_payment_terminal_selection(self):
        return super()._get_payment_terminal_selection() + [
            (SELECTION_VALUE, _("Caisse AP over IP (France only)"))
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
        return self.use_payment_terminal == SELECTION_VALUE

    def _is_write_forbidden(self, fields):
        # A terminal that changed its address must not close the shop: the server
        # reads these at each payment.
        return super()._is_write_forbidden(
            {name for name in fields if not name.startswith("fr_caisse_ap_ip_")}
        )

    # -- Configuration -------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        methods = super().create(
            [self._fr_caisse_ap_ip_stored(one) for one in vals_list]
        )
        methods._fr_caisse_ap_ip_confirm_database()
        return methods

    def write(self, vals):
        vals = self._fr_caisse_ap_ip_stored(vals)
        result = super().write(vals)
        if {"fr_caisse_ap_ip_address", "fr_caisse_ap_ip_terminal_id"} & set(vals):
            self._fr_caisse_ap_ip_confirm_database()
        return result

    def copy(self, default=None):
        # A copy is of another terminal: its form asks for the address.
        copying = self.with_context(fr_caisse_ap_ip_copy=True)
        return super(PosPaymentMethod, copying).copy(default).with_env(self.env)

    def _fr_caisse_ap_ip_stored(self, vals):
        """Return values as they are stored: an address has one spelling."""
        address = vals.get("fr_caisse_ap_ip_address")
        if not isinstance(address, str):
            return vals
        return dict(vals, fr_caisse_ap_ip_address=normalised(address) or False)

    @api.constrains(
        "use_payment_terminal",
        "fr_caisse_ap_ip_mode",
        "fr_caisse_ap_ip_carrier",
        "fr_caisse_ap_ip_address",
        "fr_caisse_ap_ip_port",
        "fr_caisse_ap_ip_application",
        "fr_caisse_ap_ip_timeout",
    )
    def _check_fr_caisse_ap_ip(self):
        for method in self.filtered(lambda one: one._fr_caisse_ap_ip_is_ours()):
            method._check_fr_caisse_ap_ip_mode()
            if not method._fr_caisse_ap_ip_has_agent():
                method._check_fr_caisse_ap_ip_address()
                method._check_fr_caisse_ap_ip_port()
            method._check_fr_caisse_ap_ip_timeout()

    def _check_fr_caisse_ap_ip_mode(self):
        if not self.fr_caisse_ap_ip_mode:
            raise ValidationError(
                _("Payment method %s: choose a payment type.", self.name)
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
                    "Payment method %(method)s: the terminal reply time-out must be "
                    "between %(shortest)s and %(longest)s seconds.",
                    method=self.name,
                    shortest=SHORTEST_TIMEOUT,
                    longest=LONGEST_TIMEOUT,
                )
            )

    def _check_fr_caisse_ap_ip_address(self):
        address = self.fr_caisse_ap_ip_address
        if not address and self.env.context.get("fr_caisse_ap_ip_copy"):
            return
        if not address:
            raise ValidationError(
                _("Payment method %s: enter the terminal address.", self.name)
            )
        if not is_address(address):
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
        """Open the transactions of this payment method."""
        return self.env["fr.caisse.ap.ip.transaction"]._action_open(
            [("payment_method_id", "in", self.ids)]
        )
