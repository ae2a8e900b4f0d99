"""What the exchange with the terminal finds, written down.

Called by ``background_exchanges.py``, each in a short database transaction.
"""

import json

from odoo import models

from .. import compat
from ..environment import send_on_bus
from .transaction import FREE_STATES
from .transaction_history import user_facts

# What is a word of the terminal that a person may be held against.
TERMINAL_OUTCOMES = ("approved", "refused", "not_sent")

# What a message says of the payment method: Odoo would read all of it.
METHOD_FIELDS = ["name", "fr_caisse_ap_ip_can_duplicate", "fr_caisse_ap_ip_label_00e"]


class FrCaisseApIpTransaction(models.Model):
    _inherit = "fr.caisse.ap.ip.transaction"

    def _mark_sent(self):
        """Record that the request is about to be written.

        :return: bool, False when it must not be written: given up meanwhile, or the
            lease lapsed and another process has ended the row
        """
        self.env.cr.execute(
            """
            UPDATE fr_caisse_ap_ip_transaction
               SET state = 'sent', sent_at = %(now)s
             WHERE id = %(id)s AND state = 'pending' AND lease_until >= %(now)s
            """,
            {"id": self.id, "now": self._database_time()},
            log_exceptions=False,
        )
        return bool(self.env.cr.rowcount)

    def _record_not_started(self):
        """Record that the exchange could not begin."""
        self._lock()
        if self.state == "pending":
            self._end_exchange("not_sent", "no_thread")

    def _record_result(self, verdict):
        """Write the outcome as soon as it is known: the till learns it at once.

        The terminal stays taken: its answer has not ended.

        :param caisse_ap.Verdict verdict: told by :func:`caisse_ap.exchange`
        """
        self._lock()
        self._record_outcome(verdict, self.lease_until)

    def _record_verdict(self, verdict):
        """Write what the exchange ended with, and free the terminal.

        :param caisse_ap.Verdict verdict: of :func:`caisse_ap.exchange`
        """
        self._lock()
        if self.state == verdict.outcome and self.reason == verdict.reason:
            self._add_details(verdict)
        elif self.terminal_outcome == verdict.outcome and not verdict.contradiction:
            self.lease_until = False  # Told before: a person's word stands
        else:
            self._record_outcome(verdict, False)

    def _record_outcome(self, verdict, lease_until):
        """Write what the terminal says.

        Its word ends a transaction that nobody ended, even one already called unknown.
        What a person said is kept, except that an acceptance is never lost: it stands,
        and both are in the history. A refusal that the terminal contradicts is none.
        """
        values = dict(
            self._verdict_values(verdict),
            lease_until=lease_until,
            is_contradicted=self._contradicts(verdict),
        )
        is_refused = self.state in FREE_STATES and not verdict.contradiction
        if verdict.outcome == "approved" or not (self.resolved_by_id or is_refused):
            self._end_exchange(verdict.outcome, verdict.reason, **values)
        else:
            self._end_exchange(
                None,
                "late_" + verdict.reason,
                answer=values["answer"],
                lease_until=lease_until,
                terminal_outcome=values["terminal_outcome"],
                is_contradicted=values["is_contradicted"],
            )

    def _contradicts(self, verdict):
        """Tell whether the terminal says otherwise than a person did (bool)."""
        if not self.person_outcome or verdict.outcome not in TERMINAL_OUTCOMES:
            return self.is_contradicted
        return self._differs_from_person(verdict.outcome, verdict.approved_cents)

    def _differs_from_person(self, outcome, approved_cents):
        """Tell whether a person said otherwise than this word of the terminal (bool).

        :param str outcome: one of TERMINAL_OUTCOMES
        :param int approved_cents: what it approved, in smallest unit
        """
        said = self.person_outcome
        if said and outcome == "approved":
            return said != "approved" or approved_cents != self.person_cents
        return said == "approved"

    def _add_details(self, verdict):
        """Complete an outcome that was written before; free the terminal.

        An approval that the terminal contradicts stands, and a manager has to look.
        """
        values = self._verdict_values(verdict)
        changed = {
            name for name in values if (self[name] or "") != (values[name] or "")
        }
        self.write(dict(values, lease_until=False))
        if verdict.contradiction:
            self.is_contradicted = True
            self._note("contradicted", verdict.contradiction)
            self._update_attention()
        if changed or verdict.contradiction:
            self._push()

    def _verdict_values(self, verdict):
        return {
            "approved_cents": verdict.approved_cents or 0,
            "authorisation": verdict.authorisation or self.authorisation,
            "application": verdict.application,
            "reading_mode": verdict.reading_mode,
            "card_number": verdict.card_number,
            "contract": verdict.contract,
            "detail_code": verdict.detail_code,
            "bank_message": verdict.bank_message,
            "answer": json.dumps(verdict.fields, sort_keys=True),
            # Up to 16.0 a view that hides an empty field shows an empty text.
            "receipt": verdict.receipt or False,
            "error": verdict.error,
            "terminal_outcome": verdict.outcome
            if verdict.outcome in TERMINAL_OUTCOMES
            else False,
        }

    def _end_exchange(self, state, reason, text="", **values):
        """End the transaction unless a person already did; free the terminal.

        :param str state: how it ended, or None to leave it as it is
        :param str reason: why, for the history too
        :param str text: more for the history, in a person's words
        :param values: more to write; ``lease_until``: the terminal stays taken
        """
        was_unknown = self.state == "unknown"
        values.setdefault("lease_until", False)
        if state:
            values.update(state=state, reason=reason, ended_at=self._database_time())
        self.write(values)
        self._note(reason, text)
        self._close_reversed()
        if self.is_contradicted or was_unknown:
            self._update_attention()
        self._push()

    def _push(self):
        """Tell the tills what the page needs to show, in the cashier's language."""
        if not self.config_id:
            return
        cashier = user_facts(self.env.cr, self.user_id.id)
        reader = self.with_context(lang=cashier["lang"], tz=cashier["tz"])
        reader.payment_method_id.read(METHOD_FIELDS, load=None)
        states = [reader._to_till()]
        if compat.TILL_HAS_BUS:
            compat.push(self.config_id, states)
        elif self.page:
            message = (compat.NOTIFICATION, {"states": states})
            send_on_bus(self.env, self._news_channel(), *message)
