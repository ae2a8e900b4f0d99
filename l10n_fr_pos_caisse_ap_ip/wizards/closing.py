from odoo import _, fields, models


class FrCaisseApIpClosing(models.TransientModel):
    _name = "fr.caisse.ap.ip.closing"
    _description = "Closing of a session with terminal payments to resolve"

    session_id = fields.Many2one("pos.session", required=True, readonly=True)
    text = fields.Text(readonly=True)
    has_lonely_payments = fields.Boolean(
        string="Payments in Odoo without a terminal", readonly=True
    )

    def _ask(self, session):
        """Return the action that shows the sums and asks whether to close."""
        text = session._fr_caisse_ap_ip_closing()["text"]
        lonely = self.env["pos.payment"]._fr_caisse_ap_ip_without_transaction(
            [("session_id", "=", session.id)]
        )
        question = self.create(
            {
                "session_id": session.id,
                "text": text,
                "has_lonely_payments": bool(lonely),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": _("Some payments are not resolved"),
            "res_model": self._name,
            "res_id": question.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_close(self):
        """Close the session all the same."""
        session = self.session_id.with_context(fr_caisse_ap_ip_asked=True)
        result = session.action_pos_session_closing_control()
        window_closed = {"type": "ir.actions.act_window_close"}
        return result if isinstance(result, dict) else window_closed

    def action_show(self):
        """Show the payments that are not finished."""
        return self.env["fr.caisse.ap.ip.transaction"]._action_open(
            [
                ("session_id", "=", self.session_id.id),
                "|",
                "|",
                ("state", "=", "unknown"),
                ("is_orphan", "=", True),
                ("is_contradicted", "=", True),
            ]
        )

    def action_show_payments(self):
        """Show Odoo's payments that no terminal knows of."""
        payments = self.env["pos.payment"]._fr_caisse_ap_ip_without_transaction(
            [("session_id", "=", self.session_id.id)]
        )
        action = self.env["ir.actions.actions"]._for_xml_id(
            "point_of_sale.action_pos_payment_form"
        )
        return dict(action, domain=[("id", "in", payments.ids)])
