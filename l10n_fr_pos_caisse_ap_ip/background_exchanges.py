"""The exchanges with terminals that run in this process.

An exchange lasts as long as the customer needs, so it has a thread of its own and
holds no database cursor while it waits. What it finds goes to the transaction's row,
which is the only place other processes look at.

A lease in the row says that the process is alive: it is renewed here, for all exchanges
of the process in one statement. When the process dies the lease lapses and any other
process ends the transaction.
"""

import logging
import threading
import time

from psycopg2.extensions import TransactionRollbackError

from .caisse_ap import exchange
from .compat import background_environment

_logger = logging.getLogger(__name__)

TRANSACTION = "fr.caisse.ap.ip.transaction"
RENEW_SECONDS = 4.0
# Waits between two attempts to write a result: quick at first, then patient.
WRITE_RETRY_SECONDS = (0.1, 0.5, 1, 2, 5)
# PostgreSQL refuses one of two writers that meet on a row; the next try succeeds.
CONFLICT_TRIES = 5
# A server that is stopping waits for its exchanges; it must not wait for ever for a
# database that does not come back.
WRITE_PATIENCE_WHEN_STOPPING = 60.0

# Odoo recycles a worker by the memory it reserves, used or not, and a thread reserves
# 8 MB for its stack unless told otherwise: a worker in which a hundred customers wait
# was recycled for it. This thread waits, and writes one row.
STACK_BYTES = 2**20

# The terminal is more urgent than the page, and Python runs one thread at a time: who
# starts an exchange lets it go ahead, but waits for no terminal slow to connect.
HEAD_START_SECONDS = 0.05

_changed = threading.Condition()
# (database, transaction id) -> Event, set once the request leaves or never will; in the
# order they were started
_running = {}
_renewer = None


def start(dbname, transaction_id, request, host, port, timeout):
    """Begin an exchange and return, within HEAD_START_SECONDS.

    The row must be committed: the thread reads it.

    :param str dbname: the database
    :param int transaction_id: its row, in state ``pending``
    :param caisse_ap.Request request: what to send
    :param str host: address of the terminal
    :param int port: port of the terminal
    :param float timeout: seconds for the whole exchange
    """
    key = (dbname, transaction_id)
    try:
        leaves = _register(key)
        # A request of a prefork worker runs in a daemon thread, and threads inherit
        # that: a daemon thread would die with the worker, answer unread.
        _start_small(
            threading.Thread(
                target=_run,
                args=(key, request, host, port, timeout),
                name=f"caisse-ap-{transaction_id}",
                daemon=False,
            )
        )
        leaves.wait(HEAD_START_SECONDS)
    except RuntimeError:  # no thread to be had: nothing was sent, the row says so
        _logger.exception("Caisse-AP: no thread for transaction %s", transaction_id)
        _unregister(key)
        _write(key, lambda row: row._record_not_started())


def _start_small(thread):
    """Start a thread that reserves little memory."""
    usual = threading.stack_size(STACK_BYTES)
    try:
        thread.start()
    finally:
        threading.stack_size(usual)


def run(dbname, transaction_id, request, host, port, timeout):
    """Do an exchange here and now, for an inquiry that is answered at once.

    Takes the arguments of :func:`start`.
    """
    key = (dbname, transaction_id)
    _register(key)
    _run(key, request, host, port, timeout)


def _run(key, request, host, port, timeout):
    threading.current_thread().dbname = key[0]  # for Odoo's log lines
    try:
        verdict = exchange(
            request, host, port, timeout=timeout, before_send=lambda: _mark_sent(key)
        )
        _logger.info("Caisse-AP: transaction %s: %s", key[1], verdict.reason)
        _write_until_done(key, verdict)
    finally:
        _unregister(key)


def _mark_sent(key):
    """Record that a byte is about to leave; False when it must not any more."""
    may_leave = _write(key, lambda row: row._mark_sent())
    _running[key].set()
    return may_leave


def _write_until_done(key, verdict):
    """Write the terminal's word, however long the database is away."""
    began = time.monotonic()
    attempt = 0
    while True:
        try:
            return _write(key, lambda row: row._record_verdict(verdict))
        except Exception:
            _logger.warning(
                "Caisse-AP: the result of transaction %s (%s, authorisation %s) "
                "could not be written, trying again",
                key[1],
                verdict.outcome,
                verdict.authorisation or "-",
                exc_info=attempt == 0,
            )
        stopping = not threading.main_thread().is_alive()
        if stopping and time.monotonic() - began > WRITE_PATIENCE_WHEN_STOPPING:
            return None
        wait = WRITE_RETRY_SECONDS[min(attempt, len(WRITE_RETRY_SECONDS) - 1)]
        threading.Event().wait(wait)
        attempt += 1


def _write(key, write):
    """Do something with the row of an exchange.

    :param function write: takes the record
    """
    dbname, transaction_id = key
    return _with_rows(dbname, [transaction_id], write)


def _with_rows(dbname, ids, write):
    """Do something with rows in a short database transaction of its own."""
    for tries_left in reversed(range(CONFLICT_TRIES)):
        try:
            with background_environment(dbname) as env:
                return write(env[TRANSACTION].browse(ids))
        except TransactionRollbackError:
            if not tries_left:
                raise


def _register(key):
    global _renewer
    with _changed:
        leaves = _running[key] = threading.Event()
        if _renewer is None:
            _renewer = threading.Thread(
                target=_renew_leases, name="caisse-ap-leases", daemon=False
            )
            try:
                _renewer.start()
            except RuntimeError:
                _renewer = None
                raise
    return leaves


def _unregister(key):
    with _changed:
        _running.pop(key).set()
        _changed.notify_all()


def _renew_leases():
    """Keep the leases of all running exchanges alive, until none runs."""
    global _renewer
    while True:
        with _changed:
            _changed.wait_for(lambda: not _running, timeout=RENEW_SECONDS)
            if not _running:
                _renewer = None
                return
            ids_by_database = {}
            for dbname, transaction_id in _running:
                ids_by_database.setdefault(dbname, []).append(transaction_id)
        for dbname, ids in ids_by_database.items():
            _renew_leases_of(dbname, ids)


def _renew_leases_of(dbname, ids):
    try:
        _with_rows(dbname, ids, lambda rows: rows._renew_leases())
    except Exception:  # the next round is soon enough: a lease outlives three
        _logger.warning("Caisse-AP: leases not renewed", exc_info=True)
