"""What people say and do about a transaction; each word of theirs leaves its trace."""

import uuid

from odoo import _, models
from odoo.exceptions import UserError

from .. import compat
from ..caisse_ap import mask_text


class FrCaisseApIpTransaction(models.Model):
    _inherit = "fr.caisse.ap.ip.transaction"

    def _cancel(self):
        """Give up a transaction if nothing was sent; else say what can be done."""
        self._lock()
        if self.state == "pending":
            self._end_exchange("not_sent", "given_up")
        return self._to_till()

    def _resolve(self, outcome, authorisation="", reason=""):
        """Record what a person read on the terminal or its receipt.

        :param str outcome: ``approved`` or ``refused``
        :param str authorisation: authorisation number on the receipt
        :param str reason: in the person's words
        :return: dict for the till
        """
        self._lock()
        if self.state not in ("sent", "unknown"):
            return self._to_till()
        if self.state == "sent" and outcome == "refused":
            raise UserError(self._press_red_key())
        is_forced = self.state == "sent"
        # A receipt shows the card beside it.
        authorisation = mask_text(authorisation)
        self.write(
            {
                "state": outcome,
                "reason": "forced" if is_forced else f"resolved_{outcome}",
                "approved_cents": self.amount_cents if outcome == "approved" else 0,
                "authorisation": authorisation or self.authorisation,
                "ended_at": self._database_time(),
                "person_outcome": outcome,
                "person_cents": self.amount_cents if outcome == "approved" else 0,
                "resolved_by_id": self.env.uid,
                "resolved_by_name": self._person_name(),
                "resolved_at": self._database_time(),
            }
        )
        self._note(self.reason, " ".join(filter(None, [authorisation, reason])))
        self._close_reversed()
        self._update_attention()
        self._push()
        return self._to_till()

    def _close_reversed(self):
        """Take the money off the payment that an approved reversal took back."""
        if self.state == "approved" and self.operation == "reversal":
            self.about_id._close("reversed")

    def _needs_person(self):
        """Tell whether a person must say or do something (bool)."""
        is_lost = self.is_orphan and not self.owner_uuid
        return self.state == "unknown" or self.is_contradicted or is_lost

    def _close(self, resolution, reason="", owner_uuid=None):
        """Say why no payment in Odoo will carry an approved transaction.

        :param str resolution: ``refunded`` or ``reversed``
        :param str reason: in the person's words
        :param str owner_uuid: the line that owns the money as a page believes, or "";
            None: whichever does
        :return: dict for the till; its ``owner_uuid`` says who has the money still
        """
        self._lock()
        is_expected = owner_uuid in (None, self.owner_uuid or "")
        if resolution == "reversed" or (is_expected and self.may_be_refunded):
            if self.payment_id.pos_order_id.state == "draft":
                # The page that holds that payment takes it off its order itself.
                self.payment_id = False
            self._set_owner(
                False,
                resolution=resolution,
                resolution_user_id=self.env.uid,
                resolution_by_name=self._person_name(),
            )
            self._note(resolution, reason)
            self._update_attention()
            self._push()
        return self._to_till()

    def _resolve_contradiction(self, reason=""):
        """Record that a manager resolved what person and terminal said otherwise.

        :param str reason: in the manager's words
        """
        self._lock()
        self.is_contradicted = False
        self._note("difference_resolved", reason)
        self._update_attention()
        self._push()

    def _attach(self, order, reason=""):
        """Add the payment to an order that is not paid yet.

        A paid order is sealed by France's rules: it is never rewritten.

        :param order: ``pos.order`` record in state ``draft``
        :raise UserError: it is carried already, or the order cannot take it
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
        line_uuid = str(uuid.uuid4())
        self._set_owner(line_uuid, owner_order_name=order.pos_reference or order.name)
        order.add_payment(
            {
                "pos_order_id": order.id,
                "amount": self.amount_approved,
                "payment_method_id": self.payment_method_id.id,
                "payment_status": "done",
                "transaction_id": self.reference,
                "card_type": self._application_label(),
                compat.PAYMENT_LINE: line_uuid,
            }
        )
        self._note("attached", f"{order.name} {reason}".strip())
        self._update_attention()
        self._push()

    def _release(self, reason=""):
        """Free the terminal although its exchange has not ended.

        If the customer pays all the same, the acceptance is still recorded.
        """
        self._lock()
        if not self.lease_until:
            return
        state = {"pending": "not_sent", "sent": "unknown"}.get(self.state)
        self._end_exchange(state, "released", reason)
