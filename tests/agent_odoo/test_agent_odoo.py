# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Payments of a real Odoo through a real agent process to a simulated terminal."""

import pytest

from caisse_ap_simulator.answers import FULL_CARD

METHOD = "pos.payment.method"


@pytest.mark.parametrize(
    "scenario, state, moved",
    [
        ("accept", "approved", 1234),
        ("refuse", "refused", 0),
        ("close_after_accept", "unknown", 1234),
    ],
)
def test_outcomes(agent, scenario, state, moved):
    """Approved, refused and unknown reach the till, and Odoo agrees with the ledger."""
    terminal = agent.shop.terminal
    terminal.play(scenario)
    entries = len(terminal.ledger)
    ended = agent.end_of(agent.ask())
    assert ended["state"] == state
    assert len(terminal.ledger) == entries + 1
    assert terminal.ledger.last.moved_cents == moved


def test_terminal_is_taken_meanwhile(agent):
    """A second payment is told who has the terminal; the first one goes on."""
    first = agent.ask_with_a_customer()
    assert agent.ask()["state"] == "busy"
    agent.customer_pays()
    assert agent.end_of(first)["state"] == "approved"


def test_test_of_the_terminal(agent):
    """The manager's button asks through the agent, and shows what it found."""
    shown = agent.shop.rpc(METHOD, "action_fr_caisse_ap_ip_test", [agent.method])
    assert shown["params"]["type"] == "success"
    assert "330538600404" in shown["params"]["message"]


def test_no_full_card_number_reaches_odoo(agent):
    """What the agent hands in is masked."""
    agent.shop.terminal.play("full_pan")
    asked = agent.ask()
    assert agent.end_of(asked)["state"] == "approved"
    columns = "SELECT answer, card_number FROM fr_caisse_ap_ip_transaction"
    told = str(agent.shop.sql(columns + " WHERE reference = %s", [asked["reference"]]))
    assert "497010" in told
    assert FULL_CARD not in told
