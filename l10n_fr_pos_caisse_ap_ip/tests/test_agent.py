import json
import time
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, tagged

from ..models import transaction_agent
from ..models.agent import CODE_TRIES
from ..models.agent_claim import waits
from ..models.transaction_lease import LEASE_SECONDS
from .common import TerminalCase

LOGGER = "odoo.addons.l10n_fr_pos_caisse_ap_ip.models.transaction_lease"
TERMINAL = {"name": "comptoir", "address": "192.168.1.50", "port": 8888}
# Most in any series: 19.0 needs 4 and 11; 14.0 asks for the time again and again.
CLAIM_QUERIES = 8
REPORT_QUERIES = 28


class AgentCase(TerminalCase):
    """A till whose terminal an agent reaches, and the agent's part."""

    def setUp(self):
        super().setUp()
        self.agents = self.env["fr.caisse.ap.ip.agent"]
        self.agent, self.token = self.paired("Boutique")
        self.number = 0
        self.offer(self.agent, TERMINAL)
        self.through_agent(self.method, self.agent)

    def paired(self, name):
        agent = self.agents.create({"name": name})
        agent.action_pairing_code()
        self.flush(agent)
        found, token = self.agents._pair(agent.pairing_code)
        self.forget(agent)
        self.assertEqual(found, agent)
        return agent.sudo(), token

    def offer(self, agent, *terminals):
        """Have an agent tell its list."""
        self.flush(agent.terminal_ids)
        agent._note_terminals(terminals, agent._look_around([])["terminals"])

    def through_agent(self, method, agent):
        method.write(
            {
                "fr_caisse_ap_ip_carrier": "agent",
                "fr_caisse_ap_ip_terminal_id": agent.terminal_ids[0].id,
                "fr_caisse_ap_ip_address": False,
            }
        )

    def flush(self, records):
        """Write what Odoo keeps for later: the agent's calls are SQL."""
        flush = getattr(records, "flush_recordset", None)  # from 16.0 on
        (flush or records.flush)()

    def lapse(self, transaction):
        """Let a lease run out."""
        later = transaction.lease_until + timedelta(seconds=1)
        with self.database_clock(later), self.assertLogs(LOGGER, "WARNING"):
            transaction._expire_leases()

    def claim(self, known=(), epoch="epoch-of-a-log", agent=None):
        """Do what the route does for a claim; return what the agent is given."""
        agent = agent or self.agent
        transactions = self.env["fr.caisse.ap.ip.transaction"].sudo().search([])
        for records in (transactions, agent):
            self.flush(records)
        self.number += 1
        body = self.claim_body(epoch=epoch, number=self.number, known=list(known))
        told = agent._serve_claim(body)
        for records in (transactions, agent):
            self.flush(records)
            self.forget(records)
        return told.get("error") or told["requests"]

    def claim_body(self, **values):
        body = {
            "epoch": "epoch-of-a-log",
            "number": 1,
            "on_bus": False,
            "known": [],
            "version": "1.0.0",
            "time": int(time.time()),
            "terminals": [TERMINAL],
        }
        return dict(body, **values)

    def report(self, transaction, outcome="approved", reason="approved", **fields):
        """Report as the agent does: the request's echo and a status."""
        body = self.report_body(transaction, outcome, reason, **fields)
        transaction._record_report(body)

    def report_body(self, transaction, outcome, reason, **fields):
        given = json.loads(transaction.agent_request)
        echo = {
            "CZ": "0301",
            "CA": given["till"],
            "CD": "0",
            "CE": given["currency"],
            "CB": str(given["amount_cents"]),
            "AE": "10",
            "AC": "123456",
            "AA": "4970100000001234",
        }
        echo = {tag: value for tag, value in dict(echo, **fields).items() if value}
        return {
            "reference": transaction.reference,
            "outcome": outcome,
            "reason": reason,
            "fields": {} if outcome == "not_sent" else echo,
            "receipt": "",
            "error": "",
            "contradiction": "",
            "is_final": True,
        }


@tagged("post_install", "-at_install")
class TestAgent(AgentCase):
    def test_sale_through_an_agent(self):
        """Recorded, rung for, claimed once, and approved by the terminal's answer."""
        state = self.start()
        transaction = self.transaction(state)
        self.assertEqual((transaction.state, self.sent), ("pending", []))
        [given] = self.claim()
        self.assertEqual(given["terminal"], "comptoir")
        self.assertEqual(given["request"]["amount_cents"], 1234)
        self.assertEqual(transaction.state, "sent")
        self.assertEqual(self.claim(known=[transaction.reference]), [])
        self.report(transaction)
        self.assertEqual(transaction.state, "approved")
        self.assertEqual(transaction.authorisation, "123456")
        self.assertNotIn("00000001234", transaction.answer)
        self.assertFalse(transaction.lease_until)

    def test_away_agent_is_told_at_once(self):
        """Nothing waits for an agent that nobody has heard of lately."""
        self.agent.seen_at -= timedelta(minutes=5)
        state = self.start()
        self.assertEqual((state["state"], state["reason"]), ("not_sent", "agent_away"))
        self.assertIn("agent is not connected", state["message"])
        self.assertEqual(self.claim(), [])

    def test_unclaimed_payment_is_not_sent(self):
        """What no agent fetched in time was not sent, and the next is told at once."""
        transaction = self.transaction(self.start())
        self.lapse(transaction)
        self.assertEqual(transaction.reason, "agent_away")
        self.assertEqual(self.start()["reason"], "agent_away")

    def test_word_of_the_agent_alone_accepts_nothing(self):
        """The server judges the fields: an acceptance they do not hold is unknown."""
        for fields in ({"AE": "01"}, {"CB": "1235"}, {"CA": "99"}, {"AE": ""}):
            transaction = self.transaction(self.start())
            self.claim()
            self.report(transaction, **fields)
            self.assertEqual(transaction.state, "unknown", fields)
        refused = self.transaction(self.start())
        self.claim()
        self.report(refused, "refused", "declined", AE="01", AF="04")
        self.assertEqual((refused.state, refused.reason), ("refused", "declined"))

    def test_report_again_changes_nothing(self):
        """A replayed result is acknowledged, and that is all."""
        transaction = self.transaction(self.start())
        self.claim()
        self.report(transaction)
        self.report(transaction)
        self.report(transaction, "unknown", "timed_out")
        self.assertEqual(transaction.state, "approved")
        self.assertEqual(transaction.events.count('"approved"'), 1)

    def test_lapsed_lease_is_unknown_and_ends_by_a_late_report(self):
        """An agent that falls silent leaves an unknown payment, until it is back."""
        transaction = self.transaction(self.start())
        self.claim()
        self.lapse(transaction)
        self.assertEqual(
            (transaction.state, transaction.reason), ("unknown", "agent_stopped")
        )
        self.report(transaction)
        self.assertEqual(transaction.state, "approved")

    def test_renewal_is_the_agents_own(self):
        """A lease is lengthened for what the agent was given, nothing else."""
        transaction = self.transaction(self.start())
        self.claim()
        before = transaction.lease_until - timedelta(seconds=30)
        transaction.lease_until = before
        self.flush(transaction)
        other, _token = self.paired("Autre")
        transaction._renew(other, [transaction.reference])
        self.forget(transaction)
        self.assertEqual(transaction.lease_until, before)
        transaction._renew(self.agent, [transaction.reference])
        self.forget(transaction)
        self.assertGreater(transaction.lease_until, before)

    def test_claim_that_never_arrived_was_not_sent(self):
        """An unbroken log that never saw a reference proves that nothing left."""
        self.claim()
        transaction = self.transaction(self.start())
        self.claim()
        self.claim()
        self.assertEqual(
            (transaction.state, transaction.reason), ("not_sent", "agent_never_saw")
        )

    def test_lost_log_leaves_the_payment_unknown(self):
        """After another epoch nobody knows what the agent did."""
        transaction = self.transaction(self.start())
        self.claim()
        self.agent.seen_at -= timedelta(minutes=5)
        self.claim(epoch="another-epoch")
        self.assertEqual(
            (transaction.state, transaction.reason), ("unknown", "agent_log_lost")
        )
        self.report(transaction)  # the log was only thought to be lost
        self.assertEqual(transaction.state, "approved")

    def test_old_claim_and_second_program_are_refused(self):
        """A late claim, and another log with the same token, are given nothing."""
        self.claim()
        self.number -= 1
        self.assertEqual(self.claim(), "old_claim")
        self.assertEqual(self.claim(epoch="another-epoch"), "second_program")
        self.assertTrue(self.agent._second_program_lately())
        self.assertEqual(self.claim(), [])

    def test_other_agents_get_nothing(self):
        """A payment is given to the agent of its terminal only."""
        transaction = self.transaction(self.start())
        other, _token = self.paired("Autre")
        self.assertEqual(self.claim(agent=other), [])
        self.assertEqual(transaction.state, "pending")

    def test_terminal_is_one_for_agent_and_server(self):
        """Where this server reaches that address, however spelt, the lock is one."""
        self.cheque.fr_caisse_ap_ip_address = "::ffff:" + TERMINAL["address"]
        self.start()
        busy = self.cheque.with_user(self.cashier).fr_caisse_ap_ip_start(self.payload())
        self.assertEqual(busy["state"], "busy")

    def test_same_address_in_two_shops_is_two_terminals(self):
        """Private addresses are the same everywhere: each agent has its own."""
        other, _token = self.paired("Autre")
        self.offer(other, TERMINAL)
        self.through_agent(self.cheque, other)
        self.start()
        state = self.cheque.with_user(self.cashier).fr_caisse_ap_ip_start(
            self.payload()
        )
        self.assertEqual(state["state"], "pending")
        again = self.till().fr_caisse_ap_ip_start(self.payload())
        self.assertEqual(again["state"], "busy")

    def test_test_of_the_terminal(self):
        """The button asks through the agent, and says when no answer came yet."""
        with patch.object(transaction_agent, "INQUIRY_SECONDS", 0):
            shown = self.method.action_fr_caisse_ap_ip_test()
        self.assertIn("No reply yet", shown["params"]["message"])
        [given] = self.claim()
        self.assertEqual(given["request"]["operation"], "identification")

    def test_method_needs_a_terminal_of_its_company(self):
        """An agent without terminal, or of another company, reaches nothing."""
        with self.assertRaisesRegex(ValidationError, "Carte.*terminal of an agent"):
            self.method.fr_caisse_ap_ip_terminal_id = False
        other, _token = self.paired("Autre")
        self.offer(other, TERMINAL)
        other.company_id = self.env["res.company"].create({"name": "Other"})
        with self.assertRaisesRegex(ValidationError, "Carte.*terminal of an agent"):
            self.method.fr_caisse_ap_ip_terminal_id = other.terminal_ids[0]

    def test_terminals_follow_the_list_of_the_agent(self):
        """A terminal that left the list is kept, marked, and comes back."""
        terminal = self.agent.terminal_ids
        moved = dict(TERMINAL, address="192.168.1.51")
        self.offer(self.agent)
        self.assertFalse(terminal.is_offered)
        self.offer(self.agent, moved)
        self.assertEqual(self.agent.terminal_ids, terminal)
        self.assertEqual((terminal.address, terminal.is_offered), ("192.168.1.51", 1))

    def test_code_works_once(self):
        """A code pairs one program, in its time, however it is typed."""
        self.agent.action_pairing_code()
        code = self.agent.pairing_code
        self.flush(self.agent)
        typed = f" {code[:4].lower()}-{code[4:]}"
        found, token = self.agents._pair(typed)
        self.assertEqual(found, self.agent)
        self.forget(self.agent)
        self.assertEqual(self.agents._authenticated(token), self.agent)
        self.assertFalse(self.agents._authenticated(self.token))
        self.assertFalse(self.agents._pair(code)[0])

    def test_late_code_is_refused(self):
        """After ten minutes a code is worth nothing."""
        self.agent.action_pairing_code()
        self.agent.pairing_until -= timedelta(minutes=11)
        self.flush(self.agent)
        self.assertFalse(self.agents._pair(self.agent.pairing_code)[0])

    def test_guessing_spoils_the_code(self):
        """Wrong codes are limited: the right one is refused after too many."""
        self.agent.action_pairing_code()
        self.flush(self.agent)
        for _try in range(CODE_TRIES):
            self.assertFalse(self.agents._pair("WRONG222")[0])
        self.assertFalse(self.agents._pair(self.agent.pairing_code)[0])

    def test_revoked_agent_is_nobody(self):
        """A revoked token opens nothing, and the till is told."""
        self.agent.action_revoke()
        self.flush(self.agent)
        self.assertFalse(self.agents._authenticated(self.token))
        self.assertEqual(self.agent.state, "new")
        self.assertEqual(self.start()["reason"], "agent_away")

    def test_many_agents_without_a_bus_ask_less_often(self):
        """Together 20 times a second, but each before its payment is given up."""
        self.claim()
        seen_at = self.agent.seen_at
        for number in range(40):
            self.agents.create({"name": str(number), "seen_at": seen_at})
        self.flush(self.agents)
        self.agent._begin_claim("epoch-of-a-log", 2, True)
        self.forget(self.agent)
        polling = self.agent._look_around([])["polling"]
        self.assertEqual(polling, 40)
        self.assertEqual(waits(True, polling)["poll"], 2)
        self.assertLess(waits(True, 10000)["poll"], LEASE_SECONDS)

    def test_lost_ring(self):
        """An agent asks before the payment of a ring that it did not hear is over."""
        self.assertLess(waits(True, 0)["heartbeat"], LEASE_SECONDS)

    def test_till_that_opens_rings(self):
        """The agent asks more often then; one that is away hears of it later."""
        ring = self.enter(patch.object(type(self.agents), "_ring"))
        self.agent.seen_at = False
        self.session.write({"state": "opened"})
        self.assertFalse(ring.called)
        self.claim()
        self.session.write({"state": "opened"})
        self.assertTrue(ring.called)

    def test_queries_of_a_claim(self):
        """A cashier waits for it; many agents make it now and then for nothing."""

        def claim():
            agent = self.agents._authenticated(self.token)
            agent._serve_claim(body)

        self.claim()  # tells of itself what the next ones repeat
        transaction = self.transaction(self.start())
        for _claim in ("finds it", "finds nothing"):
            self.number += 1
            known = [transaction.reference]
            body = self.claim_body(number=self.number, known=known)
            self.assertLessEqual(self.queries(claim), CLAIM_QUERIES)
            self.forget(transaction)
            self.assertEqual(transaction.state, "sent")

    def test_queries_of_a_report(self):
        """The customer waits for it."""

        def report():
            agent = self.agents._authenticated(self.token)
            found = agent._transactions()._lock_reported(agent, body["reference"])
            found._record_report(body)

        transaction = self.transaction(self.start())
        self.claim()
        body = self.report_body(transaction, "approved", "approved")
        self.assertLessEqual(self.queries(report), REPORT_QUERIES)
        self.forget(transaction)
        self.assertEqual(transaction.state, "approved")

    def test_cashier_reads_agents_only(self):
        """No cashier pairs or revokes, or reads the hash of a token."""
        agent = self.agent.with_user(self.cashier)
        self.assertEqual(agent.name, "Boutique")
        for field in ("token_hash", "channel", "pairing_code"):
            with self.assertRaises(AccessError):
                agent.read([field])
        with self.assertRaises(AccessError):
            agent.name = "x"
        with self.assertRaises(AccessError):
            self.agents.with_user(self.cashier).create({"name": "x"})


@tagged("post_install", "-at_install")
class TestAgentRoutes(AgentCase, HttpCase):
    def call(self, route, body, token=None):
        """Return the status and the answer of a call."""
        self.flush(self.agent)
        headers = {"Content-Type": "text/plain"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = body if isinstance(body, str) else json.dumps(body)
        url = f"/fr_caisse_ap_ip/agent/{route}"
        response = self.url_open(url, data=data, headers=headers)
        # An early agent would take Odoo's 404, where a session has lost its database,
        # for the addon's word.
        self.assertNotIn("session_id", response.cookies)
        for records in (self.agent, self.env["fr.caisse.ap.ip.transaction"].search([])):
            self.forget(records)
        return response.status_code, response.json()

    def test_whole_life_over_http(self):
        """Pair, claim, renew and report with nothing but a token."""
        self.agent.action_pairing_code()
        code = {"code": self.agent.pairing_code, "version": "1.0.0"}
        status, paired = self.call("pair", code)
        self.assertEqual((status, paired["name"]), (200, "Boutique"))
        token = paired["token"]
        transaction = self.transaction(self.start())
        self.flush(transaction)
        status, told = self.call("claim", self.claim_body(), token)
        self.assertEqual(status, 200)
        [given] = told["requests"]
        self.assertEqual(given["reference"], transaction.reference)
        self.assertEqual(told["bus"]["channel"], self.agent.channel)
        self.assertEqual(told["database"], self.env.cr.dbname)
        renewed = self.call("renew", {"references": [given["reference"]]}, token)
        self.assertEqual(renewed, (200, {"name": "Boutique"}))
        report = {
            "reference": given["reference"],
            "outcome": "not_sent",
            "reason": "refused_connection",
            "fields": {},
            "receipt": "",
            "error": "refused",
            "contradiction": "",
            "is_final": True,
        }
        self.assertEqual(self.call("result", report, token), (200, {}))
        self.assertEqual(transaction.state, "not_sent")
        report["reference"] = "no-such-reference"
        self.assertEqual(self.call("result", report, token)[0], 404)
        self.assertEqual(self.call("claim", self.claim_body(), token)[0], 409)

    def test_strangers_are_refused(self):
        """Without a token, or with a wrong one, nothing is told."""
        for token in (None, "wrong"):
            for route, body in (
                ("claim", self.claim_body()),
                ("renew", {"references": []}),
            ):
                self.assertEqual(self.call(route, body, token)[0], 401)
        wrong = {"code": "WRONG222", "version": "1"}
        self.assertEqual(self.call("pair", wrong), (403, {"error": "wrong_code"}))

    def test_agent_of_the_version_before(self):
        """What it does not tell yet is no reason to refuse it."""
        body = self.claim_body()
        del body["on_bus"]
        self.assertEqual(self.call("claim", body, self.token)[0], 200)

    def test_bodies_that_make_no_sense_are_refused(self):
        """What is too large or of another form changes nothing."""
        for body in (
            "{",
            "[]",
            self.claim_body(number="1"),
            self.claim_body(more=1),
            self.claim_body(terminals=[{"name": "x"}]),
        ):
            self.assertEqual(self.call("claim", body, self.token)[0], 400)
        self.assertEqual(self.call("claim", "x" * 70000, self.token)[0], 413)
