# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Money whose sale is gone with the browser; faults/ breaks everything else."""

from tills import WITHOUT_SALE

# Whether the till, when it hears of this money again, does not ask a second time.
IS_SILENT = """() => posmodel.caisseAp.follower.look().then(() =>
    posmodel.caisseAp.inbox.questions.size === %s
)"""


def test_sale_lost_with_the_browser(waiting, open_till, terminal, transactions):
    """A payment whose sale is gone with the browser joins the sale made again."""
    till = till_of_another_browser(waiting, open_till, terminal, transactions)
    till.answers("later")
    till.sell("Camembert")
    till.looks_at_waiting()
    till.answers("attach")
    till.sees("done")
    assert till.evaluate(IS_SILENT % 0)
    till.validate()
    till.sees_receipt()
    assert transactions.last()["payment_id"] == transactions.payments()[0]["id"]
    assert len(terminal.requests) == 1


def test_money_given_back(waiting, open_till, terminal, transactions):
    """A payment without a sale may be given back: the transaction says by whom."""
    till = till_of_another_browser(waiting, open_till, terminal, transactions)
    assert till.evaluate(IS_SILENT % 1)
    till.answers("refunded")
    transactions.wait_for_last("resolution", "refunded")
    assert transactions.person(transactions.last()["resolution_user_id"]) == "caisse"


def till_of_another_browser(waiting, open_till, terminal, transactions):
    """Return a till that knows nothing of the sale, asked what to do with its money."""
    waiting.close()
    terminal.tap("accept")
    transactions.wait_for("approved")
    transactions.forget_pages()
    till = open_till()
    till.is_asked(WITHOUT_SALE)
    return till
