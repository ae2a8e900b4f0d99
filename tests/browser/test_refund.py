# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Money goes back: no more than was paid, and not always by a cashier alone."""

import pytest
from tills import CARD, CASH


def pay_five_euros(till):
    """Have a card pay five euros of a board of fourteen."""
    till.sell("Planche")
    till.choose(CARD)
    till.type_amount("5")
    till.send()
    till.sees("done")


def test_refund_is_proposed_where_it_was_paid(
    set_auto_send, open_till, terminal, transactions
):
    """A refund is proposed by card up to what the card paid; cash gives the rest."""
    set_auto_send(False)
    till = open_till()
    if not till.can_refund_orders:
        pytest.skip("this series of Odoo refunds orders in the backend only")
    pay_five_euros(till)
    till.choose(CASH)
    till.validate()
    till.sees_receipt()
    till.next_order()
    till.refund_last_order()
    till.send_refund("-5,00")
    till.sees("given back")
    till.choose(CASH)
    till.validate()
    till.sees_receipt()
    assert terminal.ledger.totals()["978"] == {
        "debit": 500,
        "credit": 500,
        "reversal": 0,
    }
    assert [payment["amount"] for payment in transactions.payments()] == [5.0, -5.0]


def test_refund_of_what_was_paid_otherwise(till, terminal):
    """The terminal gives nothing back of an order that was paid in cash."""
    if not till.can_refund_orders:
        pytest.skip("this series of Odoo refunds orders in the backend only")
    till.sell("Café")
    till.choose(CASH)
    till.validate()
    till.sees_receipt()
    till.next_order()
    till.refund_last_order()
    till.pay_back()
    till.is_told(
        "Maximum refund with %(method)s: %(left)s. Order %(order)s was paid with: "
        "%(paid)s.",
        also=[CASH],
    )
    assert not terminal.requests


def test_refund_above_the_limit(till, terminal, set_card):
    """Above the limit of the method a cashier is sent for a manager."""
    set_card(refund_limit=3)
    till.give_back("Camembert")
    till.choose(CARD)
    till.send()
    till.is_told("A refund above %s needs a manager of the Point of Sale.")
    assert not terminal.requests


def test_reversal(set_card, open_till, terminal, transactions):
    """Odoo's Reverse button takes the last payment back, where the terminal can."""
    set_card(can_reverse=True, fast_payment=False)
    till = open_till()
    pay_five_euros(till)
    till.sign("reverse").click()
    till.sees("reversed")
    assert terminal.requests[-1].fields["CD"] == "2"
    assert terminal.ledger.totals()["978"] == {
        "debit": 500,
        "credit": 0,
        "reversal": 500,
    }
    till.choose(CASH)
    till.validate()
    till.sees_receipt()
    paid, reversal = transactions.all()
    assert paid["resolution"] == "reversed"
    assert reversal["about_id"] == paid["id"]


def test_two_cards(set_auto_send, open_till, terminal, transactions):
    """Two customers share an order: each pays a part that the cashier types."""
    set_auto_send(False)
    till = open_till()
    pay_five_euros(till)
    till.choose(CARD)
    till.send()
    till.sees_sold()
    assert [request.asked_cents for request in terminal.requests] == [500, 900]
    assert [payment["amount"] for payment in transactions.payments()] == [5.0, 9.0]
    references = {row["reference"] for row in transactions.all()}
    assert references == {row["transaction_id"] for row in transactions.payments()}
    assert len(references) == 2
