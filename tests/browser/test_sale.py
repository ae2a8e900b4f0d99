# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A customer pays: what the cashier sees, what Odoo and the terminal wrote down."""

import pytest
from tills import CARD, CASH, CHEQUE

from caisse_ap.tables import APPLICATIONS


def test_sale_paid_by_card(till, terminal, transactions):
    """Several articles paid by card end in a sold order, booked once everywhere."""
    till.sell("Café", "Camembert", "Comté")
    till.pay()
    till.sees_sold()
    [entry] = terminal.ledger.entries
    [transaction] = transactions.all()
    [payment] = transactions.payments()
    assert terminal.ledger.totals() == {
        "978": {"debit": 1435, "credit": 0, "reversal": 0}
    }
    assert payment["amount"] == 14.35
    assert payment["card_type"] == APPLICATIONS["001"].fr
    assert payment["transaction_id"] == transaction["reference"]
    assert transaction["state"] == "approved"
    assert transaction["approved_cents"] == 1435
    assert transaction["authorisation"] == entry.authorisation
    assert transaction["payment_id"] == payment["id"]


def test_authorisation_number_on_the_payment(till, terminal, transactions):
    """Odoo's own field for the authorisation number is filled where there is one."""
    if not till.has_authorisation_field:
        pytest.skip("this series of Odoo has no such field")
    till.sell("Café")
    till.pay()
    till.sees_sold()
    [payment] = transactions.payments()
    assert payment["payment_method_authcode"] == terminal.ledger.last.authorisation


def test_two_sales(till, terminal, transactions):
    """The next customer pays for the next order, not for the one before."""
    for product, total in (("Café", 200), ("Camembert", 490)):
        till.sell(product)
        till.pay()
        till.sees_sold()
        till.next_order()
        assert terminal.ledger.last.moved_cents == total
    assert transactions.states() == ["approved", "approved"]


def test_cheque(till, terminal, transactions):
    """The method for cheques has the terminal read a cheque (CC=00C)."""
    till.sell("Camembert")
    till.pay(CHEQUE)
    till.sees_sold()
    assert terminal.ledger.last.request.fields["CC"] == "00C"
    assert transactions.payments()[0]["card_type"] == APPLICATIONS["00C"].fr


def test_partial_approval(till, terminal, transactions):
    """A meal voucher that pays a part leaves the rest due, and says so."""
    terminal.play("partial:300")
    till.sell("Camembert")
    till.pay()
    till.is_told(
        "The terminal approved %(approved)s of %(asked)s. The rest remains to be paid."
    )
    till.sees("done")
    till.choose(CASH)
    till.validate()
    till.sees_receipt()
    [payment] = transactions.payments()
    assert payment["amount"] == 3.0
    assert transactions.last()["approved_cents"] == 300
    assert terminal.ledger.last.moved_cents == 300


def test_receipt_of_the_terminal(till, terminal):
    """What the terminal prints stands on the receipt, line by line."""
    terminal.play("receipt")
    till.sell("Camembert")
    till.pay()
    till.sees_sold()
    lines = [line.strip() for line in till.receipt_text().splitlines()]
    assert "CARTE BANCAIRE" in lines
    assert "TICKET CLIENT" in lines


def test_refund(till, terminal, transactions):
    """The refund of an order is a credit of a positive amount at the terminal."""
    if not till.can_refund_orders:
        pytest.skip("this series of Odoo refunds orders in the backend only")
    till.sell("Camembert")
    till.pay()
    till.sees_sold()
    till.next_order()
    till.refund_last_order()
    till.send_refund("-4,90")
    till.sees_sold()
    assert terminal.requests[-1].fields["CD"] == "1"
    assert terminal.ledger.totals()["978"]["credit"] == 490
    assert [payment["amount"] for payment in transactions.payments()] == [4.9, -4.9]
    assert transactions.states() == ["approved", "approved"]


def test_goods_given_back(till, terminal, transactions):
    """An order of negative quantities is a credit too, sent by the cashier."""
    till.give_back("Camembert")
    till.choose(CARD)
    till.send()
    till.sees_sold()
    assert terminal.requests[-1].fields["CD"] == "1"
    assert terminal.requests[-1].asked_cents == 490
    assert transactions.payments()[0]["amount"] == -4.9


def test_auto_send_off(set_auto_send, open_till, terminal):
    """With auto-send off the amount leaves only when the cashier sends it."""
    set_auto_send(False)
    till = open_till()
    till.sell("Café")
    till.choose(CARD)
    till.sees("free")
    assert not terminal.requests
    till.send()
    till.sees_sold()


def test_auto_send_on(set_auto_send, open_till, terminal):
    """With auto-send on, choosing the method sends the amount."""
    set_auto_send(True)
    till = open_till()
    till.sell("Café")
    till.choose(CARD)
    till.sees_sold()
    assert len(terminal.requests) == 1


def test_auto_send_default(till, shop):
    """Auto-send is on where Odoo sends by itself, and off where it does not."""
    fields = ["fr_caisse_ap_ip_fast_payment"]
    method = shop.rpc("pos.payment.method", "default_get", fields)
    assert method[fields[0]] is till.sends_by_itself
