# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""At the end of the day: the terminal's own ticket, and the books."""

import contextlib
import re
from collections import Counter
from xmlrpc.client import Fault

from playwright.sync_api import expect
from tills import CARD, CASH, CHEQUE


def test_day_total(till, office, terminal):
    """What the terminal's ticket says is typed; where it differs the till shows it."""
    till.sell("Camembert")
    till.pay()
    till.sees_sold()
    office.open_action("action_day_total")
    row = office.dialog.locator(".o_data_row")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("CB contact")
    expect(row).to_contain_text("4,90")
    office.type_in_row(row, "terminal_amount", "5,00")
    expect(row).to_contain_text("0,10")
    expect(row).to_have_class(re.compile("text-danger"))


def test_accounting(set_card, open_till, shop, terminal, transactions):
    """What a session books for each method is what the terminal moved."""
    till = open_till(2)
    terminal.play("partial:300", "accept")
    sell_in_part(till)
    set_card(mode="conecs")
    terminal.play("accept")
    for method in (CARD, CHEQUE):
        till.sell("Café")
        till.pay(method)
        till.sees_sold()
        till.next_order()
    till.give_back("Camembert")
    till.choose(CARD)
    till.send()
    till.sees_sold()
    assert [payment["amount"] for payment in transactions.payments()] == [
        3.0,
        2.0,
        2.0,
        -4.9,
    ]
    moved = terminal.ledger.totals()["978"]
    assert moved == {"debit": 700, "credit": 490, "reversal": 0}
    session = transactions.last()["session_id"]
    till.close()
    close_session(shop, session)
    paid, booked = sums_paid(shop, session), sums_booked(shop, session)
    assert {CARD, CHEQUE} <= set(paid)
    assert {method: booked[method] for method in paid} == paid


def sell_in_part(till):
    """Sell what the terminal pays in part, the rest in cash."""
    till.sell("Camembert")
    till.pay()
    till.is_told(
        "The terminal approved %(approved)s of %(asked)s. The rest remains to be paid."
    )
    till.choose(CASH)
    till.validate()
    till.sees_receipt()
    till.next_order()


def close_session(shop, session):
    """Close a session in the back office, as each series does, whatever is asked."""
    asked = {"fr_caisse_ap_ip_asked": True}
    for method in ("closing_control", "validate"):
        # XML-RPC cannot carry the None that some of them return.
        with contextlib.suppress(Fault):
            call = f"action_pos_session_{method}"
            shop.rpc("pos.session", call, [session], context=asked)
    [closed] = shop.rpc("pos.session", "read", [session], ["state"])
    assert closed["state"] == "closed"


def sums_paid(shop, session):
    """Return what was paid in a session, in cents, by the name of the method (dict)."""
    rows = shop.rpc(
        "pos.payment",
        "search_read",
        [["session_id", "=", session]],
        ["payment_method_id", "amount"],
    )
    return cents((row["payment_method_id"][1], row["amount"]) for row in rows)


def sums_booked(shop, session):
    """Return what the entry of a session says of each method, in cents (dict)."""
    [closed] = shop.rpc("pos.session", "read", [session], ["move_id"])
    rows = shop.rpc(
        "account.move.line",
        "search_read",
        [["move_id", "=", closed["move_id"][0]]],
        ["name", "balance"],
    )
    return cents((row["name"].split(" - ")[-1], row["balance"]) for row in rows)


def cents(pairs):
    sums = Counter()
    for name, amount in pairs:
        sums[name] += round(100 * amount)
    return dict(sums)
