"""What a person is told who asked a terminal something that moves no money."""

import json

from odoo import _, models

from .transaction import OPEN_STATES


class FrCaisseApIpTransaction(models.Model):
    _inherit = "fr.caisse.ap.ip.transaction"

    def _message_duplicate(self):
        """Say what the terminal tells of its last transaction."""
        later = self.about_id._find_later_on_terminal()
        if later and self.state == "approved":
            return _(
                "The terminal has been used since: this is the payment of %(till)s "
                "(%(payment)s), not this one. Look at the receipts.",
                till=later.config_id.name,
                payment=later._summary(),
            )
        if self.state == "approved" and self.approved_cents:
            same = self.approved_cents == self.amount_cents
            return " ".join(
                [
                    _(
                        "The last transaction of the terminal was approved for %s.",
                        self._money(abs(self.amount_approved)),
                    ),
                    _("The amount is the same: compare the time on the receipt.")
                    if same
                    else _("The amount differs: it is probably another payment."),
                ]
            )
        return {
            "approved": _(
                "The last transaction of the terminal was approved; the terminal does "
                "not give its amount. Look at its receipt."
            ),
            "refused": _(
                "According to the terminal, its last transaction did not succeed, or "
                "it cannot repeat it."
            ),
            "unknown": _("The terminal did not reply to the query."),
            "not_sent": _("The terminal could not be queried."),
        }.get(self.state, "")

    def _notification(self, milliseconds):
        """Return the client action that shows the answer to an inquiry.

        :param int milliseconds: what the answer took
        """
        is_test = self.operation == "identification"
        answered = "success" if is_test else "info"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.payment_method_id.name,
                "message": self._message_identification(milliseconds)
                if is_test
                else self._message(),
                "type": answered if self.state == "approved" else "danger",
                "sticky": True,
            },
        }

    def _message_identification(self, milliseconds=0):
        """Say what was found at the address, and what to do about it."""
        if self.state == "not_sent":
            return self._message_not_sent()
        if self.state in OPEN_STATES:
            return _("No reply yet: look at the terminal's transactions in a moment.")
        answer = json.loads(self.answer or "{}")
        texts = {
            "approved": _(
                "The terminal replies in %(time)s ms: identifier %(ipc)s, protocol "
                "version %(version)s.",
                time=milliseconds,
                ipc=answer.get("CJ", "-"),
                version=answer.get("CZ", "-"),
            ),
            "serial_protocol": _(
                "The terminal replies, but in the older serial protocol: choose "
                "Concert version 3 (Caisse-AP over IP) in its settings."
            ),
            "broken_frame": _(
                "The device at this address is not a card terminal: check the "
                "address and the port."
            ),
            "failed": _(
                "The terminal replies, but does not identify itself. Payments may "
                "work: try a small one."
            ),
        }
        silence = _(
            "Connected, but no reply: is the terminal on its idle screen, is its link "
            "with the till switched on, is the protocol Concert version 3?"
        )
        return texts.get(self.reason) or silence
