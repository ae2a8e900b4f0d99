# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The simulated terminal as a till, a test and a maintainer meet it."""

import os
import subprocess
import sys
import threading
import time

import pytest
from raw_till import (
    DEBIT,
    DUPLICATE,
    IDENTIFICATION,
    ask,
    hear,
    receipts,
    till,
)

from caisse_ap import Request, exchange
from caisse_ap_simulator import (
    MAGIC_CENTS,
    SCENARIOS,
    SimulatedTerminal,
    SimulatedTerminals,
    connection,
)

BUSY = "CZ0040301CJ012330538600404CA00201CD0010CE003978AE00201AF00207"


@pytest.fixture
def terminal():
    with SimulatedTerminal() as terminal:
        yield terminal


def asking(amount_cents=2500, **changes):
    return Request("debit", amount_cents, "978", **changes).encode()


def waits(terminal):
    """True once a customer stands at the terminal."""
    return terminal.current is not None


# What customers will do


def test_queue_comes_before_the_scenario(terminal):
    """Queued scenarios are played once each, in order; then the set one again."""
    terminal.scenario = "refuse"
    terminal.play("accept", "red_key")
    answers = [ask(terminal, DEBIT) for _time in range(3)]
    played = [entry.scenario for entry in terminal.ledger.entries]
    assert played == ["accept", "red_key", "refuse"]
    assert ["AE00210" in answer for answer in answers] == [True, False, False]


def test_queue_waits_for_a_payment(terminal):
    """An identification takes nothing from the queue."""
    terminal.play("refuse")
    ask(terminal, IDENTIFICATION)
    assert "AE00201" in ask(terminal, DEBIT)


def test_unknown_names_change_nothing(terminal):
    """A misspelt scenario is refused whole, wherever it is given."""
    with pytest.raises(ValueError, match="acept"):
        terminal.play("refuse", "acept")
    with pytest.raises(ValueError, match="acept"):
        terminal.scenario = "acept"
    with pytest.raises(ValueError, match="no money"):
        terminal.busy = "accept"
    assert "AE00210" in ask(terminal, DEBIT)


@pytest.mark.parametrize("cents", ["00", "01", "06", "21", "99"])
def test_amount_chooses(terminal, cents):
    """With `amounts` the last two digits choose, and others are accepted."""
    terminal.scenario = "amounts"
    ask(terminal, asking(4200 + int(cents)))
    assert terminal.ledger.last.scenario == MAGIC_CENTS.get(cents, "accept")


def test_magic_cents_are_real_scenarios():
    """Every magic amount names a scenario that exists."""
    assert set(MAGIC_CENTS.values()) <= set(SCENARIOS)


@pytest.mark.parametrize(
    "application, answered",
    [("00C", "00C"), ("00V", "00V"), ("00E", "00E"), ("001", "001"), ("00B", "00B")],
)
def test_forced_application_is_used(terminal, application, answered):
    """A till that forces an application is paid with it."""
    text = ask(terminal, asking(application=application))
    assert f"CC003{answered}" in text


def test_customer_takes_the_delay():
    """The answer comes `delay` seconds after the last byte of the request."""
    with SimulatedTerminal(delay=0.2) as terminal:
        ask(terminal, DEBIT)
        terminal.wait_for(1)
    request = terminal.requests[0]
    assert 0.2 <= request.answered - request.arrived < 1
    assert abs(request.arrived_at - time.time()) < 60


def test_hand_at_the_terminal(terminal):
    """In manual mode nothing happens until somebody says what the customer does."""
    terminal.scenario = "manual"
    assert terminal.tap("accept") is False
    with till(terminal, DEBIT) as line:
        terminal.wait_for(waits)
        assert len(terminal.ledger) == 0
        assert terminal.tap("refuse") is True
        assert b"AE00201AF00204" in hear(line)[0]


def test_hand_interrupts_any_wait(terminal):
    """A customer who does nothing, or is slow, can still be told what to do."""
    terminal.play("silence", "slow")
    for told in ("accept", "red_key"):
        with till(terminal, DEBIT) as line:
            terminal.wait_for(waits)
            assert terminal.tap(told)
            assert hear(line)[1] == "close"
    decided = [entry.decision for entry in terminal.ledger.entries]
    assert decided == ["approved", "refused"]


def test_customer_pays_after_the_till_gave_up(terminal):
    """Money moves although the till has hung up, and the ledger tells both."""
    terminal.scenario = "late_accept"
    with till(terminal, DEBIT):
        terminal.wait_for(waits)
        assert len(terminal.ledger) == 0
    terminal.wait_for(1)
    entry = terminal.ledger.last
    assert (entry.moved_cents, entry.delivered) == (2500, False)


def test_till_that_hangs_up_stops_nothing():
    """A till that leaves during the customer's delay does not stop the payment."""
    with SimulatedTerminal(delay=0.1) as terminal:
        with till(terminal, DEBIT):
            terminal.wait_for(waits)
        terminal.wait_for(1)
    entry = terminal.ledger.last
    assert (entry.moved_cents, entry.delivered) == (2500, False)


# One transaction at a time


@pytest.mark.parametrize(
    "busy, answer, ending",
    [
        ("busy", BUSY, "close"),
        ("silence", "", "open"),
        ("close_before", "", "close"),
        ("reset_before", "", "reset"),
    ],
)
def test_second_till_meets_a_busy_terminal(terminal, busy, answer, ending):
    """The second till gets the chosen behaviour, and the first one its payment."""
    terminal.scenario, terminal.busy = "manual", busy
    with till(terminal, DEBIT) as first:
        terminal.wait_for(waits)
        with till(terminal, DEBIT) as second:
            data, ended = hear(second, 0.15 if ending == "open" else 5)
            assert (data.decode(), ended) == (answer, ending)
        terminal.tap("accept")
        assert b"AE00210" in hear(first)[0]
    terminal.wait_for(2)
    assert terminal.ledger.totals() == {
        "978": {"debit": 2500, "credit": 0, "reversal": 0}
    }


def test_identification_is_answered_while_busy(terminal):
    """A connection test works during a payment, with the documented frame (5.7)."""
    terminal.scenario = "manual"
    with till(terminal, DEBIT):
        terminal.wait_for(waits)
        answer = ask(terminal, IDENTIFICATION)
        terminal.tap()
    assert answer == "CZ0040301CJ012330538600404CA00201CD001IAE00210"


def test_free_again_once_the_answer_is_read(terminal):
    """A till may send the next payment as soon as it has read the last answer."""
    answers = [ask(terminal, DEBIT) for _time in range(20)]
    assert all("AE00210" in answer for answer in answers)


# Duplicates (protocol.md 5.4)


def test_duplicate_repeats_the_last_payment(terminal):
    """A duplicate tells amount, currency and authorisation, and moves nothing."""
    terminal.play("partial:1900")
    ask(terminal, DEBIT)
    answer = ask(terminal, DUPLICATE)
    assert answer == (
        "CZ0040301CJ012330538600404CA00201CB00800001900CD0013CE003978AE00210"
        "AA016497010######1234CC003001CI0011AC006100001AI014A0000000421010CG0071234567"
    )
    assert terminal.ledger.last.moved_cents == 0


def test_duplicate_finds_a_lost_answer(terminal):
    """The result of an answer that never left can be asked for again."""
    terminal.play("close_after_accept")
    request = Request("debit", 2500, "978")
    lost = exchange(request, terminal.host, terminal.port)
    found = exchange(Request("duplicate"), terminal.host, terminal.port)
    assert (lost.outcome, found.outcome) == ("unknown", "approved")
    assert found.approved_cents == 2500


@pytest.mark.parametrize(
    "earlier, words",
    [([], "duplicate_impossible"), (["refuse"], "duplicate_failed")],
)
def test_duplicate_of_nothing_fails(terminal, earlier, words):
    """Nothing yet, or a refusal last: the terminal says that it cannot."""
    for name in earlier:
        terminal.play(name)
        ask(terminal, DEBIT)
    assert "AE00201AF00207" in ask(terminal, DUPLICATE)
    terminal.wait_for(len(earlier) + 1)
    assert terminal.ledger.last.scenario == words


def test_duplicate_prints_the_receipt_again(terminal):
    """A duplicate that asks for the receipt gets one with the amount paid."""
    ask(terminal, DEBIT)
    [text] = receipts(ask(terminal, DUPLICATE + b"CK003100"))
    assert "25,00 EUR" in text


# Requests


@pytest.mark.parametrize(
    "request_bytes, code",
    [
        (b"GET / HTTP/1.1\r\n\r\n", "09"),
        (b"\x05", "09"),
        (b"CJ012012345678901CA00201CD0010", "09"),
        (DEBIT.replace(b"CJ012012345678901", b""), "09"),
        (DEBIT.replace(b"CB0042500", b""), "09"),
        (DEBIT.replace(b"CB0042500", b"CB0015"), "09"),
        (DEBIT.replace(b"CB0042500", b"CB00200"), "09"),
        (DEBIT.replace(b"CA00201", b"CA0011"), "09"),
        (DEBIT + DEBIT, "09"),
        (DEBIT.replace(b"CD0010", b"CD001Z"), "12"),
        (DEBIT.replace(b"CE003978", b"CE003840"), "13"),
        (DEBIT + b"CC003ZZZ", "10"),
    ],
)
def test_bad_requests_are_turned_away(terminal, request_bytes, code):
    """What the terminal cannot read or do gets AE=01, its AF, and no customer."""
    with till(terminal, request_bytes) as line:
        line.shutdown(1)
        answer = hear(line)[0].decode("latin-1")
    assert f"AE00201AF002{code}" in answer
    assert terminal.ledger.totals() == {}


def test_request_byte_by_byte(terminal):
    """Optional fields at the end are not lost when a request comes in pieces."""
    request = asking(application="00C", receipt=True)
    answer = ask(terminal, *(request[i : i + 1] for i in range(len(request))))
    assert "CC00300C" in answer
    assert len(receipts(answer)) == 1


def test_request_ends_with_a_quiet_moment(terminal, monkeypatch):
    """A request that could be complete may still go on: the terminal waits a little."""
    monkeypatch.setattr(connection, "QUIET_SECONDS", 0.2)
    ask(terminal, DEBIT)
    [request] = terminal.requests
    assert request.answered - request.arrived >= 0.2


def test_line_end_after_a_request(terminal):
    """Some tills end their request with CR/LF (protocol.md 1.5)."""
    assert "AE00210" in ask(terminal, DEBIT + b"\r\n")


def test_request_is_bounded(terminal):
    """Correct fields without end are cut off at 64 kB."""
    fields = b"CZ0040300" + 70 * (b"YA999" + 999 * b".")
    assert "AF00209" in ask(terminal, fields)
    assert len(terminal.requests[0].data) <= len(fields)


def test_port_scan_leaves_no_trace(terminal):
    """Connecting and hanging up asks for nothing."""
    with till(terminal):
        pass
    assert ask(terminal, IDENTIFICATION)
    assert len(terminal.requests) == 1


def test_currency_without_decimals(terminal):
    """The franc Pacifique comes and goes as whole francs (protocol.md 5.12)."""
    terminal.play("receipt")
    answer = ask(terminal, Request("debit", 1000, "953").encode())
    assert "CB00800001000" in answer
    assert "1000 XPF" in receipts(answer)[0]


@pytest.mark.parametrize(
    "asked, kinds",
    [("", []), ("CK003000", []), ("CK003100", ["100"]), ("CK003120", ["100", "110"])],
)
def test_receipt_only_when_asked(terminal, asked, kinds):
    """Receipts come for CK=1xx: the customer's, the merchant's, or both."""
    answer = ask(terminal, DEBIT + asked.encode())
    assert len(receipts(answer)) == len(kinds)
    assert all(f"CK003{kind}AK" in answer for kind in kinds)


def test_client_reads_the_receipt(terminal):
    """The addon's client finds the receipt that it asked for."""
    request = Request("debit", 2500, "978", receipt=True)
    verdict = exchange(request, terminal.host, terminal.port)
    assert "CAFÉ DE LA GARE" in verdict.receipt


# Watching


def test_ledger_as_plain_values(terminal):
    """An entry says who asked what, what moved and whether the till knows."""
    ask(terminal, DEBIT)
    terminal.wait_for(1)
    entry = terminal.ledger.last.as_dict()
    assert entry.pop("arrived_at") <= entry.pop("decided_at")
    assert entry.pop("request")["CB"] == "2500"
    assert entry == {
        "number": 1,
        "terminal": terminal.name,
        "operation": "debit",
        "asked_cents": 2500,
        "moved_cents": 2500,
        "currency": "978",
        "decision": "approved",
        "scenario": "accept",
        "authorisation": "100001",
        "delivered": True,
    }


def test_observers_hear_every_change(terminal):
    """An observer follows a payment step by step until it is cancelled."""
    heard = []
    cancel = terminal.observe(lambda _terminal, event, _subject: heard.append(event))
    ask(terminal, DEBIT)
    terminal.wait_for(lambda each: "idle" in heard)
    cancel()
    terminal.play("accept")
    assert heard == ["request", "waiting", "decided", "answered", "idle"]


def test_broken_observer_costs_nobody_a_payment(terminal, caplog):
    """The payment goes on, and the log tells what broke."""
    terminal.observe(lambda *_change: 1 / 0)
    assert "AE00210" in ask(terminal, DEBIT)
    assert "ZeroDivisionError" in caplog.text


def test_state_describes_the_terminal(terminal):
    """State is plain values: settings, the payment under way, totals."""
    terminal.scenario = "manual"
    terminal.play("manual", "refuse")
    with till(terminal, DEBIT):
        terminal.wait_for(waits)
        state = terminal.state()
        terminal.tap()
    assert state["queue"] == ["refuse"]
    assert state["request"]["CB"] == "2500"
    assert (state["scenario"], state["entries"]) == ("manual", 0)


def test_waiting_has_an_end(terminal):
    """A condition that never comes true raises, and says how things stand."""
    with pytest.raises(TimeoutError, match="scenario"):
        terminal.wait_for(1, timeout=0.01)


# Starting and stopping

STOP = """
import socket, sys, threading
from caisse_ap_simulator import SimulatedTerminal

request = sys.argv[1].encode()
lines = []
with SimulatedTerminal("manual") as terminal:
    def call(data):
        lines.append(socket.create_connection((terminal.host, terminal.port)))
        lines[-1].sendall(data)
    call(request)          # a customer who waits for a hand
    terminal.wait_for(lambda each: each.current)
    call(request[:20])     # a till in the middle of its request
    call(b"")              # a till that says nothing
    terminal.busy = "silence"
    call(request)          # a second till, kept waiting
    terminal.wait_for(1)
    loop = terminal._thread.loop
for line in lines:
    line.settimeout(5)
    try:
        assert line.recv(1) == b""
    except ConnectionError:
        pass
    line.close()
assert loop.is_closed()
assert threading.enumerate() == [threading.main_thread()]
try:
    socket.create_connection((terminal.host, terminal.port), 1)
except ConnectionRefusedError:
    print("stopped")
"""


def test_stop_leaves_nothing():
    """No thread, socket or task is left, whatever the tills were doing.

    Python reports on stderr every socket and loop that is left to the garbage
    collector, and every task that is destroyed while pending.
    """
    done = subprocess.run(
        [sys.executable, "-W", "always::ResourceWarning", "-c", STOP, DEBIT.decode()],
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)),
        capture_output=True,
        timeout=30,
    )
    assert (done.stdout.strip(), done.stderr) == (b"stopped", b"")


def test_switched_off_and_on_again():
    """A terminal that comes back has its port and its ledger."""
    terminal = SimulatedTerminal()
    for _time in range(2):
        with terminal:
            ask(terminal, DEBIT)
            terminal.wait_for(1)
    terminal.stop()
    assert [entry.number for entry in terminal.ledger.entries] == [1, 2]


def test_port_taken(terminal):
    """A taken port is an error, and leaves no thread behind."""
    before = threading.active_count()
    with pytest.raises(OSError, match=str(terminal.port)):
        SimulatedTerminal(port=terminal.port).start()
    assert threading.active_count() == before


def test_many_terminals_share_a_thread():
    """Two hundred terminals in one process work side by side."""
    before = threading.active_count()
    with SimulatedTerminals(200, scenario="refuse") as terminals:
        assert threading.active_count() == before + 1
        terminals[7].scenario = "accept"
        assert "AE00210" in ask(terminals[7], DEBIT)
        assert "AE00201" in ask(terminals[8], DEBIT)
    assert threading.active_count() == before
    assert len({terminal.port for terminal in terminals}) == 200
