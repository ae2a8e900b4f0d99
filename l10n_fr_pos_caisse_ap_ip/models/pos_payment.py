from odoo import api, models


class PosPayment(models.Model):
    _inherit = "pos.payment"

    @api.model_create_multi
    def create(self, vals_list):
        payments = super().create(vals_list)
        payments._fr_caisse_ap_ip_link()
        return payments

    def write(self, vals):
        result = super().write(vals)
        if "transaction_id" in vals:
            self._fr_caisse_ap_ip_link()
        return result

    def _fr_caisse_ap_ip_link(self):
        """Note which payment carries which accepted transaction.

        The till writes our reference into Odoo's own ``transaction_id``.
        """
        payments = self.filtered(
            lambda payment: payment.transaction_id
            and payment.payment_method_id._fr_caisse_ap_ip_is_ours()
        )
        if payments:
            self.env["fr.caisse.ap.ip.transaction"].sudo()._link_payments(payments)

    def action_fr_caisse_ap_ip_transactions(self):
        """Open the terminal's transactions behind these payments."""
        return self.env["fr.caisse.ap.ip.transaction"]._action_open(
            [("payment_id", "in", self.ids)]
        )
