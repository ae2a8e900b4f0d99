"""The exchanges with terminals that run in this process.

An exchange lasts as long as the customer needs, so it has a thread of its own and
holds no database cursor while it waits. What it finds goes to the transaction's row,
which is the only place other processes look at.

A lease in the row says that the process is alive: it is renewed here, for all exchanges
of the process in one statement. When the process dies the lease lapses and any other
process ends the transaction.
"""

import _thread
import logging
import threading
import time
from functools import partial

from psycopg2.errors import UndefinedTable
from psycopg2.extensions import TransactionRollbackError

from odoo.sql_db import db_connect

from .caisse_ap import exchange
from .environment import background_environment

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
# A request that recorded an exchange and neither commits nor rolls back is dead.
DECISION_SECONDS = 30.0
# A commit that took longer may come after the lease: another process has ended the row.
QUICK_COMMIT_SECONDS = 5.0

_changed = threading.Condition()
# (database, transaction id) of the exchanges that run, in the order they were started
_running = {}
_renewer = None


class Exchange:
    """An exchange that connects while the row is being committed.

    Not a byte leaves before :meth:`leave`, which is called after the commit.
    """

    def __init__(self, dbname, transaction_id, request, host, port, timeout):
        """
        :param str dbname: the database
        :param int transaction_id: its row, in state ``pending``
        :param caisse_ap.Request request: what to send
        :param str host: address of the terminal
        :param int port: port of the terminal
        :param float timeout: seconds for the whole exchange
        """
        self.key = (dbname, transaction_id)
        self._arguments = {
            "request": request,
            "host": host,
            "port": port,
            "timeout": timeout,
        }
        self._began = time.monotonic()
        self._connected = threading.Event()
        self._decided = threading.Event()
        self._is_recorded = False  # the row is committed
        self._is_marked = False  # ... and says already that it was sent
        self._left = threading.Event()  # the request was written, or never will be

    def begin(self):
        """Start to connect, in a thread of its own.

        :raise RuntimeError: no thread to be had
        """
        _register(self.key)
        try:
            _start_thread(self.run, ())
        except RuntimeError:
            _unregister(self.key)
            raise
        return self

    def is_connected(self, seconds):
        """Tell whether the connection stands, or will within this time (bool)."""
        return self._connected.wait(seconds)

    def leave(self, is_marked=False):
        """Let the request leave: its row is committed.

        Returns within HEAD_START_SECONDS.

        :param bool is_marked: the committed row says that the request was sent
        """
        is_quick = time.monotonic() - self._began < QUICK_COMMIT_SECONDS
        self._is_recorded, self._is_marked = True, is_marked and is_quick
        self._decided.set()
        self._left.wait(HEAD_START_SECONDS)

    def abandon(self):
        """Hang up without a byte: there is no row."""
        self._decided.set()

    def run(self):
        """Do the whole exchange in this thread."""
        threading.current_thread().dbname = self.key[0]  # for Odoo's log lines
        try:
            verdict = exchange(
                before_send=self._may_leave,
                on_result=lambda verdict: _write_result(self.key, verdict),
                **self._arguments,
            )
            self._left.set()
            self._decided.wait(DECISION_SECONDS)
            if self._is_recorded:
                reason = verdict.reason
                _logger.info("Caisse-AP: transaction %s: %s", self.key[1], reason)
                _write_until_done(self.key, verdict)
        finally:
            _unregister(self.key)

    def _may_leave(self):
        """Tell whether the request may be written: its row says so, committed."""
        self._connected.set()
        self._decided.wait(DECISION_SECONDS)
        may_leave = self._is_recorded and (
            self._is_marked or _write(self.key, lambda row: row._mark_sent())
        )
        # The bytes follow at once; who waits for them needs the processor after them.
        self._left.set()
        return may_leave


def run(*arguments):
    """Do an exchange here and now, for an inquiry that is answered at once.

    Takes the arguments of :class:`Exchange`; its row is committed.
    """
    now = Exchange(*arguments)
    _register(now.key)
    now.leave()
    now.run()


def _start_thread(function, arguments):
    """Start a thread that reserves little memory.

    The size of a stack is one setting of the whole process: it must not be another one
    while somebody else's thread starts. ``map`` calls functions of C in a row, and the
    interpreter turns to no other thread between them, as it does in Python code.

    Nothing waits for such a thread when the process ends; the one that renews leases is
    waited for, and lives as long as an exchange runs.

    :raise RuntimeError: no thread to be had
    """
    usual = threading.stack_size()
    calls = (
        partial(threading.stack_size, STACK_BYTES),
        partial(_thread.start_new_thread, function, arguments),
        partial(threading.stack_size, usual),
    )
    try:
        list(map(partial.__call__, calls))
    finally:
        threading.stack_size(usual)


def _write_result(key, verdict):
    """Write an outcome while its exchange goes on; the end of it writes it again."""
    try:
        _write(key, lambda row: row._record_result(verdict))
    except Exception:
        _logger.warning("Caisse-AP: a result waits to be written", exc_info=True)


def _write_until_done(key, verdict):
    """Write the terminal's word, however long the database is away."""
    began = time.monotonic()
    attempt = 0
    while True:
        try:
            return _write(key, lambda row: row._record_verdict(verdict))
        except Exception:
            is_gone = _is_gone(key)
            _logger.warning(
                "Caisse-AP: the result of transaction %s (%s, authorisation %s) "
                "could not be written, %s",
                key[1],
                verdict.outcome,
                verdict.authorisation or "-",
                "and its row is gone" if is_gone else "trying again",
                exc_info=attempt == 0,
            )
        if is_gone:
            return None
        stopping = not threading.main_thread().is_alive()
        if stopping and time.monotonic() - began > WRITE_PATIENCE_WHEN_STOPPING:
            return None
        wait = WRITE_RETRY_SECONDS[min(attempt, len(WRITE_RETRY_SECONDS) - 1)]
        threading.Event().wait(wait)
        attempt += 1


def _is_gone(key):
    """Tell whether a row will never be written: deleted, uninstalled or dropped."""
    dbname, transaction_id = key
    try:
        with db_connect("postgres").cursor() as cr:
            cr.execute("SELECT 1 FROM pg_database WHERE datname = %s", (dbname,))
            if not cr.fetchone():
                return True
        with background_environment(dbname) as env:
            return not env[TRANSACTION].browse(transaction_id).exists()
    except (KeyError, UndefinedTable):  # the module was uninstalled
        return True
    except Exception:  # the database is away: it will come back
        return False


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
        _running[key] = True
        if _renewer is None:
            _renewer = threading.Thread(
                target=_renew_leases, name="caisse-ap-leases", daemon=False
            )
            try:
                _renewer.start()
            except RuntimeError:
                _renewer = None
                del _running[key]
                raise


def _unregister(key):
    with _changed:
        del _running[key]
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
