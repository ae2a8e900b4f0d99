"""What may be given back on a terminal, and who may do it."""

from odoo import _, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from .transaction import FREE_STATES


class PosPaymentMethod(models.Model):
    _inherit = "pos.payment.method"

    def _fr_caisse_ap_ip_check_refund(self, values):
        """Refuse a credit above what the order paid here, or above the limit.

        :param dict values: checked payload
        :raise UserError: nothing was recorded, nothing was sent
        """
        if values["operation"] != "credit":
            return
        currency = self.env["res.currency"].browse(values["currency_id"])
        amount = values["amount_cents"] / 10.0**currency.decimal_places
        limit = self.fr_caisse_ap_ip_refund_limit
        manager = self.env.user.has_group("point_of_sale.group_pos_manager")
        if limit and currency.compare_amounts(amount, limit) > 0 and not manager:
            raise UserError(
                _(
                    "A refund above %s needs a manager of the Point of Sale.",
                    formatLang(self.env, limit, currency_obj=currency),
                )
            )
        order = self.env["pos.order"].browse(values["refunded_order_id"])
        if not order:
            return
        left = self._fr_caisse_ap_ip_refundable(order)
        if currency.compare_amounts(amount, left) > 0:
            paid_with = order.payment_ids.mapped("payment_method_id.name")
            raise UserError(
                _(
                    "Maximum refund with %(method)s: %(left)s. Order %(order)s was "
                    "paid with: %(paid)s.",
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
        credits = self._fr_caisse_ap_ip_transactions().search(
            [
                ("refunded_order_id", "=", order.id),
                ("payment_method_id", "=", self.id),
                ("state", "not in", FREE_STATES),
            ]
        )
        return paid - sum(
            -(credit.amount_approved or credit.amount) for credit in credits
        )
