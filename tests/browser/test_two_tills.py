# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Two tills share one terminal."""


def test_busy_terminal(waiting, open_till, terminal, transactions):
    """A second till is told who holds the terminal, and is served after that."""
    second = open_till(2)
    second.sell("Café")
    second.pay()
    second.is_told("The terminal is busy", also=["Boutique (Camille)"])
    second.sees("free")
    assert len(terminal.requests) == 1
    terminal.tap("accept")
    waiting.sees_sold()
    second.send()
    second.sees_sold()
    assert [entry.moved_cents for entry in terminal.ledger.entries] == [490, 200]
    assert transactions.states() == ["approved", "approved"]
