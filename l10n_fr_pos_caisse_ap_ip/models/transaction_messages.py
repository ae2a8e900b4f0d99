"""What a till and its cashier are told about a transaction."""

from odoo import _, fields, models
from odoo.tools.misc import formatLang

from ..caisse_ap import tables

# Two bodies use one code (protocol.md 4.5): a setting says which.
LABELS_00E = [("conecs", "CONECS"), ("cmcic", "CMCIC-Pay")]


class FrCaisseApIpTransaction(models.Model):
    _inherit = "fr.caisse.ap.ip.transaction"

    explanation = fields.Text(compute="_compute_explanation")
    application_label = fields.Char(
        string="Application", compute="_compute_application_label"
    )

    def _compute_application_label(self):
        for transaction in self:
            transaction.application_label = transaction._application_label()

    def _compute_explanation(self):
        for transaction in self:
            lines = [
                transaction._title(),
                transaction._message(),
                transaction._message_lost(),
            ]
            transaction.explanation = "\n".join(filter(None, lines))

    def _title(self):
        if self.is_contradicted:
            return self._title_contradiction()
        if self.state not in ("approved", "refused", "unknown"):
            return {"not_sent": _("Nothing was sent to the terminal")}.get(
                self.state, _("Waiting for the terminal")
            )
        inquiry = {
            "approved": _("The terminal replied"),
            "refused": _("The terminal cannot do this"),
            "unknown": _("The terminal did not reply"),
        }
        titles = {
            "debit": {
                "approved": _("Payment approved"),
                "refused": _("Payment refused"),
                "unknown": _("Was it paid? Look at the terminal"),
            },
            "credit": {
                "approved": _("Refund approved"),
                "refused": _("Refund refused"),
                "unknown": _("Was it refunded? Look at the terminal"),
            },
            "reversal": {
                "approved": _("Payment reversed"),
                "refused": _("Reversal refused: the payment is still valid"),
                "unknown": _("Was it reversed? Look at the terminal"),
            },
        }
        return titles.get(self.operation, inquiry)[self.state]

    def _message(self):
        if self.is_contradicted:
            return self._message_contradiction()
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

    def _title_contradiction(self):
        if self._is_against_person():
            return _("Person and terminal differ")
        return _("The terminal contradicts itself")

    def _is_against_person(self):
        """Tell whether the terminal differs from a person, rather than from itself."""
        return self._differs_from_person(self.terminal_outcome, self.approved_cents)

    def _message_contradiction(self):
        """Tell what a person and the terminal, or the terminal alone, say otherwise."""
        resolve = _("A manager has to resolve it.")
        if not self._is_against_person():
            amount = self._money(abs(self.amount_approved))
            found = _(
                "The terminal approved %s, and then said something else: compare its "
                "receipt.",
                amount,
            )
            return f"{found} {resolve}"
        said = {
            "approved": _("%s said that it took place."),
            "refused": _("%s said that it did not take place."),
        }[self.person_outcome]
        found = {
            "approved": _(
                "The terminal approved %s.", self._money(abs(self.amount_approved))
            ),
            "refused": _("The terminal refused it: no money moved."),
            "not_sent": _("Nothing had reached the terminal: no money moved."),
        }[self.terminal_outcome]
        return " ".join([said % self.resolved_by_name, found, resolve])

    def _message_approved(self):
        if self.approved_cents == self.amount_cents:
            return ""
        amounts = {
            "approved": self._money(abs(self.amount_approved)),
            "asked": self._money(abs(self.amount)),
        }
        if self.operation == "debit":
            return _(
                "The terminal approved %(approved)s of %(asked)s. The rest remains to "
                "be paid.",
                **amounts,
            )
        return _(
            "The terminal refunded %(approved)s of %(asked)s. The rest remains to be "
            "refunded.",
            **amounts,
        )

    def _message_refused(self):
        if self.person_outcome == "refused" and not self.detail_code:
            return _("%s said that it did not take place.", self.resolved_by_name)
        if self.mode == "check" and self.detail_code == "04":
            why = _("Cheque refused, inserted the wrong way round, or cancelled.")
        else:
            why = self._refusal_reasons().get(
                self.detail_code, _("The terminal gave no reason: press Retry.")
            )
        code = self.detail_code and _("(code %s)", self.detail_code)
        return " ".join(filter(None, [why, self.bank_message, code]))

    def _refusal_reasons(self):
        """Return what a cashier can do, by code of AF (protocol.md 4.3)."""
        return {
            "02": _("The bank asks for a phone call: ask for another card."),
            "03": _("The terminal asks for a forced payment: ask for another card."),
            "04": _("Card refused: ask for another one."),
            "05": _("Card not allowed: ask for another one."),
            "06": _("Abandoned by the customer: press Retry to start again."),
            "07": _("Not completed: press Retry."),
            "08": _("Time is up: press Retry."),
            "09": _("The terminal did not understand the request: call a manager."),
            "10": _("Wrong selection on the terminal: press Retry."),
            "11": _("Cancelled on the terminal: press Retry to start again."),
            "12": _("The terminal cannot do this operation: call a manager."),
            "13": _("The terminal does not support this currency: call a manager."),
        }

    def _message_not_sent(self):
        nothing = {
            "debit": _("Nothing was charged."),
            "credit": _("Nothing was refunded."),
            "reversal": _("The payment is still valid."),
        }
        default = _("The terminal could not be reached.")
        where = f"({self._terminal_label()})"
        texts = [
            self._not_sent_reasons().get(self.reason, default),
            nothing.get(self.operation),
            where,
        ]
        return " ".join(filter(None, texts))

    def _terminal_label(self):
        """Name the terminal as cashiers know it, its address afterwards (str)."""
        method = self.payment_method_id.name
        return f"{method}, {self.terminal_address}:{self.terminal_port}"

    def _not_sent_reasons(self):
        """Return why nothing was sent and what to do, by reason (dict)."""
        return {
            "refused_connection": _(
                "The terminal refuses the connection. Wake it up if it is asleep, "
                "check that its link with the till is switched on and that the port "
                "is right."
            ),
            "no_route": _(
                "The terminal is unreachable on the network. Check its cable or Wi-Fi "
                "and its address."
            ),
            "name_not_found": _("Name not found. Check the address of the terminal."),
            "connect_timeout": _(
                "The terminal does not reply. Check that it is on, its cable or Wi-Fi, "
                "and its address."
            ),
            "database_error": _(
                "The Odoo server could not record the payment before contacting the "
                "terminal. Press Retry."
            ),
            "no_thread": _(
                "The Odoo server is too busy to talk to the terminal. Press Retry."
            ),
            "given_up": _("Cancelled before it reached the terminal."),
            "process_stopped": _(
                "The Odoo server stopped before it reached the terminal. Press Retry."
            ),
        }

    def _unknown_reasons(self):
        """Return why it is unknown, by reason (dict)."""
        return {
            "timed_out": _("The terminal did not reply in time."),
            "process_stopped": _("The Odoo server stopped during the payment."),
            "serial_protocol": _(
                "The terminal uses the older serial protocol: choose Concert "
                "version 3 (Caisse-AP over IP) in its settings."
            ),
            "echo_mismatch": _("The terminal answered for another payment."),
            "amount_mismatch": _("The terminal answered with another amount."),
        }

    def _message_unknown(self):
        why = self._unknown_reasons()
        default = _("The terminal's answer was lost or could not be understood.")
        doubts = {
            "credit": _("The customer may already have been refunded %s."),
            "reversal": _("The payment of %s may already be reversed."),
        }
        doubt = doubts.get(
            self.operation, _("The customer may have been charged %s.")
        ) % self._money(abs(self.amount))
        look = _("Look at the terminal or its receipt before you go on.")
        return " ".join([why.get(self.reason, default), doubt, look])

    def _press_red_key(self):
        return _(
            "The till cannot cancel a payment on the terminal: press the red key on "
            "it. If the customer pays all the same, the payment counts."
        )

    def _summary(self):
        """Name the transaction in one line, to find its receipt."""
        return " - ".join(
            filter(
                None,
                [
                    self._money(self.amount_approved or self.amount),
                    self._local_time(self.create_date),
                    self.order_name,
                    self.authorisation and _("authorisation %s", self.authorisation),
                ],
            )
        )

    def _fr_caisse_ap_ip_receipts(self):
        """Return those whose receipt can be printed, as for an order (pos_order.py)."""
        return self.filtered("receipt").sorted("id")

    def _application_label(self):
        if self.application == "00E":
            return dict(LABELS_00E)[
                self.payment_method_id.fr_caisse_ap_ip_label_00e or "conecs"
            ]
        return self._label(tables.APPLICATIONS, self.application)

    def _label(self, table, code):
        """Look a code up in the language that the user reads."""
        label = table.get(code or "")
        if not label:
            return code or ""
        return getattr(label, (self.env.lang or "en")[:2], "") or label.en

    def _local_time(self, moment, shape="%d/%m %H:%M"):
        """Return a moment as the user's clock shows it (str)."""
        if not moment:
            return ""
        return fields.Datetime.context_timestamp(self, moment).strftime(shape)

    def _money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)
