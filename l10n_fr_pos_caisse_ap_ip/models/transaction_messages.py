"""What a till and its cashier are told about a transaction."""

import json

from odoo import _, fields, models
from odoo.tools.misc import formatLang

from ..caisse_ap import tables
from .transaction import CARRIED_OPERATIONS, FINAL_STATES, FREE_STATES

# Two bodies use one code (protocol.md 4.5): a setting says which.
LABELS_00E = [("conecs", "CONECS"), ("cmcic", "CMCIC-Pay")]


class FrCaisseApIpTransaction(models.Model):
    _inherit = "fr.caisse.ap.ip.transaction"

    explanation = fields.Text(compute="_compute_explanation")

    def _compute_explanation(self):
        for transaction in self:
            lines = [transaction._title(), transaction._message()]
            transaction.explanation = "\n".join(filter(None, lines))

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
        }

    def _busy_to_till(self):
        """Return the answer for a till that must wait for another (dict)."""
        since = fields.Datetime.context_timestamp(self, self.create_date)
        return {
            "reference": self.reference,
            "line_uuid": "",
            "state": "busy",
            "is_final": True,
            "is_free": True,
            "title": _("The terminal is busy"),
            "message": _(
                "%(till)s (%(user)s) has been using it since %(time)s. Wait until that "
                "payment has ended, then send again.",
                till=self.config_id.name,
                user=self.user_id.name,
                time=since.strftime("%H:%M:%S"),
            ),
        }

    def _title(self):
        unknown = {
            "credit": _("Was it refunded? Look at the terminal"),
            "reversal": _("Was it reversed? Look at the terminal"),
        }
        return {
            "approved": _("Payment accepted"),
            "refused": _("Payment refused"),
            "unknown": unknown.get(
                self.operation, _("Was it paid? Look at the terminal")
            ),
            "not_sent": _("Nothing was sent to the terminal"),
        }.get(self.state, _("Waiting for the terminal"))

    def _message(self):
        build = {
            "duplicate": self._message_duplicate,
            "identification": self._message_identification,
        }.get(self.operation) or {
            "approved": self._message_approved,
            "refused": self._message_refused,
            "unknown": self._message_unknown,
            "not_sent": self._message_not_sent,
        }.get(self.state)
        return build() if build else ""

    def _message_approved(self):
        if self.approved_cents == self.amount_cents:
            return ""
        return _(
            "The terminal accepted %(approved)s of %(asked)s. The rest stays due.",
            approved=self._money(self.amount_approved),
            asked=self._money(self.amount),
        )

    def _message_duplicate(self):
        """Say what the terminal tells of its last transaction."""
        if self.state == "approved" and self.approved_cents:
            same = self.approved_cents == self.amount_cents
            return " ".join(
                [
                    _(
                        "The last transaction of the terminal was accepted for %s.",
                        self._money(self.amount_approved),
                    ),
                    _("The amount is the same: compare the time on the slip.")
                    if same
                    else _("The amount is another: it is probably another payment."),
                ]
            )
        return {
            "approved": _(
                "The terminal accepted its last transaction, of an amount "
                "it does not tell. Look at its slip."
            ),
            "refused": _(
                "The terminal says that its last transaction did not succeed, "
                "or that it cannot repeat it."
            ),
            "unknown": _("The terminal did not answer the question."),
            "not_sent": _("The terminal could not be asked."),
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
        answer = json.loads(self.answer or "{}")
        texts = {
            "approved": _(
                "The terminal answers in %(time)s ms: identifier %(ipc)s, protocol "
                "version %(version)s.",
                time=milliseconds,
                ipc=answer.get("CJ", "-"),
                version=answer.get("CZ", "-"),
            ),
            "serial_protocol": _(
                "A terminal is there, but it speaks the older serial protocol: choose "
                "Concert version 3 (Caisse-AP over IP) in its settings."
            ),
            "broken_frame": _(
                "Something answers there, but it is no card terminal: check the "
                "address and the port."
            ),
            "failed": _(
                "The terminal answers, but does not identify itself. Payments may "
                "work: try a small one."
            ),
        }
        silence = _(
            "The connection stands, but nothing answers: is the terminal on its idle "
            "screen, is its link with the till switched on, is the protocol Concert "
            "version 3?"
        )
        return texts.get(self.reason) or silence

    def _message_refused(self):
        if self.resolved_by_id:
            return _("%s said that it was not paid.", self.resolved_by_id.name)
        if self.mode == "check" and self.detail_code == "04":
            why = _("Cheque refused, inserted the wrong way round, or cancelled")
        else:
            why = self._label(tables.STATUS_DETAILS, self.detail_code)
        return " ".join(
            filter(
                None,
                [
                    _("%s.", why or _("The terminal gave no reason")),
                    self.bank_message,
                    self.detail_code and _("(code %s)", self.detail_code),
                ],
            )
        )

    def _message_not_sent(self):
        default = _("The terminal at %s could not be reached.")
        address = f"{self.terminal_address}:{self.terminal_port}"
        return " ".join(
            filter(
                None,
                [
                    self._not_sent_reasons().get(self.reason, default) % address,
                    self.operation in CARRIED_OPERATIONS and _("Nothing was charged."),
                    self.error,
                ],
            )
        )

    def _not_sent_reasons(self):
        """Return why nothing was sent and what to do, by reason (dict)."""
        return {
            "refused_connection": _(
                "The terminal at %s refuses the connection. Wake it up if it is "
                "asleep, check that the link with the till is switched on and that "
                "the port is right."
            ),
            "no_route": _(
                "There is no way to the terminal at %s. Check its cable or Wi-Fi and "
                "its address."
            ),
            "name_not_found": _("No machine of that name: %s. Check the address."),
            "connect_timeout": _(
                "The terminal at %s does not answer. Check that it is on, its cable or "
                "Wi-Fi, and its address."
            ),
            "database_error": _(
                "The Odoo server could not note the payment before it asked the "
                "terminal at %s. Send again."
            ),
            "no_thread": _(
                "The Odoo server has too much to do to talk to the terminal at %s. "
                "Send again."
            ),
            "given_up": _("Cancelled before it reached the terminal at %s."),
            "process_stopped": _(
                "The Odoo server stopped before it reached the terminal at %s. Send "
                "again."
            ),
        }

    def _message_unknown(self):
        texts = {
            "timed_out": _("The terminal gave no answer in time."),
            "process_stopped": _("The Odoo server stopped during the payment."),
            "serial_protocol": _(
                "The terminal speaks the older serial protocol: choose Concert "
                "version 3 (Caisse-AP over IP) in its settings."
            ),
            "echo_mismatch": _("The terminal answered for another payment."),
            "amount_mismatch": _("The terminal answered with another amount."),
        }
        default = _("The terminal's answer was lost or could not be understood.")
        return " ".join(
            [
                texts.get(self.reason, default),
                _(
                    "The customer may have been charged %s: look at the terminal or "
                    "its slip before you go on.",
                    self._money(self.amount),
                ),
            ]
        )

    def _press_red_key(self):
        return _(
            "The till cannot cancel a payment on the terminal: press the red key on "
            "it. If the customer pays all the same, the payment is taken."
        )

    def _summary(self):
        """Name the transaction in one line, to find its slip."""
        when = fields.Datetime.context_timestamp(self, self.create_date)
        return " - ".join(
            filter(
                None,
                [
                    self._money(self.amount_approved or self.amount),
                    when.strftime("%d/%m %H:%M"),
                    self.order_name,
                    self.authorisation and _("authorisation %s", self.authorisation),
                ],
            )
        )

    def _fr_caisse_ap_ip_slips(self):
        """Return those whose receipt can be printed, as for an order (pos_order.py)."""
        return self.filtered("receipt").sorted("id")

    def _application_label(self):
        if self.application == "00E":
            return dict(LABELS_00E)[
                self.payment_method_id.fr_caisse_ap_ip_label_00e or "conecs"
            ]
        return self._label(tables.APPLICATIONS, self.application)

    def _label(self, table, code):
        """Look a code up in French or English, whichever the user reads."""
        label = table.get(code or "")
        if not label:
            return code or ""
        return label.fr if (self.env.lang or "").startswith("fr") else label.en

    def _money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)
