# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a till and a payment method may be set to, and the test of the connection."""

import pytest
from tills import CARD

METHOD = "pos.payment.method"
TEST = "action_fr_caisse_ap_ip_test"
SILENCE = (
    "The connection stands, but nothing answers: is the terminal on its idle screen, is "
    "its link with the till switched on, is the protocol Concert version 3?"
)
# What stands at the address, what the administrator reads.
DIAGNOSES = (
    (
        {"play": ["serial"]},
        "A terminal is there, but it speaks the older serial protocol: choose Concert "
        "version 3 (Caisse-AP over IP) in its settings.",
    ),
    (
        {"play": ["garbage"]},
        "Something answers there, but it is no card terminal: check the address and the "
        "port.",
    ),
    ({"play": ["close_before"]}, SILENCE),
    (
        {"play": ["unknown_operation"]},
        "The terminal answers, but does not identify itself. Payments may work: try a "
        "small one.",
    ),
    (
        {"address": "tpe.invalid"},
        "No machine of that name: %s. Check the address.",
    ),
    (
        {"address": "255.255.255.255"},
        "There is no way to the terminal at %s. Check its cable or Wi-Fi and its address.",
    ),
    (
        {},
        "The terminal answers in %(time)s ms: identifier %(ipc)s, protocol version "
        "%(version)s.",
    ),
    (
        {"off": True},
        "The terminal at %s refuses the connection. Wake it up if it is asleep, check "
        "that the link with the till is switched on and that the port is right.",
    ),
)


@pytest.fixture
def method(shop):
    [method] = shop.rpc(METHOD, "search", [["name", "=", CARD]])
    return method


def test_test_of_the_connection(office, method, terminal, set_card, journal):
    """The button says in words what stands at the address, and moves no money."""
    for scene, words in DIAGNOSES:
        set_card(address=scene.get("address", "127.0.0.1"))
        terminal.play(*scene.get("play", []))
        if "off" in scene:
            terminal.stop()
        office.open_record(METHOD, method)
        office.press(TEST)
        office.is_notified(words)
    assert terminal.ledger.totals() == {}
    assert {row["operation"] for row in journal.transactions()} == {"identification"}


def test_no_test_while_a_payment_waits(waiting, office, method, terminal):
    """The test never comes between a customer and the terminal."""
    office.open_record(METHOD, method)
    office.press(TEST)
    office.is_told(
        "%(till)s (%(user)s) has been using it since %(time)s. Wait until that payment "
        "has ended, then send again."
    )
    assert len(terminal.requests) == 1
    terminal.tap("accept")
    waiting.sees_sold()


def test_settings_reach_the_terminal(till, office, shop, method, terminal, set_card):
    """What is set for a till and a method is what the terminal gets."""
    numbers = {"fr_caisse_ap_ip_till": "07", "fr_caisse_ap_ip_ipc": "111122223333"}
    usual = {"fr_caisse_ap_ip_till": "01", "fr_caisse_ap_ip_ipc": "012345678901"}
    set_card(version="0310", line_end=True, timeout=180)
    office.open_record(METHOD, method)
    office.fill("fr_caisse_ap_ip_timeout", "90")
    office.save()
    office.sees_saved()
    shop.rpc("pos.config", "write", shop.tills[:1], numbers)
    till.sell("Café")
    till.pay()
    till.sees_sold()
    shop.rpc("pos.config", "write", shop.tills[:1], usual)
    request = terminal.requests[-1]
    assert [request.fields[tag] for tag in ("CZ", "CA", "CJ")] == [
        "0310",
        "07",
        "111122223333",
    ]
    assert request.data.endswith(b"\r\n")
    [saved] = shop.rpc(METHOD, "read", [method], ["fr_caisse_ap_ip_timeout"])
    assert saved["fr_caisse_ap_ip_timeout"] == 90
