# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One exchange over real sockets: what reached the terminal decides the outcome."""

import contextlib
import errno
import itertools
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import caisse_ap
from caisse_ap import client
from caisse_ap.client import exchange
from caisse_ap.frame import MAX_FRAME_BYTES, encode
from caisse_ap.request import Request

DEBIT = Request("debit", 350, "978")
HEAD = b"CZ0040300"
APPROVAL = HEAD + b"CA00201CB003350CD0010CE003978AE00210"
REFUSAL = HEAD + b"AE00201AF00206"
TAKEN = HEAD + b"AE00211"

LONG = 30.0  # seconds: no test waits that long, it only must not be what ends one
SHORT = 0.2  # seconds: for the tests that do wait for a deadline


def listen(backlog=1):
    """Return a socket that listens on a free port of this machine."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(backlog)
    return listener


class Terminal:
    """A terminal for one connection: reads the request, then does as its script says.

    The script is a function of the connection. Without one the terminal closes.
    """

    def __init__(self, script=None, reads=True):
        self._script = script
        self._reads = reads
        self._listener = listen()
        self._thread = threading.Thread(target=self._serve)
        self.port = self._listener.getsockname()[1]
        self.received = b""
        self.done = threading.Event()

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._thread.join(LONG)
        self._listener.close()
        assert not self._thread.is_alive()

    def _serve(self):
        connection, _address = self._listener.accept()
        with connection, contextlib.suppress(OSError):
            self.received = connection.recv(4096) if self._reads else b""
            if self._script:
                self._script(connection)
        self.done.set()


def says(*pieces, stays=False):
    """Return a script that sends the pieces, then closes, or waits for the till to."""

    def script(connection):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            connection.sendall(piece)
        if stays:
            wait_for_the_till(connection)

    return script


def wait_for_the_till(connection):
    """Return once the till has closed its side."""
    assert connection.recv(1) == b""


def resets(connection):
    """Close with a reset instead of an end of stream."""
    linger = struct.pack("ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def ask(script, request=DEBIT, **options):
    """Exchange with a terminal of this script; return its verdict and the seconds."""
    with Terminal(script) as terminal:
        start = time.monotonic()
        arguments = dict(dict(timeout=LONG, quiet=LONG), **options)
        verdict = exchange(request, "127.0.0.1", terminal.port, **arguments)
        seconds = time.monotonic() - start
    assert terminal.received == request.encode()
    return verdict, seconds


@pytest.fixture
def closed_port():
    """Give a port that is held, so that no one else listens there, and is closed."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


def check(verdict, outcome, reason):
    assert (verdict.outcome, verdict.reason) == (outcome, reason)


# Before the first byte: not sent


def test_refused_connection(closed_port):
    """Nobody listens: the request was not sent, and the reason is kept."""
    verdict = exchange(DEBIT, "127.0.0.1", closed_port)
    check(verdict, "not_sent", "refused_connection")
    assert "refused" in verdict.error


@pytest.mark.parametrize(
    "error",
    [
        socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
        socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"),
        UnicodeError("label empty or too long"),
    ],
)
def test_name_not_found(monkeypatch, error):
    """A name that leads nowhere: the request was not sent."""

    def getaddrinfo(*args, **options):
        raise error

    monkeypatch.setattr(client.socket, "getaddrinfo", getaddrinfo)
    verdict = exchange(DEBIT, "terminal.invalid")
    check(verdict, "not_sent", "name_not_found")
    assert verdict.error == str(error)


@pytest.mark.parametrize("host", ["x" * 64 + ".invalid", "a..b", "nul\0.invalid"])
def test_name_that_cannot_be_one(host):
    """A host that is no name at all raises nothing either."""
    check(exchange(DEBIT, host), "not_sent", "name_not_found")


def test_name_server_that_does_not_answer(monkeypatch):
    """A lookup that hangs costs no more than the time to connect."""
    released = threading.Event()

    def getaddrinfo(*args, **options):
        released.wait(LONG)
        raise socket.gaierror("too late")

    monkeypatch.setattr(client.socket, "getaddrinfo", getaddrinfo)
    verdict = exchange(DEBIT, "terminal.invalid", connect_timeout=0.01)
    released.set()
    check(verdict, "not_sent", "connect_timeout")


@contextlib.contextmanager
def deaf_port():
    """Yield a port that lets nobody in any more: its queue is full."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(listen(backlog=0))
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


def test_terminal_that_lets_nobody_in():
    """No connection in time: the request was not sent."""
    with deaf_port() as port:
        verdict = exchange(DEBIT, "127.0.0.1", port, connect_timeout=SHORT)
    check(verdict, "not_sent", "connect_timeout")


@pytest.mark.parametrize(
    "error, reason",
    [
        (OSError(errno.ECONNREFUSED, "refused"), "refused_connection"),
        (OSError(errno.EHOSTUNREACH, "no route"), "no_route"),
        (OSError(errno.ENETUNREACH, "unreachable"), "no_route"),
        (OSError(errno.EHOSTDOWN, "host is down"), "no_route"),
        (OSError(errno.ETIMEDOUT, "timed out"), "connect_timeout"),
        (socket.timeout("timed out"), "connect_timeout"),
        (OSError(errno.EACCES, "not permitted"), "network_error"),
        (OSError(errno.ECONNRESET, "reset"), "network_error"),
        (OSError("no number"), "network_error"),
    ],
)
def test_reason_of_a_failed_connection(monkeypatch, error, reason):
    """Each way in which a connection fails has its reason."""

    class Socket(socket.socket):
        def connect(self, address):
            raise error

    monkeypatch.setattr(client.socket, "socket", Socket)
    verdict = exchange(DEBIT, "127.0.0.1")
    check(verdict, "not_sent", reason)
    assert verdict.error == str(error)


@pytest.mark.parametrize("port", [0, -1, 65536, 74424])
def test_port_that_cannot_be_one(port):
    """A port out of range would silently become another one."""
    with pytest.raises(ValueError, match="1 to 65535"):
        exchange(DEBIT, "127.0.0.1", port)


def resolve_to(monkeypatch, *ports):
    """Make every name lead to these ports of this machine."""
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", port))
        for port in ports
    ]
    monkeypatch.setattr(client.socket, "getaddrinfo", lambda *args, **options: found)


def test_second_address_is_tried(monkeypatch, closed_port):
    """A name with several addresses is asked at the first one that answers."""
    with Terminal(says(APPROVAL)) as terminal:
        resolve_to(monkeypatch, closed_port, terminal.port)
        check(exchange(DEBIT, "terminal.invalid"), "approved", "approved")
    assert terminal.received == DEBIT.encode()


@pytest.mark.parametrize(
    "options, shares",
    [
        ({"connect_timeout": 30.0, "timeout": 180.0}, [10, 15, 30]),
        ({"connect_timeout": 180.0, "timeout": 30.0}, [10, 15, 30]),
    ],
)
def test_every_address_gets_its_share(monkeypatch, options, shares):
    """An address that swallows the connection leaves time for the next ones."""
    patience, sockets = [], []

    class Socket(socket.socket):
        def connect(self, address):
            sockets.append(self)
            patience.append(self.gettimeout())
            raise socket.timeout("timed out")

    monkeypatch.setattr(client.socket, "socket", Socket)
    resolve_to(monkeypatch, 1, 2, 3)
    exchange(DEBIT, "terminal.invalid", **options)
    assert patience == [pytest.approx(share, rel=0.1) for share in shares]
    assert all(each.fileno() == -1 for each in sockets)  # closed, not left behind


def test_most_telling_reason_of_several_addresses(monkeypatch, closed_port):
    """When one address refuses and another is deaf, the refusal is reported."""
    for order in (reversed, list):
        with deaf_port() as port:
            resolve_to(monkeypatch, *order([port, closed_port]))
            verdict = exchange(DEBIT, "terminal.invalid", connect_timeout=SHORT)
        check(verdict, "not_sent", "refused_connection")


def no_database():
    raise RuntimeError("could not write")


@pytest.mark.parametrize(
    "before_send, reason, error",
    [
        (lambda: False, "given_up", "the caller gave up before anything was sent"),
        (no_database, "database_error", "could not write"),
    ],
)
def test_caller_that_stops(before_send, reason, error):
    """When the caller says no, not one byte reaches the terminal."""
    with Terminal() as terminal:
        verdict = exchange(DEBIT, "127.0.0.1", terminal.port, before_send=before_send)
    check(verdict, "not_sent", reason)
    assert (terminal.received, verdict.error) == (b"", error)


@pytest.mark.parametrize("word", [None, True, 0])
def test_caller_that_goes_on(word):
    """Only False stops: a function that returns nothing lets the request go."""
    check(ask(says(APPROVAL), before_send=lambda: word)[0], "approved", "approved")


def test_caller_is_asked_after_the_connection(closed_port):
    """What cannot be connected is never announced as sent."""
    asked = []
    exchange(DEBIT, "127.0.0.1", closed_port, before_send=lambda: asked.append(1))
    assert asked == []


def test_caller_that_takes_all_the_time(monkeypatch):
    """When no time is left to hear an answer, nothing is sent."""
    clock = [0.0]
    monkeypatch.setattr(client, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    with Terminal() as terminal:
        verdict = exchange(
            DEBIT,
            "127.0.0.1",
            terminal.port,
            before_send=lambda: clock.__setitem__(0, 1000.0),
        )
    check(verdict, "not_sent", "given_up")
    assert terminal.received == b""


# From the first byte on: never not_sent


def test_reset_before_the_request():
    """A connection that breaks while the request is written leaves doubt."""
    connected = threading.Event()

    def script(connection):
        connected.wait(LONG)
        resets(connection)

    with Terminal(script, reads=False) as terminal:

        def before_send():
            connected.set()
            return terminal.done.wait(LONG)

        verdict = exchange(DEBIT, "127.0.0.1", terminal.port, before_send=before_send)
    check(verdict, "unknown", "connection_lost")


def test_terminal_that_reads_nothing(monkeypatch):
    """A request that cannot be written in time may be there in part."""

    class Socket(socket.socket):
        def sendall(self, data):
            raise socket.timeout("timed out")

    monkeypatch.setattr(client.socket, "socket", Socket)
    with Terminal() as terminal:
        verdict = exchange(DEBIT, "127.0.0.1", terminal.port)
    check(verdict, "unknown", "no_answer")


def test_reset_after_the_request():
    """A reset in place of an answer is unknown."""
    check(ask(resets)[0], "unknown", "connection_lost")


def test_close_before_the_answer():
    """An end of stream in place of an answer is unknown."""
    check(ask(None)[0], "unknown", "end_of_stream")


def test_close_within_the_answer():
    """An end of stream in the middle of a field is unknown."""
    check(ask(says(APPROVAL[:-1]))[0], "unknown", "end_of_stream")


def test_close_before_the_status():
    """An end of stream between two fields, before AE, is unknown."""
    check(ask(says(APPROVAL[:-7]))[0], "unknown", "status_missing")


def test_silence():
    """No answer until the deadline is unknown."""
    verdict, seconds = ask(says(stays=True), timeout=SHORT, quiet=0.01)
    check(verdict, "unknown", "no_answer")
    assert SHORT <= seconds < LONG


@pytest.mark.parametrize(
    "pieces, reason",
    [
        ([APPROVAL[:-1]], "timed_out"),
        ([APPROVAL, b"A"], "timed_out"),
        ([APPROVAL, b"AC006123"], "timed_out"),
        ([APPROVAL[:-7]], "status_missing"),
        ([APPROVAL, HEAD], "status_missing"),
        ([TAKEN], "only_taken_into_account"),
    ],
)
def test_silence_before_the_end_of_the_answer(pieces, reason):
    """In the middle of a field, or without a result, silence ends nothing early."""
    verdict, seconds = ask(
        says(b"".join(pieces), stays=True), timeout=SHORT, quiet=0.01
    )
    check(verdict, "unknown", reason)
    assert seconds >= SHORT


@pytest.mark.parametrize(
    "data, reason",
    [
        (b"HTTP/1.1 400\r\n", "broken_frame"),
        (b"\x05", "serial_protocol"),
        (APPROVAL + b"??", "broken_frame"),
    ],
)
def test_broken_frame_is_told_and_keeps_the_terminal(data, reason):
    """Somebody may still be typing a code: unknown at once, hung up at the deadline."""
    told = Told()

    def script(connection):
        connection.sendall(data)
        assert told.first.wait(LONG)
        wait_for_the_till(connection)

    verdict, seconds = ask(script, timeout=SHORT, quiet=0.01, on_result=told)
    check(verdict, "unknown", reason)
    check(told.verdicts[0], "unknown", reason)
    assert SHORT <= seconds < LONG


def test_clear_word_after_a_broken_frame():
    """What the terminal still says is read, up to its hanging up."""
    told = Told()

    def script(connection):
        connection.sendall(b"noise")
        told.first.wait(LONG)
        connection.sendall(APPROVAL)

    check(ask(script, on_result=told)[0], "approved", "approved")
    assert [verdict.outcome for verdict in told.verdicts] == ["unknown", "approved"]


def test_contradiction():
    """Two statuses that differ are unknown."""
    check(ask(says(APPROVAL + b"AE00201"))[0], "unknown", "conflicting_fields")


def test_huge_answer():
    """Of a terminal that never stops 64 kB are kept, and the rest is let go."""
    flood = HEAD + encode([("ZZ", "z" * 999)]) * (MAX_FRAME_BYTES // 500)
    verdict, _seconds = ask(says(flood))
    check(verdict, "unknown", "broken_frame")
    assert "65536 bytes" in verdict.error


def test_answer_that_drips_past_the_deadline(monkeypatch):
    """Bytes that keep coming do not put the deadline off."""
    clock = itertools.count()  # a second goes by each time the client looks
    monkeypatch.setattr(client, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    monkeypatch.setattr(client, "_RECEIVE_BYTES", 1)
    verdict, _seconds = ask(says(APPROVAL, stays=True), timeout=60.0)
    check(verdict, "unknown", "timed_out")


# The answer


@pytest.mark.parametrize(
    "data, outcome, reason",
    [
        (APPROVAL, "approved", "approved"),
        (APPROVAL + b"\r\n", "approved", "approved"),
        (REFUSAL, "refused", "cancelled"),
        (TAKEN + APPROVAL, "approved", "approved"),
        (TAKEN + b"\r\n" + REFUSAL + b"\r\n", "refused", "cancelled"),
        (APPROVAL + b"CF005\xe9t\xe9\r\n", "approved", "approved"),
        (APPROVAL.replace(b"CB003350", b"CB003300"), "approved", "partially_approved"),
        (APPROVAL.replace(b"CE003978", b"CE003953"), "unknown", "echo_mismatch"),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 7, 4096])
def test_answer_in_pieces(monkeypatch, data, outcome, reason, size):
    """However small the pieces that are read, the answer is the same."""
    monkeypatch.setattr(client, "_RECEIVE_BYTES", size)
    check(ask(says(data))[0], outcome, reason)


def test_answer_byte_by_byte():
    """A terminal that writes one byte at a time is understood."""
    pieces = [APPROVAL[i : i + 1] for i in range(len(APPROVAL))]
    check(ask(says(*pieces))[0], "approved", "approved")


@pytest.mark.parametrize("data", [APPROVAL, TAKEN + APPROVAL, APPROVAL + b"\r\n"])
def test_answer_left_open(data):
    """Silence after a whole answer ends it when the terminal does not close."""
    verdict, seconds = ask(says(data, stays=True), quiet=SHORT)
    check(verdict, "approved", "approved")
    assert SHORT <= seconds < LONG


def test_answer_just_before_the_deadline():
    """An answer that is whole counts, even when no time is left for the silence."""
    verdict, seconds = ask(says(APPROVAL, stays=True), timeout=SHORT)
    check(verdict, "approved", "approved")
    assert seconds < LONG


def test_answer_and_close():
    """The end of the stream ends an answer at once."""
    _verdict, seconds = ask(says(APPROVAL))
    assert seconds < LONG


class Told:
    """Takes what an exchange tells."""

    def __init__(self):
        self.verdicts = []
        self.first = threading.Event()

    def __call__(self, verdict):
        self.verdicts.append(verdict)
        self.first.set()


@pytest.mark.parametrize(
    "data, outcome", [(APPROVAL, "approved"), (REFUSAL, "refused")]
)
def test_outcome_is_told_while_the_terminal_stays(data, outcome):
    """The till knows before the terminal hangs up, or is quiet for long enough."""
    told = Told()

    def script(connection):
        connection.sendall(data)
        assert told.first.wait(LONG)

    verdict, _seconds = ask(script, on_result=told)
    assert [one.outcome for one in told.verdicts] == [verdict.outcome] == [outcome]


def test_details_after_the_outcome():
    """What comes after a whole result is added to it."""
    told = Told()

    def script(connection):
        connection.sendall(APPROVAL)
        told.first.wait(LONG)
        connection.sendall(b"AC006123456")

    verdict, _seconds = ask(script, on_result=told)
    assert (told.verdicts[0].authorisation, verdict.authorisation) == ("", "123456")


def test_status_in_a_piece_of_its_own():
    """AE=10 before what it is about is no result: the answer is read on (6.24)."""
    told = Told()

    def script(connection):
        connection.sendall(HEAD + b"AE00210")
        time.sleep(SHORT)  # the pause is what is tested: longer than the quiet time
        assert not told.verdicts
        connection.sendall(b"CA00201CB0070000350CD0010CE003978CC003001")

    verdict, _seconds = ask(script, quiet=SHORT / 4, on_result=told)
    check(verdict, "approved", "approved")
    assert verdict.application == "001"


def test_rest_of_a_field_that_does_not_come(monkeypatch):
    """Once the outcome is known nobody waits long for the rest of a detail."""
    monkeypatch.setattr(client, "_REST_PATIENCE", SHORT)
    told = Told()

    def script(connection):
        connection.sendall(APPROVAL)
        told.first.wait(LONG)
        connection.sendall(b"AC00612")
        wait_for_the_till(connection)

    verdict, seconds = ask(script, on_result=told)
    check(verdict, "approved", "approved")
    assert "value" in verdict.error
    assert seconds < LONG


def test_caller_that_fails_to_hear():
    """A caller that raises when it is told hears everything again at the end."""

    def on_result(verdict):
        raise RuntimeError("database away")

    check(ask(says(APPROVAL), on_result=on_result)[0], "approved", "approved")


def test_identification():
    """A probe is an exchange like any other."""
    request = Request("identification")
    verdict, _seconds = ask(says(HEAD + b"CA00201CD001IAE00210"), request)
    check(verdict, "approved", "approved")


def test_till_hangs_up_after_the_answer():
    """The connection is closed on return: the terminal is free again."""
    closed = threading.Event()

    def script(connection):
        connection.sendall(APPROVAL)
        wait_for_the_till(connection)
        closed.set()

    ask(script, quiet=0.01)
    assert closed.wait(LONG)


@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.one_of(st.binary(), st.binary().map(APPROVAL.__add__)))
def test_no_answer_raises(data):
    """Whatever a terminal sends, one of the outcomes comes back, never not_sent."""
    assert ask(says(data))[0].outcome in ("approved", "refused", "unknown")


# The package


def test_package_stands_alone():
    """The protocol needs nothing but the standard library, and no Odoo."""
    folder = os.path.dirname(os.path.dirname(caisse_ap.__file__))
    code = "import sys; sys.path.insert(0, sys.argv[1]); import caisse_ap"
    subprocess.run([sys.executable, "-I", "-S", "-c", code, folder], check=True)


def test_public_names():
    """Every name that is announced is there."""
    assert all(hasattr(caisse_ap, name) for name in caisse_ap.__all__)
