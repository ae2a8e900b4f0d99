# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Money whose sale is gone with the browser; faults/ breaks everything else."""

# Whether the till, when it hears of this money again, does not ask a second time.
IS_SILENT = """(reference) => Promise.race([
    posmodel.caisseAp.askOrphan({reference}).then(() => true),
    new Promise((resolve) => setTimeout(resolve, 10000, false)),
])"""


def test_sale_lost_with_the_browser(waiting, open_till, terminal, transactions):
    """A payment whose sale is gone with the browser joins the sale made again."""
    till = till_of_another_browser(waiting, open_till, terminal, transactions)
    till.answers("attach")
    till.sell("Camembert")
    till.sees("done")
    assert till.page.evaluate(IS_SILENT, transactions.last()["reference"])
    till.validate()
    till.sees_receipt()
    assert transactions.last()["payment_id"] == transactions.payments()[0]["id"]
    assert len(terminal.requests) == 1


def test_money_given_back(waiting, open_till, terminal, transactions):
    """A payment without a sale may be given back: the transaction says by whom."""
    till = till_of_another_browser(waiting, open_till, terminal, transactions)
    assert till.page.evaluate(IS_SILENT, transactions.last()["reference"])
    till.answers("refunded")
    transactions.wait_for_last("resolution", "refunded")
    assert transactions.person(transactions.last()["resolution_user_id"]) == "caisse"


def till_of_another_browser(waiting, open_till, terminal, transactions):
    """Return a till that knows nothing of the sale, asked what to do with its money."""
    waiting.close()
    terminal.tap("accept")
    transactions.wait_for("approved")
    till = open_till()
    till.is_asked("The terminal approved a payment without a sale")
    return till
