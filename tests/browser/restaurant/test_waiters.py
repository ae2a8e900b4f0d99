# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Waiters log in with a PIN (pos_hr): who paid is theirs, and what needs a manager."""

import pytest
from tills import CARD, TILLS

WAITER, WAITER_PIN = "Lucie", "1111"
MANAGER, MANAGER_PIN = "Marie (responsable)", "2222"
WRONG_PIN = "3333"
# How often a PIN may be wrong before all of them are refused for a while.
TRIES = 5
LET_TIME_PASS = "UPDATE pos_session SET fr_caisse_ap_ip_pins_locked_until = NULL"


@pytest.fixture(scope="module")
def manager(shop):
    """The id of the manager, who is the administrator; there is a waiter, too."""
    if not TILLS[shop.series].can_log_in:
        pytest.skip("played where the tests know how waiters log in")
    employee = "hr.employee"
    shop.rpc(employee, "create", {"name": WAITER, "pin": WAITER_PIN})
    [user] = shop.rpc("res.users", "search", [["login", "=", "admin"]])
    values = {"name": MANAGER, "pin": MANAGER_PIN, "user_id": user}
    # Newer series have an employee for the administrator.
    found = shop.rpc(employee, "search", [["user_id", "=", user]])
    if not found:
        return shop.rpc(employee, "create", values)
    shop.rpc(employee, "write", found, values)
    return found[0]


@pytest.fixture
def waiter(manager, open_till):
    """The till of a waiter; its Odoo user is a manager."""
    return open_till(2, WAITER_PIN)


def test_waiter_is_recorded_and_named(waiter, open_till, terminal, transactions):
    """The waiter paid, and not the Odoo user: another till is told so."""
    terminal.play("manual")
    waiter.sell("Camembert")
    waiter.pay()
    terminal.wait_for(lambda terminal: terminal.current, 30)
    other = open_till(1)
    other.sell("Café")
    other.pay()
    other.is_told("The terminal is busy", also=[f"Boutique 2 ({WAITER})"])
    terminal.tap("accept")
    waiter.sees_sold()
    first, *_others = transactions.all()
    assert first["cashier_name"] == WAITER
    assert transactions.person(first["user_id"]) == "admin"


def test_refund_needs_the_pin_of_a_manager(
    manager, waiter, set_card, terminal, transactions
):
    """A wrong PIN sends nothing, nor do too many; the right one does."""
    set_card(free_refund=False)
    waiter.give_back("Camembert")
    waiter.choose(CARD)
    waiter.send()
    waiter.is_asked("A manager is needed")
    waiter.page.locator(f".caisse-ap-{manager}").click()
    for _try in range(TRIES):
        type_pin(waiter, WRONG_PIN)
        waiter.is_asked("Wrong PIN.")
    type_pin(waiter, MANAGER_PIN)
    waiter.is_asked("Too many wrong PINs: try again in a few minutes.")
    assert not terminal.requests
    waiter.shop.sql(LET_TIME_PASS)
    type_pin(waiter, MANAGER_PIN)
    transactions.wait_for("approved")
    assert terminal.ledger.totals()["978"]["credit"] == 490
    [credit] = transactions.all()
    assert (credit["operation"], credit["cashier_name"]) == ("credit", WAITER)


def type_pin(till, pin):
    """Type a PIN where the till asks for it, and have the server check it."""
    till.page.locator(".caisse-ap-input").fill(pin)
    with till.page.expect_response("**/fr_caisse_ap_ip_check_manager*"):
        till.page.locator(".caisse-ap-apply").click()
