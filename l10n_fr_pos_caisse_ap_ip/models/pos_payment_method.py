import ipaddress
import re

import pycountry
from babel.numbers import get_currency_precision

from odoo import _, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..caisse_ap import Request, RequestError
from . import series

TERMINAL = "fr-caisse_ap_ip"
DEFAULT_PORT = 8888
# The terminal's own time-out is shorter (protocol.md 6.16).
TIMEOUT_SECONDS = 180.0
# Application (tag CC) that a mode forces; none lets the terminal find out.
MODE_APPLICATIONS = {"card": None, "check": "00C"}
# An amount is an Integer in PostgreSQL: 21 million euros.
MAX_CENTS = 2**31 - 1

HOST_NAME = re.compile(
    r"(?=.{1,253}$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?)"
    r"(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?)*\.?$"
)
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
    "operation": lambda value: value in ("debit", "credit"),
    "amount_cents": lambda value: is_integer(value, 1, MAX_CENTS),
}


class PosPaymentMethod(models.Model):
    _inherit = "pos.payment.method"

    fr_caisse_ap_ip_mode = fields.Selection(
        [("card", "Card"), ("check", "Cheque")],
        string="Payment mode",
        default="card",
        help="Cheque: the terminal reads and prints cheques with a printer of its own.",
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

    def _get_payment_terminal_selection(self):
        return super()._get_payment_terminal_selection() + [
            (TERMINAL, _("Caisse AP over IP (France only)"))
        ]

    def _fr_caisse_ap_ip_till_fields(self):
        return ["fr_caisse_ap_ip_mode", "fr_caisse_ap_ip_fast_payment"]

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
    )
    def _check_fr_caisse_ap_ip(self):
        for method in self.filtered(lambda one: one._fr_caisse_ap_ip_is_ours()):
            method._check_fr_caisse_ap_ip_mode()
            method._check_fr_caisse_ap_ip_address()
            method._check_fr_caisse_ap_ip_port()

    def _check_fr_caisse_ap_ip_mode(self):
        if not self.fr_caisse_ap_ip_mode:
            raise ValidationError(
                _("Payment method %s: choose a payment mode.", self.name)
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
            (``debit`` or ``credit``), ``amount_cents`` (int, smallest unit, positive)
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
            [("line", "in", lines), ("company_id", "=", session.company_id.id)],
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
        self._fr_caisse_ap_ip_check_user()
        self._fr_caisse_ap_ip_check_list([reference])
        if outcome not in ("approved", "refused"):
            raise UserError(_("A payment was either made or not made."))
        if not isinstance(authorisation, str) or len(authorisation) > 20:
            raise UserError(_("An authorisation number has at most 20 characters."))
        found = self.env["fr.caisse.ap.ip.transaction"].search(
            [("reference", "=", reference)]
        )
        if not found:
            raise UserError(_("The server does not know this payment."))
        return found.sudo()._resolve(outcome, authorisation.strip())

    # -- Checks --------------------------------------------------------------------

    def _fr_caisse_ap_ip_journal(self):
        return self.env["fr.caisse.ap.ip.transaction"].sudo()

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
        self.ensure_one()
        self.read(["name"])  # raises for the method of another company
        if not isinstance(demand, dict) or set(demand) != set(DEMAND):
            raise UserError(_("The till sent something the server cannot read."))
        for key, is_valid in DEMAND.items():
            if not is_valid(demand[key]):
                raise UserError(_("The till sent a wrong value for “%s”.", key))
        session = self._fr_caisse_ap_ip_session(demand["session_id"])
        if session.state != "opened":
            raise UserError(_("The session %s is not open.", session.name))
        if self not in session.config_id.payment_method_ids or not self.active:
            raise UserError(_("%s is not a payment method of this till.", self.name))
        if not self._fr_caisse_ap_ip_is_ours():
            raise UserError(_("%s is not linked to a card terminal.", self.name))
        return dict(
            demand, config_id=session.config_id.id, currency_id=session.currency_id.id
        )

    def _fr_caisse_ap_ip_session(self, session_id):
        session = self.env["pos.session"]
        if is_integer(session_id, 1, MAX_CENTS):
            session = session.search([("id", "=", session_id)])
        if not session:
            raise UserError(_("This session does not exist."))
        return session

    def _fr_caisse_ap_ip_timeout(self):
        """Return how long an exchange may last, in seconds (float)."""
        return TIMEOUT_SECONDS

    def _fr_caisse_ap_ip_request(self, demand):
        """Build the request of a demand.

        :return: :class:`caisse_ap.Request`
        :raise UserError: the currency cannot be sent
        """
        currency = self.env["res.currency"].browse(demand["currency_id"])
        iso = pycountry.currencies.get(alpha_3=currency.name)
        if not iso:
            raise UserError(_("The terminal knows no currency %s.", currency.name))
        # The terminal counts in the smallest unit of ISO 4217, whatever Odoo says.
        if currency.decimal_places != get_currency_precision(currency.name):
            raise UserError(
                _(
                    "The currency %(currency)s must have %(count)s decimals in Odoo "
                    "to be sent to a card terminal.",
                    currency=currency.name,
                    count=get_currency_precision(currency.name),
                )
            )
        try:
            return Request(
                demand["operation"],
                amount_cents=demand["amount_cents"],
                currency=iso.numeric,
                application=MODE_APPLICATIONS[self.fr_caisse_ap_ip_mode],
            )
        except RequestError as error:
            raise UserError(
                _("This payment cannot be sent to the terminal: %s", error)
            ) from error


def _is_address(text):
    try:
        ipaddress.ip_address(text)
    except ValueError:
        # Digits and dots alone are a mistyped IPv4 address, not a name.
        return bool(HOST_NAME.match(text)) and not re.match(r"[0-9.]+$", text)
    return True
