"""What waits for a manager: Odoo's own activities, done once it is resolved."""

from datetime import timedelta

from odoo import _, api, fields, models

from ..caisse_ap import PAYMENTS
from .transaction import ORPHAN

# The cashier comes first; a manager is called for what is left open.
CASHIER_SECONDS = 300
WAITING = [
    "|",
    "&",
    ("state", "=", "unknown"),
    ("operation", "in", PAYMENTS),
    *["&"] * (len(ORPHAN) - 1),
    *ORPHAN,
]
ACTIVITY = "l10n_fr_pos_caisse_ap_ip.activity_type"


class FrCaisseApIpTransaction(models.Model):
    _inherit = "fr.caisse.ap.ip.transaction"

    activity_ids = fields.Many2many(
        "mail.activity",
        "fr_caisse_ap_ip_transaction_activity",
        readonly=True,
        copy=False,
        help="The managers who were called, on the session.",
    )

    @api.model
    def _remind(self):
        """Called every few minutes: look for what nobody resolved, and what is done."""
        self._expire_leases()
        waiting = self.search(WAITING)
        called = self.search([("activity_ids", "!=", False)])
        (waiting | called)._update_attention()

    def _update_attention(self):
        """Call the managers where it is time to, and no longer than needed."""
        for transaction in self.sudo():
            is_due = transaction._is_attention_due()
            if is_due and transaction.session_id and not transaction.activity_ids:
                transaction._call_managers()
            elif not is_due:
                transaction.activity_ids.unlink()

    def _is_attention_due(self):
        if self.is_contradicted or (self.is_orphan and not self.owner_uuid):
            return True
        patience = self._database_time() - timedelta(seconds=CASHIER_SECONDS)
        if not self.ended_at or self.ended_at > patience:
            return False
        is_stray = self.is_orphan and self._is_offered_to("")
        return self.state == "unknown" or is_stray

    def _call_managers(self):
        # A mail for each would be too much: the activity is enough.
        session = self.session_id.with_context(mail_activity_quick_update=True)
        for user in self._managers():
            reader = self.with_context(lang=user.lang, tz=user.tz)
            self.activity_ids |= session.activity_schedule(
                ACTIVITY,
                user_id=user.id,
                summary=f"{reader._attention_label()} - {reader._summary()}",
            )

    def _managers(self):
        """Return the managers of this point of sale (``res.users``)."""
        staff = self.env["res.users"].search(
            [("company_ids", "in", self.company_id.ids), ("share", "=", False)]
        )
        manager = "point_of_sale.group_pos_manager"
        return staff.filtered(lambda user: user.has_group(manager))

    def _attention_label(self):
        if self.is_contradicted:
            if self._is_against_person():
                return _("Card payment: person and terminal differ")
            return _("Card payment: the terminal contradicts itself")
        if self.state == "unknown":
            return _("Card payment: was it paid?")
        return _("Card payment without a sale")
