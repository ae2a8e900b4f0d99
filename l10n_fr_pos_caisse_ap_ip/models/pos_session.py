from odoo import _, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from .transaction import CARRIED_OPERATIONS, OPEN_STATES


class PosSession(models.Model):
    _inherit = "pos.session"

    def _validate_session(self, *args, **kwargs):
        """A session does not close while money is moving."""
        transactions = self.env["fr.caisse.ap.ip.transaction"].sudo()
        transactions._expire_leases()
        running = transactions.search(
            [("session_id", "in", self.ids), ("state", "in", OPEN_STATES)], limit=1
        )
        if running:
            raise UserError(
                _(
                    "A card terminal has not answered yet: %s. Wait for it before you "
                    "close the session.",
                    running._summary(),
                )
            )
        return super()._validate_session(*args, **kwargs)

    def action_pos_session_closing_control(self, *args, **kwargs):
        """Ask before a session with unfinished payments is closed in the backend."""
        asked = self.env.context.get("fr_caisse_ap_ip_asked")
        unfinished = any(
            session._fr_caisse_ap_ip_closing()["needs_attention"] for session in self
        )
        if unfinished and not asked:
            return self.env["fr.caisse.ap.ip.closing"]._ask(self)
        return super().action_pos_session_closing_control(*args, **kwargs)

    def close_session_from_ui(self, *args, **kwargs):
        # The till asked already (checkClosing in static/src).
        asked = self.with_context(fr_caisse_ap_ip_asked=True)
        return super(PosSession, asked).close_session_from_ui(*args, **kwargs)

    def _fr_caisse_ap_ip_closing(self):
        """Return what is told before a session is closed.

        :return: dict; ``text``: the sums per terminal, in words, empty if there are
            none; ``needs_attention``: whether unknown or orphan payments are left
        """
        self.ensure_one()
        groups = self._fr_caisse_ap_ip_by_group()
        labels = self._fr_caisse_ap_ip_group_labels()
        parts = []
        for terminal, by_group in sorted(groups.items()):
            parts.append(terminal)
            for group, label in labels:
                if group in by_group:
                    total = self._fr_caisse_ap_ip_sum(by_group[group])
                    parts.append("  " + _("%(what)s: %(sum)s", what=label, sum=total))
        return {
            "text": "\n".join(parts),
            "needs_attention": any(
                group in by_group
                for by_group in groups.values()
                for group in ("unknown", "orphan")
            ),
        }

    def _fr_caisse_ap_ip_by_group(self):
        """Return the session's transactions by terminal and group (dict of dicts)."""
        transactions = self.env["fr.caisse.ap.ip.transaction"].sudo()
        groups = {}
        for row in transactions.search(
            [
                ("session_id", "=", self.id),
                ("operation", "in", CARRIED_OPERATIONS),
                ("state", "in", ("approved", "unknown")),
            ]
        ):
            terminal = row._terminal_label()
            by_group = groups.setdefault(terminal, {})
            by_group.setdefault(row._closing_group(), []).append(row)
        return groups

    def _fr_caisse_ap_ip_group_labels(self):
        return [
            ("confirmed", _("Confirmed by the terminal")),
            ("person", _("Confirmed by hand")),
            ("forced", _("Forced before the terminal answered")),
            ("resolved", _("Refunded or reversed")),
            ("orphan", _("Without a sale")),
            ("unknown", _("Unknown: look at the terminal")),
        ]

    def _fr_caisse_ap_ip_sum(self, rows):
        total = sum(row.amount_approved or row.amount for row in rows)
        money = formatLang(self.env, total, currency_obj=rows[0].currency_id)
        return f"{money} ({len(rows)})"
