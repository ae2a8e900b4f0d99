# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The cashier wants out while the customer stands at the terminal."""

import pytest

RED_KEY = (
    "The till cannot cancel a payment on the terminal: press the red key on it. If "
    "the customer pays all the same, the payment counts."
)


def test_cancel_then_paid(waiting, terminal, transactions):
    """Cancel names the red key; a customer who pays all the same has paid."""
    waiting.cancel()
    waiting.is_told(RED_KEY)
    waiting.sees("waiting")
    terminal.tap("accept")
    waiting.sees_sold()
    assert transactions.states() == ["approved"]
    assert terminal.ledger.totals()["978"]["debit"] == 490


def test_cancel_then_red_key(waiting, terminal, transactions):
    """After the red key the line is free, sent again and paid."""
    waiting.cancel()
    waiting.is_told(RED_KEY)
    terminal.tap("red_key")
    waiting.is_told("Payment refused")
    waiting.send()
    waiting.sees_sold()
    assert transactions.states() == ["refused", "approved"]


def test_force_done(waiting, terminal, transactions):
    """Odoo's "Force done" asks what the terminal shows and records who said it."""
    if not waiting.force_done_button:
        pytest.skip("this series of Odoo has no such button")
    waiting.force_done()
    waiting.answers("approved", authorisation="A12345")
    waiting.sees_sold()
    transaction = transactions.last()
    assert transactions.person(transaction["resolved_by_id"]) == "caisse"
    assert transaction["authorisation"] == "A12345"
    terminal.tap("accept")
