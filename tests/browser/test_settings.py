# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a till and a payment method may be set to, and the test of the connection."""

import contextlib
import socketserver
import threading

import pytest
from tills import CARD

METHOD = "pos.payment.method"
TEST = "action_fr_caisse_ap_ip_test"
# What another machine answers, what the administrator reads.
ANSWERS = (
    (
        b"\x05",
        "The terminal replies, but in the older serial protocol: choose Concert "
        "version 3 (Caisse-AP over IP) in its settings.",
    ),
    (
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        "The device at this address is not a card terminal: check the address and "
        "the port.",
    ),
    (
        b"",
        "Connected, but no reply: is the terminal on its idle screen, is its link "
        "with the till switched on, is the protocol Concert version 3?",
    ),
    (
        b"CZ0040300CA00201CD001IAE00201AF00212",
        "The terminal replies, but does not identify itself. Payments may work: try "
        "a small one.",
    ),
)
ADDRESSES = (
    ("tpe.invalid", "Name not found. Check the address of the terminal."),
    (
        "255.255.255.255",
        "The terminal is unreachable on the network. Check its cable or Wi-Fi and "
        "its address.",
    ),
)
IDENTIFIED = (
    "The terminal replies in %(time)s ms: identifier %(ipc)s, protocol version "
    "%(version)s."
)
REFUSED = (
    "The terminal refuses the connection. Wake it up if it is asleep, check that its "
    "link with the till is switched on and that the port is right."
)


@pytest.fixture
def method(shop):
    [method] = shop.rpc(METHOD, "search", [["name", "=", CARD]])
    return method


def test_test_of_the_connection(office, method, terminal, set_card, transactions):
    """The button says what stands at the address, and moves no money."""
    office.read_record(METHOD, method)
    office.press(TEST)
    office.is_notified(IDENTIFIED)
    terminal.stop()
    office.press(TEST)
    office.is_notified(REFUSED)
    for answer, text in ANSWERS:
        with machine(answer) as port:
            set_card(port=port)
            office.press(TEST)
            office.is_notified(text)
    for address, text in ADDRESSES:
        set_card(address=address)
        office.press(TEST)
        office.is_notified(text)
    assert terminal.ledger.totals() == {}
    assert {row["operation"] for row in transactions.all()} == {"identification"}


@contextlib.contextmanager
def machine(answer):
    """Give the port of something that answers any request with these bytes."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            self.request.recv(1024)
            self.request.sendall(answer)

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_no_test_while_a_payment_waits(waiting, office, method, terminal):
    """The test never comes between a customer and the terminal."""
    office.read_record(METHOD, method)
    office.press(TEST)
    office.is_told(
        "%(till)s (%(user)s) has been using it since %(time)s. Wait until that "
        "payment has ended, then press Retry."
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
