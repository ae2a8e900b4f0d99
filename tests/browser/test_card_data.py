# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""No full card number is kept or shown, whatever a terminal sends."""

import re

import pytest

from caisse_ap_simulator.answers import FULL_CARD

PLACES = "JSON.stringify([document.documentElement.outerHTML, localStorage])"


@pytest.mark.parametrize("scenario", ["full_pan", "receipt_full_pan"])
def test_full_number_is_nowhere(scenario, till, shop, terminal, transactions):
    """Neither the database nor the log nor the page holds the number, only its ends."""
    terminal.play(scenario)
    till.sell("Café")
    till.pay()
    till.sees_sold()
    assert terminal.ledger.last.moved_cents == 200
    assert transactions.tables_with(FULL_CARD) == []
    assert FULL_CARD not in shop.odoo.log.read_text(errors="replace")
    assert FULL_CARD not in re.sub(r"\W", "", till.evaluate(PLACES))


def test_masked_number_is_kept(till, terminal, transactions):
    """The first six and last four digits are kept: the search finds them."""
    terminal.play("full_pan")
    till.sell("Café")
    till.pay()
    till.sees_sold()
    number = transactions.last()["card_number"]
    assert number.startswith(FULL_CARD[:6]) and number.endswith(FULL_CARD[-4:])
    assert "fr_caisse_ap_ip_transaction" in transactions.tables_with(number)
    assert "2712" not in transactions.last()["answer"]
