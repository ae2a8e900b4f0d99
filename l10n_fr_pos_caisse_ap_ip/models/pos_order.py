from odoo import models


class PosOrder(models.Model):
    _inherit = "pos.order"

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
        # The first 18.0 has another name of an order on the till than on the server.
        uuids = self.mapped("uuid") if "uuid" in self._fields else []
        return [
            "|",
            ("payment_id.pos_order_id", "in", self.ids),
            "&",
            ("session_id", "in", self.mapped("session_id").ids),
            "|",
            ("order_name", "in", names),
            ("order_uuid", "in", uuids),
        ]

    def _fr_caisse_ap_ip_slips(self):
        """Return the transactions of these orders whose receipt can be printed."""
        transactions = self.env["fr.caisse.ap.ip.transaction"]
        domain = self._fr_caisse_ap_ip_domain() + [("receipt", "!=", False)]
        return transactions.search(domain, order="id")
