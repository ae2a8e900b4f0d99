# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The rows of the fault matrix that only an agent has.

A real Odoo, a real agent process and real sockets, without a browser: what the page
makes of each state is the same whatever carries the payment. Each of them ends so that
money and Odoo agree, or that a person is asked.
"""

import pytest
from shop_agent import GONE, LAPSE

from shop.processes import started

METHOD = "pos.payment.method"
DIRECT = {
    "name": "Terrasse",
    "use_payment_terminal": "fr-caisse_ap_ip",
    "fr_caisse_ap_ip_mode": "card",
}
ADD_TO_TILL = """
    INSERT INTO pos_config_pos_payment_method_rel (pos_config_id, pos_payment_method_id)
    SELECT config_id, %s FROM pos_session WHERE id = %s
"""
UNLINK = "UPDATE pos_payment_method SET use_payment_terminal = NULL WHERE id = %s"


# -- The program dies ------------------------------------------------------------------


@pytest.mark.parametrize(
    "point, state, reason, moved",
    [
        ("claim answered", "not_sent", "agent_never_saw", 0),
        ("begun", "not_sent", "agent_stopped", 0),
        ("noted as sent", "unknown", "agent_stopped", 0),
        ("terminal answered", "unknown", "agent_stopped", 1234),
        ("answer noted", "approved", "approved", 1234),
        ("handed in", "approved", "approved", 1234),
    ],
)
def test_killed(away, point, state, reason, moved):
    """kill -9 at each step: the log proves what left, and nothing is sent again."""
    before = away.moved_cents()
    away.start_odd(point)
    asked = away.ask()
    away.died()
    away.start()
    ended = away.end_of(asked)
    assert (ended["state"], ended["reason"]) == (state, reason)
    assert away.moved_cents() - before == moved
    assert away.end_of(away.ask())["state"] == "approved"


def test_killed_while_the_customer_pays(agent):
    """kill -9 after the bytes: unknown once it is back, and nothing is sent again."""
    ledger = agent.shop.terminal.ledger
    asked = agent.ask_with_a_customer()
    agent.process.kill()
    agent.customer_pays()
    entries = len(ledger)
    agent.start()
    assert agent.end_of(asked)["state"] == "unknown"
    assert len(ledger) == entries
    assert agent.end_of(agent.ask())["state"] == "approved"


def test_killed_before_the_claims_answer(agent, line):
    """Odoo has given the payment away, and the agent never saw it: not sent."""
    line.cut("answer", "agent/claim")
    asked = agent.ask()
    agent.wait_for(lambda: line.cuts)
    agent.process.kill()
    agent.start()
    ended = agent.end_of(asked)
    assert (ended["state"], ended["reason"]) == ("not_sent", "agent_never_saw")


def test_killed_before_it_asks(agent):
    """Nothing left the server's row: the till is told, the second time at once."""
    agent.process.kill()
    asked = agent.ask()
    agent.minutes_pass(LAPSE)
    ended = agent.end_of(asked)
    assert (ended["state"], ended["reason"]) == ("not_sent", "agent_away")
    again = agent.ask()
    assert (again["state"], again["reason"]) == ("not_sent", "agent_away")
    agent.start()
    assert agent.end_of(agent.ask())["state"] == "approved"


def test_log_deleted_while_the_customer_pays(agent):
    """Without its records nobody knows what the agent did: a person is asked."""
    asked = agent.ask_with_a_customer()
    agent.process.kill()
    agent.customer_pays()
    (agent.folder / "exchanges.jsonl").unlink()
    agent.minutes_pass(GONE)
    agent.start()
    ended = agent.end_of(asked)
    assert (ended["state"], ended["reason"]) == ("unknown", "agent_log_lost")


# -- The line to Odoo ------------------------------------------------------------------


@pytest.mark.parametrize(
    "side, route, state, moved",
    [
        ("request", "claim", "approved", 1234),
        ("answer", "claim", "not_sent", 0),
        ("request", "result", "approved", 1234),
        ("answer", "result", "approved", 1234),
    ],
)
def test_line_cut(agent, line, side, route, state, moved):
    """A call that is cut in either direction is made again, a payment is not."""
    before = agent.moved_cents()
    line.cut(side, f"agent/{route}")
    asked = agent.ask()
    agent.wait_for(lambda: line.cuts)
    assert agent.end_of(asked)["state"] == state
    agent.process.stop()
    assert agent.moved_cents() - before == moved


def test_line_away_for_minutes(agent, line):
    """Odoo no longer knows, until the line is back and the agent hands it in."""
    asked = agent.ask_with_a_customer()
    line.down()
    agent.customer_pays()
    agent.minutes_pass(LAPSE)
    assert agent.end_of(asked)["state"] == "unknown"
    line.up()
    assert agent.becomes(asked, "approved")["approved_cents"] == 1234


def test_standing_connections_cut(agent, line):
    """A proxy ends what is idle for a minute: the agent listens again, and is rung."""
    line.drop()
    agent.logged("Listening on the bus", 2)
    assert agent.end_of(agent.ask())["state"] == "approved"


@pytest.mark.takes_long
def test_odoo_restarted_while_the_customer_pays(agent):
    """Nothing of a payment waits in Odoo: the agent goes on and hands it in."""
    asked = agent.ask_with_a_customer()
    agent.shop.odoo.stop()
    agent.customer_pays()
    agent.shop.odoo.start()
    assert agent.becomes(asked, "approved")["approved_cents"] == 1234


# -- Somebody else ---------------------------------------------------------------------


def test_two_programs_with_one_token(agent, tmp_path):
    """The second one is refused, both are told, and the first one goes on."""
    with started(agent.second_program(tmp_path / "copy")) as second:
        agent.wait_for(lambda: "another program uses" in second.told())
        assert agent.read("second_program_at")
        assert agent.end_of(agent.ask())["state"] == "approved"


def test_result_replayed_or_of_another(agent):
    """A result counts once, and for no transaction that the agent was not given."""
    agent.shop.terminal.play("refuse")
    asked = agent.ask()
    assert agent.end_of(asked)["state"] == "refused"
    report = {
        "reference": asked["reference"],
        "outcome": "not_sent",
        "reason": "agent_stopped",
        "fields": {},
        "receipt": "",
        "error": "",
        "contradiction": "",
        "is_final": True,
    }
    assert agent.post("result", **report) == (200, {})
    assert agent.state_of(asked)["state"] == "refused"
    another = dict(report, reference="a-transaction-of-nobody")
    assert agent.post("result", **another) == (404, {"error": "unknown_reference"})


def test_agent_of_an_older_version(away):
    """It works as before, and Odoo shows which version it is."""
    away.start_odd("old")
    assert away.end_of(away.ask())["state"] == "approved"
    assert away.read("version") == "0.1"


def test_agent_and_server_on_one_terminal(agent):
    """A payment that this server sends itself waits for the agent's to end."""
    shop = agent.shop
    where = {
        "fr_caisse_ap_ip_address": shop.terminal.host,
        "fr_caisse_ap_ip_port": shop.terminal.port,
    }
    direct = shop.rpc(METHOD, "create", {**DIRECT, **where})
    shop.sql(ADD_TO_TILL, [direct, agent.session])
    first = agent.ask_with_a_customer()
    assert agent.ask(method=direct)["state"] == "busy"
    agent.customer_pays()
    assert agent.end_of(first)["state"] == "approved"
    shop.sql(UNLINK, [direct])
