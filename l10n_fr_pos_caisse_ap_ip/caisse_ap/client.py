# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One exchange with a terminal over TCP, under one deadline (protocol.md section 1).

What divides the outcomes is the first byte: before it everything that fails is
not_sent, from it on unknown, because the customer may be paying.
"""

import contextlib
import errno
import queue
import socket
import threading
import time

from .answer import AnswerReader
from .operation import Verdict

_RECEIVE_BYTES = 4096
# How long (seconds) the rest of a field may take once the outcome is known: the
# terminal is held for it, and another customer may be waiting.
_REST_PATIENCE = 5.0
_NO_ROUTE = (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN)

# The reasons for not_sent, the most telling first: when several addresses of one name
# fail, the first of these is the one to report.
_REASONS = (
    ("refused_connection", lambda error: isinstance(error, ConnectionRefusedError)),
    ("name_not_found", lambda error: isinstance(error, (socket.gaierror, ValueError))),
    # two classes before Python 3.10
    (
        "connect_timeout",
        lambda error: isinstance(error, (socket.timeout, TimeoutError)),
    ),
    ("no_route", lambda error: error.errno in _NO_ROUTE),
    ("network_error", lambda error: True),
)


def exchange(
    request,
    host,
    port=8888,
    timeout=180.0,
    connect_timeout=10.0,
    before_send=None,
    quiet=0.5,
    on_result=None,
):
    """Send a Request to the terminal and return the Verdict on what came back.

    Returns when the terminal hangs up, when it is quiet after a whole result, or when
    the time is over. Until then the terminal is taken: after a broken frame too,
    because somebody may still be typing a code.

    :param Request request: what to ask
    :param str host: name or address
    :param int port: 1 to 65535
    :param float timeout: seconds for everything
    :param float connect_timeout: seconds for the name and the connection
    :param before_send: function called once the connection stands and before the first
        byte: when it raises or returns False nothing is sent
    :param float quiet: seconds of silence that end a whole answer when the terminal
        does not close
    :param on_result: function of the Verdict, called as soon as the outcome can be
        told, and again when an unknown one becomes approved. The Verdict returned adds
        details, and says of what the terminal has contradicted itself since.
    :return: Verdict; nothing is raised for what the network or the terminal does
    :raise ValueError: the port is not within 1 to 65535
    """
    if not 0 < port < 65536:
        raise ValueError("the port is not within 1 to 65535")
    deadline = _Deadline(timeout)
    try:
        connection = _connect(host, port, _Deadline(min(connect_timeout, timeout)))
    except (OSError, ValueError) as error:
        return _not_sent(_reason(error), error)
    with connection:
        answer = AnswerReader(request, _safely(on_result))
        return _stopped(before_send, deadline) or answer.close(
            _talk(connection, request.encode(), answer, deadline, quiet)
        )


class _Deadline:
    """One end for many waits."""

    def __init__(self, seconds):
        self._end = time.monotonic() + seconds

    @property
    def over(self):
        return time.monotonic() >= self._end

    def left(self):
        """Return the seconds that are left, never zero: to a socket that means none."""
        return max(0.001, self._end - time.monotonic())


def _connect(host, port, deadline):
    """Return a connected socket; every address gets a fair share of the time."""
    addresses = _resolve(host, port, deadline)
    errors = []
    for untried, address in zip(range(len(addresses), 0, -1), addresses):
        try:
            return _open(address, deadline.left() / untried)
        except OSError as error:
            errors.append(error)
    raise min(errors, key=_rank)


def _open(address, seconds):
    family, kind, protocol, _name, place = address
    connection = socket.socket(family, kind, protocol)
    try:
        connection.settimeout(seconds)
        connection.connect(place)
    except OSError:
        connection.close()
        raise
    return connection


def _resolve(host, port, deadline):
    """Return what getaddrinfo says.

    Of a name it knows no time-out and cannot be interrupted, so it runs in a daemon
    thread that is left alone when it takes too long.
    """
    with contextlib.suppress(OSError, ValueError):  # an address is what it says
        return socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST
        )
    answers = queue.Queue()
    threading.Thread(target=_look_up, args=(host, port, answers), daemon=True).start()
    try:
        found = answers.get(timeout=deadline.left())
    except queue.Empty:
        raise socket.timeout("the name was not resolved in time") from None
    if isinstance(found, Exception):
        raise found
    return found


def _look_up(host, port, answers):
    try:
        answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except (OSError, ValueError) as error:  # ValueError: a name that IDNA rejects
        answers.put(error)


def _rank(error):
    return next(rank for rank, (_, fits) in enumerate(_REASONS) if fits(error))


def _reason(error):
    return _REASONS[_rank(error)][0]


def _not_sent(reason, error):
    return Verdict("not_sent", reason, error=str(error))


def _stopped(before_send, deadline):
    """Return the Verdict that forbids to send, or None."""
    try:
        allowed = before_send() if before_send else True
    except Exception as error:  # whatever it is, the caller did not record the payment
        return _not_sent("database_error", error)
    if allowed is False:
        return _not_sent("given_up", "the caller gave up before anything was sent")
    if deadline.over:
        return _not_sent("given_up", "no time was left to send anything")
    return None


def _safely(on_result):
    """Return a function that never raises: the Verdict returned tells it all again."""

    def tell(verdict):
        with contextlib.suppress(Exception):
            on_result(verdict)

    return on_result and tell


def _talk(connection, data, answer, deadline, quiet):
    """Send, read up to the end of the answer, and return how it ended."""
    try:
        connection.settimeout(deadline.left())
        connection.sendall(data)
        return _read(connection, answer, deadline, quiet)
    except socket.timeout:
        return "timed_out"
    except OSError:
        return "connection_lost"


def _read(connection, answer, deadline, quiet):
    """A frame announces no end: silence ends a whole answer (protocol.md 1.5)."""
    while not deadline.over:
        connection.settimeout(_patience(answer, deadline, quiet))
        try:
            data = connection.recv(_RECEIVE_BYTES)
        except socket.timeout:
            return "quiet" if answer.may_end else "timed_out"
        if not data:
            return "end_of_stream"
        answer.feed(data)
    return "timed_out"


def _patience(answer, deadline, quiet):
    """Return how many seconds the next bytes may take."""
    if answer.may_end:
        return min(quiet, deadline.left())
    if answer.is_known:
        return min(_REST_PATIENCE, deadline.left())
    return deadline.left()
