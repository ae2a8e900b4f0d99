# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Money may have moved and the till cannot know: a person looks at the terminal."""

from tills import CARD, QUESTION


def test_no_plain_retry(unknown, terminal):
    """Whoever decides later sees a button for it, and none to send again."""
    unknown.answers("later")
    unknown.sees("unknown")
    unknown.sees_not("free")
    assert len(terminal.requests) == 1


def test_was_paid(unknown, terminal, transactions):
    """The button asks again; "paid", with the number of the receipt, ends the sale."""
    unknown.answers("later")
    unknown.sign("unknown").click()
    unknown.is_asked(QUESTION)
    unknown.answers("approved", authorisation="A12345")
    unknown.sees_sold()
    transaction = transactions.last()
    assert transaction["authorisation"] == "A12345"
    assert '"resolved_approved", "A12345"' in transaction["events"]
    assert transactions.person(transaction["resolved_by_id"]) == "caisse"
    assert transaction["payment_id"] == transactions.payments()[0]["id"]
    assert len(terminal.requests) == 1


def test_was_not_paid(unknown, terminal, transactions):
    """ "Not paid" frees the line, which is then sent again and paid."""
    unknown.answers("refused")
    unknown.sees("free")
    assert transactions.states() == ["refused"]
    assert transactions.person(transactions.last()["resolved_by_id"]) == "caisse"
    unknown.send()
    unknown.sees_sold()
    assert transactions.states() == ["refused", "approved"]
    assert len(terminal.requests) == 2


def test_reload(unknown, terminal, transactions):
    """A page that is loaded again asks again, and still offers no plain retry."""
    unknown.answers("later")
    unknown.reload()
    unknown.is_asked(QUESTION)
    unknown.answers("later")
    unknown.return_to_payment()
    unknown.sees("unknown")
    unknown.sees_not("free")
    unknown.sign("unknown").click()
    unknown.answers("approved", authorisation="A12345")
    unknown.sees_sold()
    assert transactions.states() == ["approved"]
    assert len(terminal.requests) == 1


def test_delete(unknown, transactions):
    """Deleting the line asks the same question instead of losing the payment."""
    unknown.answers("later")
    unknown.delete(CARD)
    unknown.is_asked(QUESTION)
    unknown.answers("later")
    unknown.sees("unknown")
    assert transactions.states() == ["unknown"]


def test_language(unknown):
    """The question and its answers are in the cashier's language."""
    unknown.is_asked(
        "The terminal's answer was lost or could not be understood.",
        "Yes: the receipt shows it",
        "No: refused or cancelled",
        "Answer later",
    )
    unknown.answers("later")
    unknown.reads("Was it paid?", "Enter the result")
