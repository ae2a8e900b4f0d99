"""What people say and do about a transaction; each word of theirs leaves its trace."""

from odoo import _, models
from odoo.exceptions import UserError


class FrCaisseApIpTransaction(models.Model):
    _inherit = "fr.caisse.ap.ip.transaction"

    def _cancel(self):
        """Give up a transaction if nothing was sent; else say what can be done."""
        self._lock()
        if self.state == "pending":
            self._end_exchange("not_sent", "given_up")
        return self._to_till()

    def _resolve(self, outcome, authorisation="", reason=""):
        """Record what a person read on the terminal or its slip.

        :param str outcome: ``approved`` or ``refused``
        :param str authorisation: authorisation number on the slip
        :param str reason: in the person's words
        :return: dict for the till
        """
        self._lock()
        if self.state not in ("sent", "unknown"):
            return self._to_till()
        if self.state == "sent" and outcome == "refused":
            raise UserError(self._press_red_key())
        is_forced = self.state == "sent"
        self.write(
            {
                "state": outcome,
                "reason": "forced" if is_forced else f"resolved_{outcome}",
                "approved_cents": self.amount_cents if outcome == "approved" else 0,
                "authorisation": authorisation or self.authorisation,
                "ended_at": self._database_time(),
                "resolved_by_id": self.env.uid,
                "resolved_at": self._database_time(),
            }
        )
        self._note(" ".join(filter(None, [self.reason, authorisation, reason])))
        self._push()
        return self._to_till()

    def _close(self, resolution, reason=""):
        """Say why no payment in Odoo will carry an approved transaction.

        :param str resolution: ``refunded`` or ``reversed``
        :param str reason: in the person's words
        :return: dict for the till
        """
        self._lock()
        if self.is_orphan or resolution == "reversed":
            self.write({"resolution": resolution, "resolution_user_id": self.env.uid})
            self._note(" ".join(filter(None, [resolution, reason])))
        return self._to_till()

    def _attach(self, order, reason=""):
        """Add the payment to an order that is not paid yet.

        A paid order is sealed by France's rules: it is never rewritten.

        :param order: ``pos.order`` record in state ``draft``
        """
        self._lock()
        if not self.is_orphan:
            raise UserError(_("A payment in Odoo already matches this transaction."))
        if order.state != "draft" or order.company_id != self.company_id:
            raise UserError(
                _(
                    "Order %s is paid and can no longer be changed. Make a new order "
                    "at the till and attach the payment to it, or refund the "
                    "customer.",
                    order.name,
                )
            )
        order.add_payment(
            {
                "pos_order_id": order.id,
                "amount": self.amount_approved,
                "payment_method_id": self.payment_method_id.id,
                "payment_status": "done",
                "transaction_id": self.reference,
                "card_type": self._application_label(),
            }
        )
        self._note(f"attached to {order.name} {reason}")

    def _release(self, reason=""):
        """Free the terminal although its exchange has not ended.

        If the customer pays all the same, the acceptance is still recorded.
        """
        self._lock()
        if not self.lease_until:
            return
        state = {"pending": "not_sent", "sent": "unknown"}.get(self.state)
        self._end_exchange(state, "released")
        self._note(f"released {reason}")
