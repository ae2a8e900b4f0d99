from odoo import _, fields, models
from odoo.exceptions import AccessError, UserError


class FrCaisseApIpResolution(models.TransientModel):
    _name = "fr.caisse.ap.ip.resolution"
    _description = "Resolution of a card terminal transaction"

    transaction_id = fields.Many2one(
        "fr.caisse.ap.ip.transaction", required=True, readonly=True
    )
    explanation = fields.Text(related="transaction_id.explanation")
    state = fields.Selection(related="transaction_id.state")
    is_orphan = fields.Boolean(related="transaction_id.is_orphan")
    is_contradicted = fields.Boolean(related="transaction_id.is_contradicted")
    may_be_refunded = fields.Boolean(related="transaction_id.may_be_refunded")
    lease_until = fields.Datetime(related="transaction_id.lease_until")
    authorisation = fields.Char(
        string="Authorisation number",
        size=20,
        help="As printed on the terminal's receipt.",
    )
    order_id = fields.Many2one(
        "pos.order", string="Order", domain=[("state", "=", "draft")]
    )
    reason = fields.Char(
        string="Justification",
        required=True,
        help="Kept in the history of the transaction.",
    )

    def action_apply(self):
        """Record what the button that was pressed says, with its author and time.

        The button names it in the context, as ``fr_caisse_ap_ip_resolution``.
        """
        self.ensure_one()
        if not self.env.user.has_group("point_of_sale.group_pos_manager"):
            raise AccessError(
                _("Only a manager of the Point of Sale can resolve a transaction.")
            )
        self.transaction_id.read(["reference"])  # raises for another company's
        transaction = self.transaction_id.sudo()
        resolution = self.env.context.get("fr_caisse_ap_ip_resolution")
        self._check_possible(transaction, resolution)
        {
            "approved": lambda one: one._resolve(
                "approved", self.authorisation or "", self.reason
            ),
            "refused": lambda one: one._resolve("refused", "", self.reason),
            "attach": lambda one: one._attach(self.order_id, self.reason),
            "refunded": lambda one: one._close("refunded", self.reason),
            "release": lambda one: one._release(self.reason),
            "difference": lambda one: one._resolve_contradiction(self.reason),
        }[resolution](transaction)
        return {"type": "ir.actions.act_window_close"}

    def _check_possible(self, transaction, resolution):
        """Refuse what the transaction, as it is by now, does not call for."""
        possible = {
            "approved": transaction.state in ("sent", "unknown"),
            "refused": transaction.state == "unknown",
            "attach": transaction.is_orphan and transaction.may_be_refunded,
            "refunded": transaction.may_be_refunded,
            "release": bool(transaction.lease_until),
            "difference": transaction.is_contradicted,
        }
        if not possible.get(resolution):
            raise UserError(
                _(
                    "This answer does not fit the transaction. %s",
                    transaction.explanation,
                )
            )
        if resolution == "attach" and not self.order_id:
            raise UserError(_("Choose the order that the payment belongs to."))
