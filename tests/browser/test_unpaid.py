# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Nothing was paid, for certain: the cashier reads why and may try again."""

from tills import CARD, CASH


def test_refused(till, terminal, transactions):
    """A refusal is told with the reason, the bank's text and the code."""
    terminal.play("refuse_with_bank_text")
    till.sell("Camembert")
    till.pay()
    till.is_told("(code %s)", also=["PROVISION INSUFFIS.", "04"])
    till.sees("free")
    assert transactions.states() == ["refused"]
    assert terminal.ledger.totals() == {}


def test_refused_then_paid(till, terminal, transactions):
    """After a refusal the same line is sent again and paid."""
    terminal.play("refuse", "accept")
    till.sell("Camembert")
    till.pay()
    till.is_told("Payment refused")
    till.send()
    till.sees_sold()
    assert transactions.states() == ["refused", "approved"]
    assert terminal.ledger.totals()["978"]["debit"] == 490


def test_refused_then_cash(till, terminal, transactions):
    """After a refusal the line is deleted and the customer pays cash."""
    terminal.play("refuse")
    till.sell("Camembert")
    till.pay()
    till.is_told("Payment refused")
    till.delete(CARD)
    till.choose(CASH)
    till.validate()
    till.sees_receipt()
    assert transactions.payments() == []


def test_terminal_off(till, terminal, transactions):
    """A terminal that is off is told apart: nothing was charged, what to check."""
    terminal.stop()
    till.sell("Camembert")
    till.pay()
    till.is_told(
        "The terminal refuses the connection. Wake it up if it is asleep, check that "
        "its link with the till is switched on and that the port is right.",
        "Nothing was charged.",
        also=[str(terminal.port)],
    )
    till.sees("free")
    assert transactions.states() == ["not_sent"]


def test_terminal_off_then_on(till, terminal, transactions):
    """Once the terminal is on, the same line is sent again and paid."""
    terminal.stop()
    till.sell("Camembert")
    till.pay()
    till.is_told("Nothing was sent to the terminal")
    terminal.start()
    till.send()
    till.sees_sold()
    assert transactions.states() == ["not_sent", "approved"]
    assert len(terminal.requests) == 1


def test_nothing_left_to_pay(set_auto_send, open_till, terminal, transactions):
    """A payment of zero is no payment: the cashier is told, the terminal is not."""
    set_auto_send(False)
    till = open_till()
    till.sell("Camembert")
    till.choose(CASH)
    till.choose(CARD)
    till.send()
    till.is_told("The amount of this payment is zero.")
    till.delete(CARD)
    till.validate()
    till.sees_receipt()
    assert not terminal.requests
    assert transactions.states() == []
