import re

from odoo import api, models

from .transaction import CARRIED_OPERATIONS, FREE_STATES

# The till's name of an order up to 17.0, inside "Order 00001-001-0001".
UID = re.compile(r"\d{5,}-\d{3,}-\d{4,}")


class PosOrder(models.Model):
    _inherit = "pos.order"

    # -- Orders that go away -------------------------------------------------------

    def write(self, vals):
        """Refuse to cancel an order with money aboard, whoever asks for it.

        A page that synchronises is past asking: what it cancels is cancelled, and the
        money is an orphan.
        """
        is_cancelled = vals.get("state") == "cancel"
        if is_cancelled and not self.env.context.get("fr_caisse_ap_ip_sync"):
            self._fr_caisse_ap_ip_check_empty()
        result = super().write(vals)
        if is_cancelled:
            self._fr_caisse_ap_ip_aboard()._free_from_order("order_cancelled")
        return result

    def unlink(self):
        self._fr_caisse_ap_ip_check_empty()
        return super().unlink()

    @api.model
    def sync_from_ui(self, orders, *args, **kwargs):
        """Synchronise orders of a till (from 18.0 on)."""
        syncing = self.with_context(fr_caisse_ap_ip_sync=True)
        return super(PosOrder, syncing).sync_from_ui(orders, *args, **kwargs)

    def _fr_caisse_ap_ip_check_empty(self):
        """Refuse to drop an order whose card payments took or may take money.

        :raise UserError: names the order and the payments
        """
        self._fr_caisse_ap_ip_aboard()._check_none_aboard()

    def _fr_caisse_ap_ip_aboard(self):
        """Return the transactions whose money these orders hold, or may get."""
        transactions = self.env["fr.caisse.ap.ip.transaction"].sudo()
        if not self:
            return transactions
        return transactions.search(
            [
                ("operation", "in", CARRIED_OPERATIONS),
                ("state", "not in", FREE_STATES),
                ("resolution", "=", False),
                "|",
                ("payment_id.pos_order_id", "in", self.ids),
                ("owner_order_uuid", "in", self._fr_caisse_ap_ip_uuids()),
            ]
        )

    def _fr_caisse_ap_ip_uuids(self):
        """Return what tills call these orders (list of str)."""
        # The first 18.0 has another name of an order on the till than on the server.
        uuids = self.mapped("uuid") if "uuid" in self._fields else []
        found = [UID.search(name or "") for name in self.mapped("pos_reference")]
        return [*filter(None, uuids), *(one.group() for one in found if one)]

    # -- What the terminals did ----------------------------------------------------

    def action_fr_caisse_ap_ip_transactions(self):
        """Open all that the terminals did for these orders, refusals too."""
        return self.env["fr.caisse.ap.ip.transaction"]._action_open(
            self._fr_caisse_ap_ip_domain()
        )

    def _fr_caisse_ap_ip_domain(self):
        """Return which transactions belong to these orders (domain).

        A refused one has no payment in Odoo: the till's names of the order tell.
        """
        names = [name for name in self.mapped("pos_reference") if name]
        return [
            "|",
            ("payment_id.pos_order_id", "in", self.ids),
            "&",
            ("session_id", "in", self.mapped("session_id").ids),
            "|",
            ("order_name", "in", names),
            ("order_uuid", "in", self._fr_caisse_ap_ip_uuids()),
        ]

    def _fr_caisse_ap_ip_receipts(self):
        """Return the transactions of these orders whose receipt can be printed."""
        transactions = self.env["fr.caisse.ap.ip.transaction"]
        domain = self._fr_caisse_ap_ip_domain() + [("receipt", "!=", False)]
        return transactions.search(domain, order="id")
