# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What is not an ordinary card: cheques, holiday and meal vouchers, any other code."""

from tills import CHEQUE

from caisse_ap.tables import APPLICATIONS

CONTACTLESS = "accept_conecs_contactless"
# Settings of the method, CC sent, what the terminal plays, text on the payment.
MODES = (
    ({"mode": "ancv"}, "00V", "accept", APPLICATIONS["00V"].fr),
    ({"mode": "conecs"}, "00E", "accept", "CONECS"),
    ({"mode": "conecs"}, "00E", CONTACTLESS, APPLICATIONS["10E"].fr),
    ({"mode": "conecs", "label_00e": "cmcic"}, "00E", "accept", "CMCIC-Pay"),
    ({"mode": "other", "application": "002"}, "002", "accept", APPLICATIONS["002"].fr),
    ({"mode": "card"}, None, "accept", APPLICATIONS["001"].fr),
)


def test_modes(till, terminal, transactions, set_card):
    """Each mode forces its application, and the payment says what was used."""
    for settings, sent, scenario, text in MODES:
        set_card(**settings)
        terminal.play(scenario)
        till.sell("Café")
        till.pay()
        till.sees_sold()
        assert terminal.requests[-1].fields.get("CC") == sent
        assert transactions.payments()[-1]["card_type"] == text
        till.next_order()
    assert terminal.ledger.totals()["978"]["debit"] == 200 * len(MODES)


def test_cheque_refused(till, terminal, transactions):
    """One code of a cheque means three things: all of them are said."""
    terminal.play("refuse")
    till.sell("Café")
    till.pay(CHEQUE)
    till.is_told("Cheque refused, inserted the wrong way round, or cancelled.")
    till.sees("free")
    assert transactions.states() == ["refused"]
