# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The page, the network or the server goes away while the customer pays."""

from tills import QUESTION

AWAY = (
    "The Odoo server cannot be reached. The payment goes on by itself once it is back. "
    "Look at the terminal: if it asks for a card, the customer may pay; to stop it, "
    "press its red key."
)


def test_reload_while_waiting(waiting, terminal, journal):
    """A page loaded again waits for the same payment and asks for no second one."""
    waiting.reload()
    waiting.return_to_payment()
    waiting.sees("waiting")
    terminal.tap("accept")
    waiting.sees_sold()
    assert journal.states() == ["approved"]
    assert journal.last()["payment_id"] == journal.payments()[0]["id"]
    assert len(terminal.requests) == 1


def test_refused_after_reload(waiting, terminal, journal):
    """A page loaded again also learns that the customer did not pay."""
    waiting.reload()
    waiting.return_to_payment()
    waiting.sees("waiting")
    terminal.tap("refuse")
    waiting.is_told("Payment refused")
    waiting.sees("free")


def test_page_closed_and_paid_meanwhile(waiting, terminal, journal):
    """A page opened after the customer paid shows the line paid."""
    waiting.close()
    terminal.tap("accept")
    journal.wait_for("approved")
    waiting.open_again()
    waiting.return_to_payment()
    waiting.sees("done")
    waiting.validate()
    waiting.sees_receipt()
    assert journal.last()["payment_id"] == journal.payments()[0]["id"]
    assert len(terminal.requests) == 1


def test_server_killed_while_waiting(waiting, shop, terminal, journal):
    """After kill -9 of Odoo the till calls the payment unknown, within 20 s."""
    shop.odoo.kill()
    shop.odoo.start()
    waiting.is_asked(QUESTION, seconds=20)
    waiting.answers("later")
    waiting.sees("unknown")
    waiting.sees_not("free")
    assert journal.states() == ["unknown"]
    assert len(terminal.requests) == 1
    waiting.sign("unknown").click()
    waiting.answers("refused")
    waiting.sees("free")


def test_offline_while_waiting(waiting, terminal, journal):
    """A customer who pays while the page is offline has paid when it is back."""
    with waiting.offline():
        terminal.tap("accept")
        journal.wait_for("approved")
    waiting.sees_sold()
    assert len(terminal.requests) == 1


def test_offline_for_a_moment_when_sent(till, terminal, journal):
    """A request made offline leaves once when the network is back."""
    till.sell("Camembert")
    with till.offline(), till.in_vain("fr_caisse_ap_ip_start"):
        till.pay()
    till.sees_sold()
    assert journal.states() == ["approved"]
    assert len(terminal.requests) == 1


def test_offline_for_long_when_sent(till, terminal, journal):
    """A request that could not leave in time never does, and the line is free."""
    till.sell("Camembert")
    with till.offline():
        till.pay()
        till.is_told(AWAY)
    till.sees("free")
    assert journal.states() == ["not_sent"]
    assert not terminal.requests
    till.send()
    till.sees_sold()
    assert terminal.ledger.totals()["978"]["debit"] == 490


def test_sale_lost_with_the_browser(waiting, open_till, terminal, journal):
    """A payment whose sale is gone with the browser joins the sale made again."""
    till = till_of_another_browser(waiting, open_till, terminal, journal)
    till.answers("attach")
    till.sell("Camembert")
    till.sees("done")
    till.validate()
    till.sees_receipt()
    assert journal.last()["payment_id"] == journal.payments()[0]["id"]
    assert len(terminal.requests) == 1


def test_money_given_back(waiting, open_till, terminal, journal):
    """A payment without a sale may be given back: the journal says by whom."""
    till = till_of_another_browser(waiting, open_till, terminal, journal)
    till.answers("given_back")
    journal.wait_for_last("settlement", "given_back")
    assert journal.person(journal.last()["settled_by_id"]) == "caisse"


def till_of_another_browser(waiting, open_till, terminal, journal):
    """Return a till that knows nothing of the sale, asked what to do with its money."""
    waiting.close()
    terminal.tap("accept")
    journal.wait_for("approved")
    till = open_till()
    till.is_asked("The terminal accepted a payment without a sale")
    return till
