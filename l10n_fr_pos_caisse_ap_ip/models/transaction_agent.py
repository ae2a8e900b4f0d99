"""Transactions that an agent carries: claimed, renewed, and ended by what it reports.

The row, its states, the lock and the judgement are the same as when this server talks
to the terminal itself. Nothing of the payment waits here: no thread, no worker, no
cursor.
"""

import json
import time
from dataclasses import replace
from datetime import timedelta

from odoo import _, fields, models

from ..caisse_ap import Request, Verdict, judge, mask_text
from ..environment import flush
from .transaction import OPEN_STATES

# An agent renews every ten seconds; its network may be away for a while.
AGENT_LEASE_SECONDS = 45
# Who asks for an inquiry by a button waits this long for its answer.
INQUIRY_SECONDS = 8.0
INQUIRY_PAUSE_SECONDS = 0.2

# What an agent was given and does not know of.
UNSEEN = """
    SELECT id FROM fr_caisse_ap_ip_transaction
     WHERE agent_id = %(agent)s AND agent_answered IS NOT TRUE
       AND state IN ('sent', 'unknown') AND resolved_by_id IS NULL
       AND reference <> ALL(%(known)s)
"""
CLAIM = """
    UPDATE fr_caisse_ap_ip_transaction given
       SET state = 'sent', sent_at = %(now)s, lease_until = %(lease)s
      FROM pos_payment_method method
     WHERE given.agent_id = %(agent)s AND given.state = 'pending'
       AND given.lease_until >= %(now)s AND method.id = given.payment_method_id
 RETURNING given.reference, given.agent_terminal AS terminal,
           given.agent_request AS request, method.fr_caisse_ap_ip_timeout AS timeout
"""


class FrCaisseApIpTransaction(models.Model):
    _inherit = "fr.caisse.ap.ip.transaction"

    agent_id = fields.Many2one(
        "fr.caisse.ap.ip.agent", readonly=True, ondelete="restrict"
    )
    agent_terminal = fields.Char(readonly=True, help="Its name in the agent's list.")
    agent_request = fields.Char(readonly=True, groups="base.group_system")
    agent_answered = fields.Boolean(readonly=True, groups="base.group_system")

    def init(self):
        self.env.cr.execute(
            """
            CREATE INDEX IF NOT EXISTS fr_caisse_ap_ip_of_agent
                ON fr_caisse_ap_ip_transaction (agent_id)
             WHERE agent_answered IS NOT TRUE
               AND state IN ('pending', 'sent', 'unknown');
            """
        )
        return super().init()

    def _hand_to_agent(self):
        """Have the agent claim the transaction, or end it at once if it is away."""
        if self.agent_id._is_here():
            self.agent_id._ring()
        else:
            self._end_exchange("not_sent", "agent_away")

    def _lapse_reason(self):
        """Return why the lease of this transaction has lapsed (str)."""
        if not self.agent_id:
            return "process_stopped"
        if self.state == "sent":
            return "agent_stopped"
        # Who tries again is told at once.
        self.agent_id.sudo().seen_at = False
        return "agent_away"

    def _wait_for_agent(self):
        """Wait a few seconds for an inquiry that a person asked for by a button."""
        end = time.monotonic() + INQUIRY_SECONDS
        while time.monotonic() < end:
            with self._fresh() as fresh:
                if fresh.browse(self.id).state not in OPEN_STATES:
                    return
            time.sleep(INQUIRY_PAUSE_SECONDS)

    def _claim(self, agent):
        """Mark what is due for an agent as sent: it will be, or the agent says not.

        :param agent: the ``fr.caisse.ap.ip.agent`` record
        :return: list of dicts, what the agent is asked to do
        """
        now = self._database_time()
        lease = now + timedelta(seconds=AGENT_LEASE_SECONDS)
        self.env.cr.execute(CLAIM, {"agent": agent.id, "now": now, "lease": lease})
        return [
            dict(given, request=json.loads(given["request"]))
            for given in self.env.cr.dictfetchall()
        ]

    def _end_unseen(self, agent, same_log, known):
        """End what an agent was given and does not know of.

        :param agent: the ``fr.caisse.ap.ip.agent`` record
        :param bool same_log: whether its log has not been broken since
        :param list known: references (str) that its log holds, not yet acknowledged
        """
        flush(self)
        self.env.cr.execute(UNSEEN, {"agent": agent.id, "known": known})
        unseen = self.browse(row[0] for row in self.env.cr.fetchall())
        for transaction in unseen:
            transaction.agent_answered = True
            if same_log:
                transaction._end_exchange("not_sent", "agent_never_saw")
            elif transaction.state == "sent":
                transaction._end_exchange("unknown", "agent_log_lost")

    def _renew(self, agent, references):
        """Lengthen the leases of what an agent is busy with, and of nothing else."""
        self.env.cr.execute(
            """
            UPDATE fr_caisse_ap_ip_transaction SET lease_until = %(lease)s
             WHERE agent_id = %(agent)s AND reference IN %(references)s
               AND state != 'pending' AND lease_until IS NOT NULL
            """,
            {
                "agent": agent.id,
                "lease": self._database_time() + timedelta(seconds=AGENT_LEASE_SECONDS),
                "references": tuple(references),
            },
        )

    def _lock_reported(self, agent, reference):
        """Find the transaction of an agent, and lock its row.

        :param agent: the ``fr.caisse.ap.ip.agent`` record
        :param str reference: as the agent tells it
        :return: the record, or none
        """
        self.env.cr.execute(
            """
            SELECT id FROM fr_caisse_ap_ip_transaction
             WHERE reference = %s AND agent_id = %s
               FOR UPDATE
            """,
            (reference, agent.id),
            log_exceptions=False,
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())

    def _record_report(self, report):
        """Write what an agent reports; what it reports again changes nothing.

        :param dict report: see ``controllers/agent.py``
        """
        # An acceptance is never lost: a log thought to be gone may come back.
        is_news = report["outcome"] == "approved" and self.state != "approved"
        if self.agent_answered and not is_news:
            return
        self.agent_answered = report["is_final"]
        verdict = self._judged(report)
        if report["is_final"]:
            self._record_verdict(verdict)
        else:
            self._record_result(verdict)

    def _judged(self, report):
        """Judge the answer here too: an agent's word alone accepts no money.

        :return: :class:`caisse_ap.Verdict`
        """
        outcome, error = report["outcome"], mask_text(report["error"])
        if outcome == "not_sent":
            return Verdict(outcome, report["reason"], error=error)
        request = Request(**json.loads(self.agent_request))
        verdict = judge(request, [report["fields"]] if report["fields"] else [])
        if outcome == "unknown":
            reason = report["reason"]
        elif outcome == verdict.outcome:
            reason = verdict.reason
        else:
            outcome, reason = "unknown", "broken_frame"
        return replace(
            verdict,
            outcome=outcome,
            reason=reason,
            approved_cents=verdict.approved_cents if outcome == "approved" else None,
            contradiction=report["contradiction"],
            receipt=mask_text(report["receipt"]),
            error=error,
        )

    def _event_labels(self):
        ours = dict(self._agent_not_sent_reasons(), **self._agent_unknown_reasons())
        return dict(super()._event_labels(), **ours)

    def _not_sent_reasons(self):
        return dict(super()._not_sent_reasons(), **self._agent_not_sent_reasons())

    def _unknown_reasons(self):
        return dict(super()._unknown_reasons(), **self._agent_unknown_reasons())

    def _agent_not_sent_reasons(self):
        return dict(
            agent_away=_(
                "The shop's agent is not connected. Check that its machine is on and "
                "has Internet."
            ),
            agent_never_saw=_(
                "The shop's agent never received the request: press Retry."
            ),
            agent_stopped=_(
                "The shop's agent stopped before it reached the terminal: press Retry."
            ),
            agent_too_late=_(
                "The request reached the shop's agent too late: press Retry."
            ),
            agent_busy=_(
                "The last payment on this terminal has not ended yet. Wait until it "
                "has, then press Retry."
            ),
            agent_disk=_(
                "The shop's agent cannot write to its disk. Free some space on its "
                "machine."
            ),
            agent_unknown_terminal=_(
                "The shop's agent does not have this terminal in its list any more."
            ),
            agent_refund_limit=_(
                "The shop's agent refuses a refund of this amount: the limit is in its "
                "settings."
            ),
            agent_bad_request=_(
                "The shop's agent does not understand the request: update it."
            ),
        )

    def _agent_unknown_reasons(self):
        return dict(
            agent_stopped=_("The shop's agent stopped or lost its connection."),
            agent_log_lost=_("The shop's agent lost its records."),
        )
