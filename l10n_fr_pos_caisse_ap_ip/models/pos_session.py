from odoo import _, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from ..caisse_ap import PAYMENTS
from .transaction import CARRIED_OPERATIONS, OPEN_STATES

# What a person should look at before a session is closed.
ATTENTION_GROUPS = ("contradicted", "different", "orphan", "unknown")


class PosSession(models.Model):
    _inherit = "pos.session"

    def write(self, values):
        written = super().write(values)
        if values.get("state") == "opened":
            self._fr_caisse_ap_ip_ring()
        return written

    def _fr_caisse_ap_ip_ring(self):
        """Tell the agents that this till sells now: they ask more often then."""
        terminals = self.sudo().mapped(
            "config_id.payment_method_ids.fr_caisse_ap_ip_terminal_id"
        )
        for agent in terminals.mapped("agent_id"):
            if agent._is_here():
                agent._ring()

    # -- A session does not close while money is moving ----------------------------

    def _validate_session(self, *args, **kwargs):
        self._fr_caisse_ap_ip_check_running()
        self._fr_caisse_ap_ip_forbid_starts()
        return super()._validate_session(*args, **kwargs)

    def update_closing_control_state_session(self, *args, **kwargs):
        # From 16.0 on the till calls this before it closes, and Odoo commits it.
        self._fr_caisse_ap_ip_check_running()
        return super().update_closing_control_state_session(*args, **kwargs)

    def _cannot_close_session(self, *args, **kwargs):
        # From 16.0 on: asked before the cash is counted, and before closing.
        message = self._fr_caisse_ap_ip_running_message()
        if message:
            return {"successful": False, "message": message, "redirect": False}
        return super()._cannot_close_session(*args, **kwargs)

    def _fr_caisse_ap_ip_check_running(self):
        message = self._fr_caisse_ap_ip_running_message()
        if message:
            raise UserError(message)

    def _fr_caisse_ap_ip_running_message(self):
        """Return which payment keeps the session open (str), or nothing."""
        transactions = self.env["fr.caisse.ap.ip.transaction"].sudo()
        transactions._expire_leases()
        running = self._fr_caisse_ap_ip_running(transactions)
        return self._fr_caisse_ap_ip_tell_running(running[:1])

    def _fr_caisse_ap_ip_running(self, transactions):
        """Return those that have not ended, as the cursor of these records shows."""
        return transactions.search(
            [("session_id", "in", self.ids), ("state", "in", OPEN_STATES)]
        )

    def _fr_caisse_ap_ip_forbid_starts(self):
        """Let no payment begin while the session is being closed.

        One that was quicker by a moment is committed by then, and our snapshot may not
        show it: look with a cursor of its own.
        """
        transactions = self.env["fr.caisse.ap.ip.transaction"].sudo()
        transactions._forbid_starts(self)
        with transactions._fresh() as fresh:
            running = self._fr_caisse_ap_ip_running(fresh)
            # Those whose lease has lapsed were ended here, and not committed.
            seen = transactions.browse(running.ids).exists()
            ended = seen - self._fr_caisse_ap_ip_running(transactions)
            late = running.filtered(lambda one: one.id not in ended.ids)[:1]
            message = self._fr_caisse_ap_ip_tell_running(late)
        if message:
            raise UserError(message)

    def _fr_caisse_ap_ip_tell_running(self, running):
        """Return which payment keeps the session open (str); "": none."""
        if not running:
            return ""
        return _(
            "A card terminal has not answered yet: %(payment)s, %(till)s (%(user)s). "
            "Wait for it before you close the session.",
            payment=running._summary(),
            till=running.config_id.name,
            user=running.cashier_name,
        )

    # -- What is told before -------------------------------------------------------

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

        :return: dict; ``text``: the sums per terminal, and what stands on one side
            only, empty if there is nothing to say; ``needs_attention``: whether a
            person should look first
        """
        self.ensure_one()
        by_terminal = self._fr_caisse_ap_ip_by_group()
        lonely = self.env["pos.payment"]._fr_caisse_ap_ip_without_transaction(
            [("session_id", "=", self.id)]
        )
        found = {group for groups in by_terminal.values() for group in groups}
        return {
            "text": "\n".join(
                [
                    *self._fr_caisse_ap_ip_sum_lines(by_terminal),
                    *self._fr_caisse_ap_ip_lonely_lines(lonely),
                ]
            ),
            "needs_attention": bool(lonely or found & set(ATTENTION_GROUPS)),
        }

    def _fr_caisse_ap_ip_sum_lines(self, by_terminal):
        for terminal, by_group in sorted(by_terminal.items()):
            yield terminal
            for group, label in self._fr_caisse_ap_ip_group_labels().items():
                if group in by_group:
                    total = self._fr_caisse_ap_ip_sum(by_group[group])
                    yield "  " + _("%(what)s: %(sum)s", what=label, sum=total)

    def _fr_caisse_ap_ip_lonely_lines(self, payments):
        """Name the payments in Odoo that no terminal knows of (strings)."""
        if not payments:
            return
        yield _("In Odoo without a terminal's transaction")
        for payment in payments.sorted("id"):
            money = formatLang(
                self.env, payment.amount, currency_obj=payment.currency_id
            )
            order = payment.pos_order_id.pos_reference or payment.pos_order_id.name
            yield f"  {order}: {money} ({payment.payment_method_id.name})"

    def _fr_caisse_ap_ip_by_group(self):
        """Return the session's transactions by terminal and group (dict of dicts)."""
        transactions = self.env["fr.caisse.ap.ip.transaction"].sudo()
        groups = {}
        for row in transactions.search(
            [
                ("session_id", "=", self.id),
                ("operation", "in", PAYMENTS),
                ("state", "in", ("approved", "unknown")),
                # Of a reversal the payment tells, unless it is open what it did.
                "|",
                "|",
                ("operation", "in", CARRIED_OPERATIONS),
                ("state", "=", "unknown"),
                ("is_contradicted", "=", True),
            ]
        ):
            by_group = groups.setdefault(row._terminal_label(), {})
            by_group.setdefault(row._closing_group(), []).append(row)
        return groups

    def _fr_caisse_ap_ip_group_labels(self):
        return {
            "confirmed": _("Confirmed by the terminal"),
            "person": _("Confirmed by hand"),
            "forced": _("Forced before the terminal answered"),
            "resolved": _("Refunded or reversed"),
            "contradicted": _("Contradiction to resolve"),
            "different": _("Another amount in Odoo than on the terminal"),
            "orphan": _("Without a sale"),
            "unknown": _("Unknown (look at the terminal)"),
        }

    def _fr_caisse_ap_ip_sum(self, rows):
        total = sum(row.amount_approved or row.amount for row in rows)
        money = formatLang(self.env, total, currency_obj=rows[0].currency_id)
        return f"{money} ({len(rows)})"
