from odoo import api, models

from .pos_payment_method import SELECTION_VALUE

# Payments that a terminal should know of: of a paid order, with one of our methods.
OF_TERMINALS = [
    ("payment_method_id.use_payment_terminal", "=", SELECTION_VALUE),
    ("pos_order_id.state", "not in", ("draft", "cancel")),
    ("amount", "!=", 0),
]


class PosPayment(models.Model):
    _inherit = "pos.payment"

    @api.model_create_multi
    def create(self, vals_list):
        payments = super().create(vals_list)
        payments._fr_caisse_ap_ip_follow()
        payments._fr_caisse_ap_ip_link()
        return payments

    def write(self, vals):
        result = super().write(vals)
        if "payment_method_id" in vals:
            self._fr_caisse_ap_ip_free_changed()
        if "pos_order_id" in vals:
            self._fr_caisse_ap_ip_follow()
        if "transaction_id" in vals:
            self._fr_caisse_ap_ip_link()
        return result

    def _fr_caisse_ap_ip_free_changed(self):
        """Let go of money whose payment now says that it was paid another way."""
        transactions = self.env["fr.caisse.ap.ip.transaction"].sudo()
        transactions.search([("payment_id", "in", self.ids)]).filtered(
            lambda one: one.payment_id.payment_method_id != one.payment_method_id
        )._free_from_order("method_changed")

    def _fr_caisse_ap_ip_ours(self):
        """Return those that one of our terminals pays."""
        return self.filtered(
            lambda payment: payment.payment_method_id._fr_caisse_ap_ip_is_ours()
        )

    def _fr_caisse_ap_ip_follow(self):
        """Note which order has each payment line.

        From 18.0 on Odoo makes one order of two of the same table that two devices
        send, with the lines and payments of both.
        """
        payments = self._fr_caisse_ap_ip_ours()
        if payments:
            self.env["fr.caisse.ap.ip.transaction"].sudo()._follow_payments(payments)

    def _fr_caisse_ap_ip_link(self):
        """Note which payment carries which accepted transaction.

        The till writes our reference into Odoo's own ``transaction_id``.
        """
        payments = self._fr_caisse_ap_ip_ours().filtered("transaction_id")
        if payments:
            self.env["fr.caisse.ap.ip.transaction"].sudo()._link_payments(payments)

    @api.model
    def _fr_caisse_ap_ip_without_transaction(self, domain):
        """Return payments that no terminal knows of: typed by hand, or saved twice.

        :param list domain: which payments to look at
        """
        payments = self.sudo().search(domain + OF_TERMINALS)
        carrying = self.env["fr.caisse.ap.ip.transaction"].sudo()
        found = carrying.search([("payment_id", "in", payments.ids)])
        return payments - found.mapped("payment_id")

    def action_fr_caisse_ap_ip_transactions(self):
        """Open the terminal's transactions behind these payments."""
        return self.env["fr.caisse.ap.ip.transaction"]._action_open(
            [("payment_id", "in", self.ids)]
        )
