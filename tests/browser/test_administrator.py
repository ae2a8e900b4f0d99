# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The administrator sets a terminal up and reads the transactions."""

import pytest
from playwright.sync_api import expect
from tills import CARD

METHOD = "pos.payment.method"


@pytest.fixture
def method(shop):
    [method] = shop.rpc(METHOD, "search", [["name", "=", CARD]])
    return method


def test_wrong_address(office, method, shop):
    """An address that cannot be one is refused with a reason, nothing is changed."""
    office.open_record(METHOD, method)
    office.fill("fr_caisse_ap_ip_address", "http://192.168.1.50")
    office.save()
    office.is_told(
        "Payment method %(method)s: the terminal address “%(address)s” is neither an "
        "IPv4 or IPv6 address nor a name. Enter it without “http://” and without the "
        "port."
    )
    [saved] = shop.rpc(METHOD, "read", [method], ["fr_caisse_ap_ip_address"])
    assert saved["fr_caisse_ap_ip_address"] == "127.0.0.1"


def test_transactions_of_a_method(till, office, method, transactions):
    """The transactions open from the payment method and lists what was paid with it."""
    till.sell("Camembert")
    till.pay()
    till.sees_sold()
    office.open_record(METHOD, method)
    office.press("action_fr_caisse_ap_ip_transactions")
    expect(office.rows()).to_have_count(1)
    expect(office.rows()).to_contain_text("4,90")
    expect(office.rows()).to_contain_text(transactions.last()["authorisation"])
