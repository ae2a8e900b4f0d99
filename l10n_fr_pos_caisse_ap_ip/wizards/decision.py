from odoo import _, fields, models
from odoo.exceptions import AccessError, UserError


class FrCaisseApIpDecision(models.TransientModel):
    _name = "fr.caisse.ap.ip.decision"
    _description = "Decision about a card terminal transaction"

    transaction_id = fields.Many2one(
        "fr.caisse.ap.ip.transaction", required=True, readonly=True
    )
    explanation = fields.Text(related="transaction_id.explanation")
    action = fields.Selection(
        [
            ("approved", "It was paid: the slip says so"),
            ("refused", "It was not paid"),
            ("attach", "Attach it to an unpaid order"),
            ("given_back", "The money was given back to the customer"),
            ("release", "Free the terminal although it has not answered"),
        ],
        string="Decision",
        required=True,
    )
    authorisation = fields.Char(
        string="Authorisation number", size=20, help="As on the terminal's slip."
    )
    order_id = fields.Many2one(
        "pos.order", string="Order", domain=[("state", "=", "draft")]
    )
    reason = fields.Char(required=True, help="Kept in the history of the transaction.")

    def action_apply(self):
        """Record the decision with its author, time and reason."""
        self.ensure_one()
        if not self.env.user.has_group("point_of_sale.group_pos_manager"):
            raise AccessError(_("Only a manager of the Point of Sale decides here."))
        self.transaction_id.read(["reference"])  # raises for another company's
        transaction = self.transaction_id.sudo()
        self._check_possible(transaction)
        {
            "approved": self._resolve,
            "refused": self._resolve,
            "attach": lambda one: one._attach(self.order_id, self.reason),
            "given_back": lambda one: one._settle("given_back", self.reason),
            "release": lambda one: one._release(self.reason),
        }[self.action](transaction)
        return {"type": "ir.actions.act_window_close"}

    def _resolve(self, transaction):
        transaction._resolve(self.action, self.authorisation or "", self.reason)

    def _check_possible(self, transaction):
        """Refuse a decision that the state of the transaction does not call for."""
        possible = {
            "approved": transaction.state in ("sent", "unknown"),
            "refused": transaction.state == "unknown",
            "attach": transaction.is_orphan and self.order_id,
            "given_back": transaction.is_orphan,
            "release": bool(transaction.lease_until),
        }
        if not possible[self.action]:
            raise UserError(
                _(
                    "This decision does not fit the transaction. %s",
                    transaction.explanation,
                )
            )
