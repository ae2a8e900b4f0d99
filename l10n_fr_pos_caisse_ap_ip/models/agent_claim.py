"""A claim of an agent: whether it is served, what it tells and what it must know.

What it is given is in ``transaction_agent.py``. A claim finds nothing most times, and a
cashier waits for the others: it makes as few queries as it can.
"""

import time
from datetime import timedelta

from odoo import models

from .. import compat
from .agent import AWAY_SECONDS
from .terminal_address import normalised
from .transaction_agent import UNSEEN

# Seconds between two claims: while the bus can ring, and where no bus is reached. A
# ring may be lost: Odoo's bus is deaf for 50 s after its connection to PostgreSQL was
# cut. So an agent asks before a payment that waits for it is given up (LEASE_SECONDS).
HEARTBEAT_SECONDS = {"open": 10, "closed": 60}
POLL_SECONDS = {"open": 1, "closed": 15}
# Many that no bus reaches ask this often together; but each of them in that time too.
POLLS_PER_SECOND = 20
LONGEST_POLL_SECONDS = 10

# Whether there is anything to clear up, and what a claim is told beside its requests:
# one query, as most claims find nothing, and the others have a cashier waiting.
LOOK_AROUND = f"""
    SELECT
        EXISTS (
            SELECT 1 FROM fr_caisse_ap_ip_transaction WHERE lease_until < %(now)s
        ) AS has_lapsed,
        EXISTS ({UNSEEN}) AS has_unseen,
        EXISTS (
            SELECT 1
              FROM pos_session session
              JOIN pos_config_pos_payment_method_rel offered
                ON offered.pos_config_id = session.config_id
              JOIN pos_payment_method method
                ON method.id = offered.pos_payment_method_id
              JOIN fr_caisse_ap_ip_agent_terminal terminal
                ON terminal.id = method.fr_caisse_ap_ip_terminal_id
             WHERE session.state = 'opened' AND terminal.agent_id = %(agent)s
        ) AS is_open,
        (
            SELECT count(*) FROM fr_caisse_ap_ip_agent
             WHERE seen_at >= %(gone)s AND on_bus IS NOT TRUE
        ) AS polling,
        (
            SELECT coalesce(json_agg(json_build_array(name, address, port)), '[]')
              FROM fr_caisse_ap_ip_agent_terminal
             WHERE agent_id = %(agent)s AND is_offered
        ) AS terminals
"""


class FrCaisseApIpAgent(models.Model):
    _inherit = "fr.caisse.ap.ip.agent"

    def _serve_claim(self, body):
        """Give the agent what is due, after what it was given before is cleared up.

        :param dict body: see ``controllers/agent.py``
        :return: dict, what the agent is told; only ``error`` where it is refused
        """
        same_log = self.epoch == body["epoch"]
        on_bus = body.get("on_bus", False)
        refusal = self._begin_claim(body["epoch"], body["number"], on_bus)
        if refusal:
            return {"error": refusal}
        found = self._look_around(body["known"])
        difference = body["time"] - int(time.time())
        self._note_program(body["version"], difference)
        self._note_terminals(body["terminals"], found["terminals"])
        transactions = self._transactions()
        if found["has_lapsed"]:
            transactions._expire_leases()
        if found["has_unseen"]:
            transactions._end_unseen(self, same_log, body["known"])
        return {
            "requests": transactions._claim(self),
            "waits": waits(found["is_open"], found["polling"]),
            "bus": {"kind": compat.BUS, "channel": self.channel},
            "clock_difference": difference,
            "second_program": self._second_program_lately(),
            "database": self.env.cr.dbname,
        }

    def _begin_claim(self, epoch, number, on_bus):
        """Note that the agent is here, unless this claim must not be served.

        The log on the agent's disk has an epoch, and its claims are numbered: one that
        arrives late, or out of a log that was put back, would take for lost what is
        being paid.

        :param str epoch: of the log
        :param int number: of the claim
        :param bool on_bus: whether it listens where it is rung for
        :return: ``""``, or why it is refused: ``second_program``, ``old_claim``
        """
        now = self._database_time()
        self.env.cr.execute(
            """
            UPDATE fr_caisse_ap_ip_agent
               SET seen_at = %(now)s, epoch = %(epoch)s, claim_number = %(number)s,
                   on_bus = %(on_bus)s
             WHERE id = %(id)s
               AND (epoch = %(epoch)s AND claim_number < %(number)s
                    OR epoch IS DISTINCT FROM %(epoch)s
                   AND (epoch IS NULL OR seen_at IS NULL OR seen_at < %(gone)s))
            """,
            {
                "id": self.id,
                "epoch": epoch,
                "number": number,
                "on_bus": on_bus,
                "now": now,
                "gone": now - timedelta(seconds=AWAY_SECONDS),
            },
        )
        if self.env.cr.rowcount:
            return ""
        if self.epoch == epoch:
            return "old_claim"
        self.second_program_at = now
        return "second_program"

    def _look_around(self, known):
        """Return what a claim must know (dict): the columns of LOOK_AROUND.

        :param list known: references (str) that its log holds, not yet acknowledged
        """
        now = self._database_time()
        gone = now - timedelta(seconds=AWAY_SECONDS)
        values = {"agent": self.id, "known": known, "now": now, "gone": gone}
        self.env.cr.execute(LOOK_AROUND, values)
        return self.env.cr.dictfetchone()

    def _note_program(self, version, clock_difference):
        """Note what the agent tells of itself, where it changed.

        :param str version: of the program
        :param int clock_difference: seconds
        """
        if abs(clock_difference - self.clock_difference) > 1:
            self.clock_difference = clock_difference
        if version != self.version:
            self.version = version

    def _note_terminals(self, terminals, known):
        """Bring the terminals of the agent in line with its list, where it changed.

        :param list terminals: dicts of ``name``, ``address`` and ``port``
        :param list known: lists of the same, of those that it offered until now
        """
        told = [
            [terminal["name"], normalised(terminal["address"]), terminal["port"]]
            for terminal in terminals
        ]
        if sorted(told) != sorted(known):
            self.env["fr.caisse.ap.ip.agent.terminal"].sudo()._note(self, told)

    def _second_program_lately(self):
        limit = self._database_time() - timedelta(seconds=AWAY_SECONDS)
        return bool(self.second_program_at and self.second_program_at >= limit)


def waits(is_open, polling):
    """Return how long an agent may wait before it asks again (dict, seconds).

    :param bool is_open: whether a session of its tills is
    :param int polling: how many agents are here that no bus reaches
    """
    when = "open" if is_open else "closed"
    fair = min(polling / POLLS_PER_SECOND, LONGEST_POLL_SECONDS)
    poll = max(POLL_SECONDS[when], fair)
    return {"heartbeat": HEARTBEAT_SECONDS[when], "poll": poll}
