"""What may be given back on a terminal, and who may do it."""

from odoo import _, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from .transaction import FREE_STATES


class PosPaymentMethod(models.Model):
    _inherit = "pos.payment.method"

    def _fr_caisse_ap_ip_check_refund(self, values):
        """Refuse to give back more than the order paid here and did not get back.

        :param dict values: checked payload
        :raise UserError: nothing was recorded, nothing was sent
        """
        order = self.env["pos.order"].browse(values["refunded_order_id"])
        if values["operation"] == "credit" and order:
            amount, currency = self._fr_caisse_ap_ip_money(values)
            self._fr_caisse_ap_ip_check_left(order, amount, currency)

    def _fr_caisse_ap_ip_money(self, values):
        """Return the amount (float) of a payload and its currency (record)."""
        currency = self.env["res.currency"].browse(values["currency_id"])
        return values["amount_cents"] / 10.0**currency.decimal_places, currency

    def _fr_caisse_ap_ip_find_missing_right(self, values, asked):
        """Return why a manager is needed (str), or "" where nothing is missing.

        Above the limit, and for a credit that names no sale: no cap can be found.

        :param dict values: checked payload
        :param dict asked: the optional part of the payload
        """
        amount, currency = self._fr_caisse_ap_ip_money(values)
        limit = self.fr_caisse_ap_ip_refund_limit
        is_refund = values["operation"] != "debit"
        is_above = limit and currency.compare_amounts(amount, limit) > 0
        is_free = values["operation"] == "credit" and not values["refunded_order_id"]
        needs_manager = is_above or (is_free and not self.fr_caisse_ap_ip_free_refund)
        session = self.env["pos.session"].browse(values["session_id"])
        if not (is_refund and needs_manager) or (
            session._fr_caisse_ap_ip_has_manager_right(asked["manager_token"])
        ):
            return ""
        if is_above:
            return _(
                "A refund above %s needs a manager of the Point of Sale.",
                formatLang(self.env, limit, currency_obj=currency),
            )
        return _(
            "A refund without a sale needs a manager of the Point of Sale. Refund the "
            "order it was paid with, or call a manager."
        )

    def _fr_caisse_ap_ip_check_left(self, order, amount, currency):
        """Refuse a credit above what the order paid here and did not get back."""
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
        given_back = self._fr_caisse_ap_ip_transactions().search(
            [
                ("payment_method_id", "=", self.id),
                ("state", "not in", FREE_STATES),
                "|",
                # A debit refunds lines too, in an exchange for more.
                "&",
                ("operation", "=", "credit"),
                ("refunded_order_id", "=", order.id),
                # A reversal takes back a payment of the order.
                "&",
                ("operation", "=", "reversal"),
                ("about_id.payment_id.pos_order_id", "=", order.id),
            ]
        )
        return paid - sum(-(one.amount_approved or one.amount) for one in given_back)
