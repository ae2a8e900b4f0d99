# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The agent between a simulated terminal and an Odoo for tests."""

import json

import pytest
from fake_odoo import RunningAgent

from caisse_ap_agent.exchange_log import ExchangeLog, LogError
from caisse_ap_simulator.answers import FULL_CARD


def test_sale(odoo, config, simulated_terminal):
    """What Odoo gives reaches the terminal once, and the outcome comes back."""
    with RunningAgent(config) as running:
        reference = odoo.give()
        report = odoo.report_on(reference)
        odoo.wait_for(lambda: not running.log.open_references())
    assert (report["outcome"], report["fields"]["CB"]) == ("approved", "00001234")
    assert len(simulated_terminal.ledger) == 1
    assert simulated_terminal.ledger.last.moved_cents == 1234


def test_reports_come_one_after_the_other(odoo, config):
    """The outcome at once, then the end: Odoo would have one of two at once wait."""
    odoo.seconds = 0.3
    with RunningAgent(config) as running:
        odoo.report_on(odoo.give())
        odoo.wait_for(lambda: not running.log.open_references())
    assert [report["is_final"] for report in odoo.reports] == [False, True]
    assert odoo.most_at_once["result"] == 1


def test_terminals_are_named(odoo, config):
    """A claim names the list that was made in the shop, and nothing is asked else."""
    with RunningAgent(config):
        odoo.wait_for(lambda: odoo.claims)
    [named] = odoo.claims[0]["terminals"]
    address, port = config.terminals["counter"]
    assert named == {"name": "counter", "address": address, "port": port}


@pytest.mark.parametrize(
    "scenario, outcome, reason",
    [
        ("refuse", "refused", "declined"),
        ("close_after_accept", "unknown", "end_of_stream"),
        ("partial", "approved", "partially_approved"),
    ],
)
def test_outcomes(odoo, config, simulated_terminal, scenario, outcome, reason):
    """Odoo is told what the terminal said, as the protocol's core reads it."""
    simulated_terminal.play(scenario)
    with RunningAgent(config):
        report = odoo.report_on(odoo.give())
    assert (report["outcome"], report["reason"]) == (outcome, reason)


def test_nothing_of_a_card_leaves_the_shop(odoo, config, simulated_terminal):
    """Neither Odoo nor the disk gets a full card number or an expiry date."""
    with RunningAgent(config):
        for scenario in ("full_pan", "receipt_full_pan"):
            simulated_terminal.play(scenario)
            odoo.report_on(odoo.give(receipt=True))
    told = json.dumps(odoo.reports)
    written = (config.folder / "exchanges.jsonl").read_text()
    assert "497010" in told
    for text in (told, written):
        assert FULL_CARD not in text
        assert "2712" not in text


@pytest.mark.parametrize(
    "given, reason",
    [
        ({"terminal": "kitchen"}, "agent_unknown_terminal"),
        ({"operation": "credit", "amount_cents": 15001}, "agent_refund_limit"),
        ({"operation": "reversal", "amount_cents": 15001}, "agent_refund_limit"),
        ({"operation": "reboot"}, "agent_bad_request"),
        ({"host": "192.0.2.1"}, "agent_bad_request"),
    ],
)
def test_what_the_agent_does_not_obey(odoo, config, simulated_terminal, given, reason):
    """A terminal not in the list, a refund above the limit, more than a payment."""
    config.refund_limit = 15000
    with RunningAgent(config):
        report = odoo.report_on(odoo.give(**given))
    assert (report["outcome"], report["reason"]) == ("not_sent", reason)
    assert not simulated_terminal.requests


def test_reference_is_carried_out_once(odoo, config, simulated_terminal):
    """A reference that Odoo gives again is not sent again."""
    with RunningAgent(config):
        reference = odoo.give()
        odoo.report_on(reference)
        odoo.pending.append(odoo.rows[reference])
        odoo.ring()
        odoo.report_on(odoo.give())
    assert len(simulated_terminal.ledger) == 2


def test_forged_ring_only_asks(odoo, config, simulated_terminal):
    """A ring carries nothing: the agent asks Odoo, and nothing is due."""
    with RunningAgent(config):
        odoo.wait_for(lambda: odoo.listeners)
        claims = len(odoo.claims)
        odoo.ring()
        odoo.wait_for(lambda: len(odoo.claims) > claims)
    assert not simulated_terminal.requests


def test_polling_without_bus(odoo, config):
    """Where no bus is reached the agent asks as often as Odoo says."""
    odoo.bus_kind = "none"
    odoo.waits = {"heartbeat": 60, "poll": 0.05}
    with RunningAgent(config):
        assert odoo.report_on(odoo.give())["outcome"] == "approved"


def test_lease_is_renewed_while_the_customer_takes_his_time(
    odoo, config, simulated_terminal, monkeypatch
):
    """What a terminal is busy with is renewed, and known to the next claim."""
    monkeypatch.setattr("caisse_ap_agent.agent.RENEW_SECONDS", 0.05)
    simulated_terminal.play("manual")
    with RunningAgent(config):
        reference = odoo.give()
        odoo.wait_for(lambda: [reference] in odoo.renewals)
        claims = len(odoo.claims)
        odoo.ring()
        odoo.wait_for(lambda: len(odoo.claims) > claims)
        assert odoo.claims[-1]["known"] == [reference]
        simulated_terminal.wait_for(lambda each: each.current)
        assert simulated_terminal.tap()
        assert odoo.report_on(reference)["outcome"] == "approved"


def test_network_cut_while_the_customer_pays(odoo, config, simulated_terminal):
    """An outcome that cannot be handed in is kept, and handed in later."""
    simulated_terminal.play("manual")
    with RunningAgent(config) as running:
        reference = odoo.give()
        simulated_terminal.wait_for(lambda each: each.current)
        odoo.unplug()
        simulated_terminal.tap()
        simulated_terminal.wait_for(1)
        odoo.plug()
        assert odoo.report_on(reference)["outcome"] == "approved"
        odoo.wait_for(lambda: not running.log.open_references())


@pytest.mark.parametrize(
    "status, words",
    [
        (404, "<h1>Not Found</h1>"),
        (404, "{}"),
        (404, '{"error": "not_found"}'),
        (400, '{"error": "unknown_reference"}'),
        (400, '{"error": "bad_request"}'),
        (401, '{"error": "unknown_token"}'),
        (303, ""),
        (500, '{"error": "unknown_reference"}'),
        (200, "<h1>Welcome to the hotel</h1>"),
        (200, "[]"),
        (200, "null"),
        (200, '{"status": "ok"}'),
    ],
)
def test_only_the_addon_settles_a_result(
    odoo, config, simulated_terminal, monkeypatch, status, words
):
    """What Odoo without its database, a proxy or a hotel answers settles nothing."""
    monkeypatch.setattr("caisse_ap_agent.pauses.SHORTEST_SECONDS", 0.05)
    simulated_terminal.play("manual")
    with RunningAgent(config) as running:
        reference = odoo.give()
        simulated_terminal.wait_for(lambda each: each.current)
        odoo.status, odoo.words = status, words
        simulated_terminal.tap()
        odoo.wait_for(lambda: "answer" in running.log.references[reference])
        odoo.wait_for(lambda: odoo.turned_away["result"] > 2)
        assert running.log.open_references() == [reference]
        odoo.ring()
        odoo.wait_for(lambda: odoo.turned_away["claim"])
        odoo.status = None
        assert odoo.report_on(reference)["outcome"] == "approved"
        odoo.wait_for(lambda: not running.log.open_references())


def test_reference_that_the_addon_does_not_know(odoo, config, simulated_terminal):
    """Its word for it, with its status, settles a result: nobody waits for it."""
    simulated_terminal.play("manual")
    with RunningAgent(config) as running:
        odoo.give()
        simulated_terminal.wait_for(lambda each: each.current)
        odoo.status, odoo.words = 404, '{"error": "unknown_reference"}'
        simulated_terminal.tap()
        odoo.wait_for(lambda: not running.log.open_references())


def test_database_is_named_once_it_is_told(odoo, config):
    """Odoo 19.0 looks for its database at the first call only."""
    with RunningAgent(config):
        odoo.report_on(odoo.give())
    assert odoo.named[0] is None
    assert set(odoo.named[1:]) == {"shop"}


@pytest.mark.parametrize("database", [None, "boutique é", "two\nlines", ["shop"], ""])
def test_database_that_is_not_named(odoo, config, database):
    """An addon that does not tell it, or a name that a header cannot hold."""
    odoo.database = database
    with RunningAgent(config):
        odoo.report_on(odoo.give())
    assert set(odoo.named) == {None}


def test_database_whose_name_is_not_taken(odoo, config, simulated_terminal):
    """The name is dropped with the first page that is not the addon's, for good."""
    odoo.takes_name = False
    with RunningAgent(config) as running:
        odoo.report_on(odoo.give())
        odoo.wait_for(lambda: not running.log.open_references())
        assert "shop" in odoo.named
        odoo.named.clear()
        assert odoo.report_on(odoo.give())["outcome"] == "approved"
    assert set(odoo.named) == {None}
    assert len(simulated_terminal.ledger) == 2


def test_lost_claim_is_not_carried_out(odoo, config, simulated_terminal):
    """An answer that never arrived: the next claim does not know the reference."""

    def lose_first(route, _body):
        if route == "claim" and odoo.rows and not lost:
            lost.append(len(odoo.claims))
            raise ConnectionError

    lost = []
    with RunningAgent(config):
        odoo.wait_for(lambda: odoo.listeners)
        odoo.before_answer = lose_first
        odoo.give()
        odoo.wait_for(lambda: lost and len(odoo.claims) > lost[0])
    assert odoo.claims[-1]["known"] == []
    assert not simulated_terminal.requests


def test_claims_are_numbered_over_restarts(odoo, config):
    """A later claim has a larger number of the same epoch, in a later run too."""
    for _run in range(2):
        with RunningAgent(config):
            claims = len(odoo.claims)
            odoo.wait_for(lambda count=claims: len(odoo.claims) > count)
    numbers = [claim["number"] for claim in odoo.claims]
    assert numbers == sorted(set(numbers))
    assert len({claim["epoch"] for claim in odoo.claims}) == 1


def test_stop_waits_for_the_terminal(odoo, config, simulated_terminal):
    """A clean stop ends what was begun and hands it in."""
    simulated_terminal.delay = 0.5
    with RunningAgent(config):
        reference = odoo.give()
        simulated_terminal.wait_for(lambda each: each.current)
    assert odoo.report_on(reference)["outcome"] == "approved"


def test_full_disk_starts_no_payment(odoo, config, simulated_terminal, monkeypatch):
    """What cannot be written down first does not leave, and the till is told why."""

    def refuse(*_arguments, **_what):
        raise LogError("no space left on device")

    with RunningAgent(config) as running:
        for step in ("sent", "begin"):
            monkeypatch.setattr(running.log, step, refuse)
            report = odoo.report_on(odoo.give())
            assert (report["outcome"], report["reason"]) == ("not_sent", "agent_disk")
    assert not simulated_terminal.requests


def test_passing_troubles_of_the_server(odoo, config):
    """A server in repair is asked again; what it then gives is carried out."""
    odoo.status = 503
    with RunningAgent(config):
        reference = odoo.give()
        odoo.status = None
        assert odoo.report_on(reference)["outcome"] == "approved"


@pytest.mark.parametrize(
    "steps, outcome",
    [
        (["begin"], "not_sent"),
        (["begin", "sent"], "unknown"),
        (["begin", "sent", "answer"], "approved"),
    ],
)
def test_after_a_crash(odoo, config, simulated_terminal, steps, outcome):
    """The next run hands in what the log proves, and sends nothing."""
    log = ExchangeLog(config.folder)
    answer = {"reference": "r-1234567", "outcome": "approved", "reason": "approved"}
    answer.update(fields={}, receipt="", error="", contradiction="", is_final=True)
    for step in steps:
        if step == "answer":
            log.answer("r-1234567", answer)
        else:
            getattr(log, step)("r-1234567")
    log.close()
    with RunningAgent(config) as running:
        assert odoo.report_on("r-1234567")["outcome"] == outcome
        odoo.wait_for(lambda: not running.log.open_references())
    assert not simulated_terminal.requests
