"""What a till and its cashier are told about a transaction."""

from odoo import _, fields, models
from odoo.tools.misc import formatLang

from ..caisse_ap import tables


class FrCaisseApIpTransaction(models.Model):
    _inherit = "fr.caisse.ap.ip.transaction"

    def _to_till(self):
        """Return all that the page may know, in the user's language (dict)."""
        self.ensure_one()
        return {
            "reference": self.reference,
            "line": self.line,
            "order": self.order or "",
            "state": self.state,
            "reason": self.reason or "",
            "operation": self.operation,
            "amount_cents": self.amount_cents,
            "approved_cents": self.approved_cents,
            "title": self._title(),
            "message": self._message(),
            "cancel_message": self._press_red_key(),
            "card_type": self._application_words(),
            "card_number": self.card_number or "",
            "authorisation": self.authorisation or "",
            "receipt": self.receipt or "",
            "summary": self._summary(),
        }

    def _busy_to_till(self):
        """Return the answer for a till that must wait for another (dict)."""
        since = fields.Datetime.context_timestamp(self, self.create_date)
        return {
            "reference": self.reference,
            "line": "",
            "state": "busy",
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
        return {
            "approved": _("Payment accepted"),
            "refused": _("Payment refused"),
            "unknown": _("Was it paid? Look at the terminal"),
            "not_sent": _("Nothing was sent to the terminal"),
        }.get(self.state, _("Waiting for the terminal"))

    def _message(self):
        build = getattr(self, f"_message_{self.state}", None)
        return build() if build else ""

    def _message_approved(self):
        if self.approved_cents == self.amount_cents:
            return ""
        return _(
            "The terminal accepted %(approved)s of %(asked)s. The rest stays due.",
            approved=self._money(self.amount_approved),
            asked=self._money(self.amount),
        )

    def _message_refused(self):
        if self.resolved_by_id:
            return _("%s said that it was not paid.", self.resolved_by_id.name)
        if self.mode == "check" and self.detail_code == "04":
            words = _("Cheque refused, inserted the wrong way round, or cancelled")
        else:
            words = self._words(tables.STATUS_DETAILS, self.detail_code)
        return " ".join(
            filter(
                None,
                [
                    _("%s.", words or _("The terminal gave no reason")),
                    self.bank_message,
                    self.detail_code and _("(code %s)", self.detail_code),
                ],
            )
        )

    def _message_not_sent(self):
        words = {
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
            "given_up": _("Cancelled before it reached the terminal at %s."),
            "process_stopped": _(
                "The Odoo server stopped before it reached the terminal at %s. Send "
                "again."
            ),
        }
        default = _("The terminal at %s could not be reached.")
        address = f"{self.terminal_address}:{self.terminal_port}"
        return " ".join(
            filter(
                None,
                [
                    words.get(self.reason, default) % address,
                    _("Nothing was charged."),
                    self.error,
                ],
            )
        )

    def _message_unknown(self):
        words = {
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
                words.get(self.reason, default),
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

    def _application_words(self):
        return self._words(tables.APPLICATIONS, self.application)

    def _words(self, table, code):
        """Look a code up in French or English, whichever the user reads."""
        label = table.get(code or "")
        if not label:
            return code or ""
        return label.fr if (self.env.lang or "").startswith("fr") else label.en

    def _money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)
