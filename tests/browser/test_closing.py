# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The cashier closes the day at the till."""

import pytest
from playwright.sync_api import expect

SESSIONS = "SELECT count(*) FROM pos_session WHERE state = 'opened'"


def test_sums_are_told_first(open_till, shop):
    """Before the session is closed the till says what its terminals took."""
    # Nobody paid cash there, so Odoo itself has nothing to ask.
    till = open_till(2)
    if not till.close_session_button:
        pytest.skip("this series of Odoo closes sessions in the back office only")
    till.sell("Camembert")
    till.pay()
    till.sees_sold()
    till.next_order()
    till.close_session()
    till.is_asked(
        "Card terminals in this session", "Confirmed by the terminal", also=["4,90"]
    )
    opened = shop.sql(SESSIONS)
    till.page.locator(".caisse-ap-later").click()
    expect(till.page.locator(".caisse-ap-later")).to_have_count(0)
    assert shop.sql(SESSIONS) == opened
