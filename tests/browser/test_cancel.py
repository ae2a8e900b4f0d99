# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The cashier wants out while the customer stands at the terminal."""

import pytest
from tills import CARD, CASH

RED_KEY = (
    "The till cannot cancel a payment on the terminal: press the red key on it. If the "
    "customer pays all the same, the payment is taken."
)


def test_cancel_then_paid(waiting, terminal, journal):
    """Cancel names the red key; a customer who pays all the same has paid."""
    waiting.cancel()
    waiting.is_told(RED_KEY)
    waiting.sees("waiting")
    terminal.tap("accept")
    waiting.sees_sold()
    assert journal.states() == ["approved"]
    assert terminal.ledger.totals()["978"]["debit"] == 490


def test_cancel_then_red_key(waiting, terminal, journal):
    """After the red key the line is free, sent again and paid."""
    waiting.cancel()
    waiting.is_told(RED_KEY)
    terminal.tap("red_key")
    waiting.is_told("Payment refused")
    waiting.send()
    waiting.sees_sold()
    assert journal.states() == ["refused", "approved"]


@pytest.fixture
def split(till, terminal):
    """The till that took 2 euros in cash and waits for a card to pay the rest."""
    terminal.play("manual")
    till.sell("Camembert")
    till.choose(CASH)
    till.type_amount("2")
    till.pay()
    terminal.wait_for(lambda terminal: terminal.current, 30)
    till.select(CASH)
    return till


def test_delete_while_waiting(split, terminal, journal):
    """A line that waits cannot be deleted: what the customer pays is not lost."""
    split.delete(CARD)
    split.is_told(RED_KEY)
    split.select(CARD)
    terminal.tap("accept")
    split.sees_sold()
    assert journal.payments()[0]["amount"] == 2.9
    assert journal.last()["payment_id"] == journal.payments()[0]["id"]


def test_validate_while_waiting(split, terminal, journal):
    """An order cannot be validated in cash while a card payment is under way."""
    split.type_amount("10")
    split.validate()
    split.is_told("A card payment is not finished")
    split.select(CASH)
    split.type_amount("2")
    split.select(CARD)
    terminal.tap("accept")
    split.sees_sold()
    assert journal.payments()[0]["amount"] == 2.9


def test_delete_order_while_waiting(waiting, terminal, journal):
    """An order cannot be deleted while a card payment is under way."""
    if not waiting.delete_order_button:
        pytest.skip("a French till of this series of Odoo deletes no order")
    waiting.delete_order()
    waiting.is_told("A card payment is not finished")
    waiting.reload()
    waiting.return_to_payment()
    waiting.sees("waiting")
    terminal.tap("accept")
    waiting.sees_sold()
    assert journal.last()["payment_id"] == journal.payments()[0]["id"]


def test_force_done(waiting, terminal, journal):
    """Odoo's "Force done" asks what the terminal shows and records who said it."""
    if not waiting.force_done_button:
        pytest.skip("this series of Odoo has no such button")
    waiting.force_done()
    waiting.answers("approved", authorisation="A12345")
    waiting.sees_sold()
    transaction = journal.last()
    assert journal.person(transaction["resolved_by_id"]) == "caisse"
    assert transaction["authorisation"] == "A12345"
    terminal.tap("accept")
