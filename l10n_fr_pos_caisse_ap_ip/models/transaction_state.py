"""What a page is told of a transaction: the state, and who has its money."""

import hashlib
import hmac

from odoo import _, models

from .. import compat
from .transaction import CARRIED_OPERATIONS, FINAL_STATES, FREE_STATES, OPEN_STATES


class FrCaisseApIpTransaction(models.Model):
    _inherit = "fr.caisse.ap.ip.transaction"

    def _to_till(self):
        """Return all that the page may know, in the user's language (dict)."""
        self.ensure_one()
        return {
            "reference": self.reference,
            "line_uuid": self.line_uuid,
            "order_uuid": self.order_uuid or "",
            "method_id": self.payment_method_id.id,
            "state": self.state,
            # Whether no news will come by itself; whether the line may be sent again.
            "is_final": self.state in FINAL_STATES,
            "is_free": self.state in FREE_STATES,
            "reason": self.reason or "",
            "operation": self.operation,
            "amount_cents": self.amount_cents,
            "approved_cents": self.approved_cents,
            "title": self._title(),
            "message": self._message(),
            "cancel_message": self._press_red_key(),
            "card_type": self._application_label(),
            "card_number": self.card_number or "",
            "authorisation": self.authorisation or "",
            "receipt": self.receipt or "",
            # A person reads it; a start, the most urgent call, does without.
            "summary": self._summary() if self.state != "pending" else "",
            "is_orphan": self.is_orphan,
            "can_query": self.can_query,
            "owner_uuid": self.owner_uuid or "",
            "lost_message": self._message_lost(),
            # Whether a page that does not have the sale may use the money.
            "offer": self.is_orphan and self._is_offered_to(""),
            "needs_person": self._needs_person(),
            "bus": self._news_bus(),
        }

    def _news_bus(self):
        """Return where the page hears its news (dict), or False: Odoo brings it.

        XML-RPC, by which programs call us, has no None.
        """
        if compat.TILL_HAS_BUS or not self.page:
            return False
        return {"kind": compat.BUS, "channel": self._news_channel()}

    def _news_channel(self):
        """Return the channel of the page of the sale (str).

        Odoo 14.0 lets anybody speak on a channel that he knows: nobody can guess it.
        """
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        content = f"fr_caisse_ap_ip page {self.page}"
        return hmac.new(secret.encode(), content.encode(), hashlib.sha256).hexdigest()

    def _busy_to_till(self):
        """Return the answer for a till that must wait for another (dict)."""
        return self._busy_state(
            _("The terminal is busy"),
            _(
                "%(till)s (%(user)s) has been using it since %(time)s. Wait until that "
                "payment has ended, then press Retry.",
                till=self.config_id.name,
                user=self.cashier_name,
                time=self._local_time(self.create_date, "%H:%M:%S"),
            ),
        )

    def _order_busy_to_till(self):
        """Return the answer for a till whose order is being paid elsewhere (dict)."""
        wait = _(
            "Go on there, or open the order again here once that payment has ended."
        )
        return self._busy_state(
            _("This order is being paid already"), f"{self._message_taken()} {wait}"
        )

    def _message_taken(self):
        """Tell who is taking this payment, since when, and from where."""
        return _(
            "%(till)s (%(user)s) has been taking a payment of %(amount)s for this "
            "order since %(time)s, on another page of the till.",
            till=self.config_id.name,
            user=self.cashier_name,
            amount=self._money(self.amount_approved or self.amount),
            time=self._local_time(self.create_date, "%H:%M:%S"),
        )

    def _message_sender(self):
        """Tell a page that shows this payment, and did not send it, who did (str)."""
        if self.state not in OPEN_STATES:
            return ""
        follows = _("This page shows the result too.")
        return f"{self._message_taken()} {follows}"

    def _needs_manager_to_till(self, message, values):
        """Return the answer for a till whose cashier may not do that (dict).

        :param str message: why
        :param dict values: checked payload
        """
        session = self.env["pos.session"].browse(values["session_id"])
        return dict(
            self._busy_state(_("A manager is needed"), message),
            reason="needs_manager",
            managers=session._fr_caisse_ap_ip_managers(),
        )

    def _busy_state(self, title, message):
        return {
            "reference": self.reference or "",
            "line_uuid": "",
            "owner_uuid": "",
            "state": "busy",
            "is_final": True,
            "is_free": True,
            "needs_person": False,
            "offer": False,
            "reason": "",
            "title": title,
            "message": message,
        }

    def _message_lost(self):
        """Tell the line that asked for it what became of its money (str)."""
        lost = self.state == "approved" and self.operation in CARRIED_OPERATIONS
        if not lost or self.owner_uuid == self.line_uuid:
            return ""
        return {
            "refunded": _(
                "This payment was refunded to the customer by %(user)s on %(time)s.",
                **self._last_change(),
            ),
            "reversed": _(
                "This payment was reversed on the terminal by %(user)s on %(time)s.",
                **self._last_change(),
            ),
        }.get(self.resolution) or self._message_used()

    def _message_used(self):
        if not self.owner_uuid:
            return _(
                "This payment no longer belongs to a sale. It was approved for "
                "%(amount)s on %(time)s.",
                amount=self._money(self.amount_approved),
                time=self._local_time(self.create_date),
            )
        return _(
            "This payment was used for %(order)s by %(user)s on %(time)s.",
            order=self.owner_order_name or _("another order"),
            **self._last_change(),
        )

    def _last_change(self):
        """Return who changed the owner last, and when, for a message (dict)."""
        return {
            "user": self.owner_by_name or "",
            "time": self._local_time(self.owner_at),
        }
