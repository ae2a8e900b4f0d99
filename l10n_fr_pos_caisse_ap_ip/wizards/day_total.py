"""Odoo's sums of a day beside the terminal's own end-of-day ticket (télécollecte)."""

from datetime import datetime, time, timedelta

import pytz

from odoo import _, api, fields, models

from ..models.pos_payment_method import SELECTION_VALUE
from ..models.pos_session import ATTENTION_GROUPS
from ..models.transaction import CARRIED_OPERATIONS


class FrCaisseApIpDayTotal(models.TransientModel):
    _name = "fr.caisse.ap.ip.day.total"
    _description = "End-of-day check of a card terminal"

    day = fields.Date(required=True, default=lambda self: self._default_day())
    payment_method_id = fields.Many2one(
        "pos.payment.method",
        string="Payment method",
        required=True,
        domain=[("use_payment_terminal", "=", SELECTION_VALUE)],
        default=lambda self: self._default_payment_method(),
        help="All payment methods on the same terminal are counted.",
    )
    line_ids = fields.One2many("fr.caisse.ap.ip.day.total.line", "total_id")
    unknown_count = fields.Integer(string="Unknown payments", readonly=True)
    differences = fields.Text(
        readonly=True, help="What is only in Odoo, or only on the terminal."
    )

    def _default_day(self):
        return datetime.now(self._zone()).date()

    def _zone(self):
        """Return the time zone in which the user's day begins (pytz)."""
        return pytz.timezone(self.env.user.tz or "Europe/Paris")

    def _default_payment_method(self):
        domain = [("use_payment_terminal", "=", SELECTION_VALUE)]
        return self.env["pos.payment.method"].search(domain, limit=1)

    @api.onchange("day", "payment_method_id")
    def _onchange_terminal(self):
        self.line_ids = [(5, 0, 0)]
        if not self.day or not self.payment_method_id:
            return
        rows = self._transactions()
        self.differences = "\n".join(self._difference_lines(rows))
        self.unknown_count = len(rows.filtered(lambda row: row.state == "unknown"))
        self.line_ids = [(0, 0, values) for values in self._line_values(rows)]

    def _transactions(self):
        """Return the transactions of the terminal on that day, in the user's zone."""
        first, end = self._bounds()
        terminal = self.payment_method_id._fr_caisse_ap_ip_terminal_values()
        return self.env["fr.caisse.ap.ip.transaction"].search(
            [
                ("terminal_address", "=", terminal["terminal_address"]),
                ("terminal_port", "=", terminal["terminal_port"]),
                ("terminal_network", "=", terminal["terminal_network"]),
                ("operation", "in", CARRIED_OPERATIONS + ("reversal",)),
                ("state", "in", ("approved", "unknown")),
                ("create_date", ">=", first),
                ("create_date", "<", end),
            ]
        )

    def _bounds(self):
        """Return when the day begins and ends in the user's zone (datetimes, UTC)."""
        midnight = self._zone().localize(datetime.combine(self.day, time.min))
        first = midnight.astimezone(pytz.utc).replace(tzinfo=None)
        return first, first + timedelta(days=1)

    def _difference_lines(self, rows):
        """Name what Odoo and the terminal do not both know of (strings)."""
        first, end = self._bounds()
        methods = self.payment_method_id._fr_caisse_ap_ip_same_terminal()
        payments = self.env["pos.payment"]._fr_caisse_ap_ip_without_transaction(
            [
                ("payment_method_id", "in", methods.ids),
                ("payment_date", ">=", first),
                ("payment_date", "<", end),
            ]
        )
        yield from self.env["pos.session"]._fr_caisse_ap_ip_lonely_lines(payments)
        labels = self.env["pos.session"]._fr_caisse_ap_ip_group_labels()
        for row in rows:
            group = row._closing_group()
            if group in ATTENTION_GROUPS and row.operation in CARRIED_OPERATIONS:
                yield _("%(what)s: %(sum)s", what=labels[group], sum=row._summary())

    def _line_values(self, rows):
        by_application = {}
        for row in rows.filtered(lambda row: row.state == "approved"):
            application = row._application_label() or _("Not told by the terminal")
            by_application.setdefault(application, []).append(row)
        for application, group in sorted(by_application.items()):
            amount = sum(row.amount_approved for row in group)
            yield {
                "application": application,
                "count": len(group),
                "amount": amount,
                "currency_id": group[0].currency_id.id,
            }


class FrCaisseApIpDayTotalLine(models.TransientModel):
    _name = "fr.caisse.ap.ip.day.total.line"
    _description = "End-of-day check of one application of a card terminal"

    total_id = fields.Many2one("fr.caisse.ap.ip.day.total", ondelete="cascade")
    application = fields.Char()
    count = fields.Integer(string="Payments")
    amount = fields.Monetary(string="In Odoo")
    terminal_amount = fields.Monetary(
        string="On the terminal's receipt",
        help="Type what the end-of-day receipt (télécollecte) of the terminal says.",
    )
    difference = fields.Monetary(compute="_compute_difference")
    currency_id = fields.Many2one("res.currency")

    @api.depends("amount", "terminal_amount")
    def _compute_difference(self):
        for line in self:
            # Nothing typed yet is no difference.
            typed = line.terminal_amount
            line.difference = typed and typed - line.amount
