"""What happened to a transaction, one line for each event, in the reader's words.

An event is stored as a code, with who and when: never rewritten, in nobody's language.
"""

import json

from odoo import SUPERUSER_ID, _, fields, models

from ..caisse_ap import mask_text

FIND_USER = """
    SELECT partner.name, partner.lang, partner.tz
      FROM res_users JOIN res_partner partner ON partner.id = res_users.partner_id
     WHERE res_users.id = %s
"""


def user_facts(cr, user_id):
    """Return ``name``, ``lang`` and ``tz`` of a user (dict).

    Odoo would read two rows of hundreds of columns, while somebody waits.
    """
    cr.execute(FIND_USER, (user_id or None,))
    found = cr.fetchone() or ("", None, None)  # deleted since
    return dict(zip(("name", "lang", "tz"), found))


class FrCaisseApIpTransaction(models.Model):
    _inherit = "fr.caisse.ap.ip.transaction"

    events = fields.Text(readonly=True, help="One JSON list a line: time, who, what.")
    history = fields.Text(compute="_compute_history")
    reason_label = fields.Char(string="Why", compute="_compute_history")

    def _compute_history(self):
        labels = self._event_labels()
        for transaction in self:
            events = map(json.loads, (transaction.events or "").splitlines())
            lines = [transaction._event_line(labels, *event) for event in events]
            transaction.history = "\n".join(lines)
            reason = transaction.reason or ""
            transaction.reason_label = labels.get(reason, reason)

    def _event_line(self, labels, moment, person, code, text):
        """Return an event as people read it (str)."""
        when = fields.Datetime.to_datetime(moment)
        parts = [self._local_time(when, "%d/%m/%Y %H:%M:%S"), person]
        if code.startswith("late_"):
            parts.append(_("too late for the till"))
            code = code[len("late_") :]
        return " - ".join(filter(None, [*parts, labels.get(code, code), text]))

    def _person_name(self):
        """Return who acts: the employee at the till, or the Odoo user (str)."""
        person = self.env.context.get("fr_caisse_ap_ip_person")
        return person or user_facts(self.env.cr, self.env.uid)["name"]

    def _note(self, code, text=""):
        """Append an event to the history.

        :param str code: a key of :meth:`_event_labels`
        :param str text: more of it, in the person's words
        """
        moment = fields.Datetime.to_string(self._database_time())
        # A thread in the background acts for nobody.
        is_background = self.env.uid == SUPERUSER_ID
        person = "" if is_background else self._person_name()
        event = json.dumps([moment, person, code, mask_text(text)])
        self.events = "\n".join(filter(None, [self.events, event]))

    def _has_event(self, code, text):
        events = map(json.loads, (self.events or "").splitlines())
        return any(event[2:] == [code, text] for event in events)

    def _event_labels(self):
        """Return what the codes of events and reasons mean (dict)."""
        return dict(self._answer_labels(), **self._person_labels())

    def _answer_labels(self):
        return {
            "approved": _("approved by the terminal"),
            "partially_approved": _("approved in part by the terminal"),
            "cancelled": _("cancelled on the terminal"),
            "declined": _("refused"),
            "failed": _("not done, according to the terminal"),
            "no_answer": _("no answer in time"),
            "timed_out": _("no whole answer in time"),
            "connection_lost": _("connection lost before the answer"),
            "end_of_stream": _("the terminal hung up before its answer"),
            "serial_protocol": _("the terminal uses the older serial protocol"),
            "conflicting_fields": _("the answer contradicts itself"),
            "broken_frame": _("the answer cannot be read"),
            "only_taken_into_account": _("taken into account, without a result"),
            "status_missing": _("the answer gives no result"),
            "status_unknown": _("the answer gives an unknown result"),
            "echo_mismatch": _("the answer is for another payment"),
            "amount_mismatch": _("the answer gives another amount"),
            "refused_connection": _("the terminal refuses the connection"),
            "no_route": _("the terminal is unreachable on the network"),
            "name_not_found": _("name not found"),
            "connect_timeout": _("the terminal does not reply"),
            "database_error": _("the payment could not be recorded before sending"),
            "no_thread": _("the server was too busy"),
            "process_stopped": _("the server stopped"),
        }

    def _person_labels(self):
        return {
            "given_up": _("given up before it was sent"),
            "forced": _("forced before the terminal answered"),
            "resolved_approved": _("confirmed by hand: paid"),
            "resolved_refused": _("confirmed by hand: not paid"),
            "refunded": _("refunded to the customer"),
            "reversed": _("reversed on the terminal"),
            "attached": _("used for another sale"),
            "carried": _("saved in Odoo"),
            "order_cancelled": _("its order was cancelled"),
            "order_joined": _("its order was joined with another one"),
            "method_changed": _("its payment was changed to another method"),
            "contradicted": _("the terminal contradicts itself"),
            "queried": _("the terminal was queried"),
            "released": _("the terminal was freed"),
            "difference_resolved": _("difference resolved"),
        }
