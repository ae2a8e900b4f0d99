# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The simulated terminal: a TCP server on asyncio, one transaction at a time.

    till connects -> Connection collects one request -> Terminal decides (a customer,
    or the terminal by itself) -> ledger -> the answer, piece by piece

A till that hangs up stops nothing: the customer can still pay (protocol.md section 7),
and then the ledger says that the answer was not delivered.
Everything here runs in one event loop; `threaded` gives it a thread.
"""

import asyncio
import contextlib
import logging
import time
from collections import deque
from itertools import count
from typing import List, NamedTuple

from caisse_ap.frame import encode

from .answers import compose
from .connection import Connection
from .customer import Customer
from .ledger import Entry, Ledger
from .requests import fault
from .scenarios import (
    ACCEPT_BY_APPLICATION,
    APPROVED,
    MAGIC_CENTS,
    REPLIES,
    Scenario,
    find,
)

_logger = logging.getLogger(__name__)

CURRENCIES = ("978", "953")
# Connections the system holds for us while the loop is busy: a shop full of tills.
BACKLOG = 2048


class Plan(NamedTuple):
    """What a customer is about to do, and the frames that will tell it."""

    entry: Entry
    scenario: Scenario
    frames: List[bytes]

    async def write(self, connection):
        pieces = self.scenario.pieces(self.frames)
        for number, piece in enumerate(pieces):
            if number:
                await asyncio.sleep(self.scenario.pause)
            connection.send(piece)
            self.entry.sent += piece
            self.entry.request.answered = time.monotonic()
        answer = b"".join(self.frames)
        whole = answer and b"".join(pieces).startswith(answer)
        self.entry.delivered = bool(whole) and not connection.gone.done()


class Terminal:
    """A terminal, its ledger, and what its next customers will do.

    `scenario`: what every customer does, unless `play` queued something else.
    `port`: 0 takes a free one. `delay`: seconds a customer takes. `busy`: the scenario
    for a till that calls during a transaction: busy, silence, close_before,
    reset_before. `currencies`: ISO 4217 numbers the terminal takes.
    Raise ValueError for an unknown scenario.
    """

    def __init__(
        self,
        scenario="accept",
        host="127.0.0.1",
        port=0,
        delay=0.0,
        busy="busy",
        currencies=CURRENCIES,
    ):
        self.host = host
        self.port = port
        self.currencies = currencies
        self.ledger = Ledger()
        self.requests = []
        self.current = None  # the request the customer is busy with
        self.playing = ""  # the scenario that was chosen for it
        self._scenario = self._busy = ""
        self._delay = 0.0
        self._queue = deque()
        self._observers = []
        self._connections = set()
        self._tasks = set()
        self._server = None
        self._customer = Customer()
        self._authorisations = count(100001)
        self._last = None  # the entry a duplicate repeats
        self.scenario = scenario
        self.busy = busy
        self.delay = delay

    @property
    def name(self):
        return f"{self.host}:{self.port}"

    @property
    def scenario(self):
        return self._scenario

    @scenario.setter
    def scenario(self, name):
        find(name)
        self._scenario = name
        self._changed("configured")

    @property
    def busy(self):
        return self._busy

    @busy.setter
    def busy(self, name):
        if find(name).decision == APPROVED:
            raise ValueError(f"a busy terminal takes no money: {name!r}")
        self._busy = name
        self._changed("configured")

    @property
    def delay(self):
        return self._delay

    @delay.setter
    def delay(self, seconds):
        if not 0 <= seconds < 1e6:
            raise ValueError(f"not a delay in seconds: {seconds!r}")
        self._delay = seconds
        self._changed("configured")

    def play(self, *names):
        """Queue scenarios for the next payments, one each, before `scenario`."""
        for name in names:
            find(name)
        self._queue.extend(names)
        self._changed("configured")

    def forget(self):
        """Empty the queue."""
        self._queue.clear()
        self._changed("configured")

    def tap(self, name="accept"):
        """The customer does `name` now. Return False if no payment waits for one."""
        find(name)
        return self._customer.tell(name)

    def observe(self, callback):
        """Call `callback(terminal, event, subject)` at every change.

        Return a function that ends it.

        Events: open, closed, configured, idle (subject None), request and waiting
        (a Received), decided and answered (an Entry). Called in the thread that
        makes the change, which is the event loop's for all but `configured`.
        """
        self._observers.append(callback)
        return lambda: self._observers.remove(callback)

    def state(self):
        """Plain values that describe the terminal now, for a page or a test."""
        return {
            "terminal": self.name,
            "scenario": self.scenario,
            "busy": self.busy,
            "queue": list(self._queue),
            "delay": self.delay,
            "request": self.current and self.current.fields,
            "playing": self.playing,
            "entries": len(self.ledger),
            "totals": self.ledger.totals(),
        }

    async def open(self):
        """Listen. Raise OSError when the port is taken."""
        loop = asyncio.get_event_loop()
        self._server = await loop.create_server(
            lambda: Connection(self),
            self.host,
            self.port,
            backlog=BACKLOG,
        )
        self.port = self._server.sockets[0].getsockname()[1]
        self._changed("open")

    async def close(self):
        """Switch off: tills lose their connection, customers go, nothing is left."""
        server, self._server = self._server, None
        await _stop_listening(server)
        for connection in list(self._connections):
            connection.reset()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await server.wait_closed()
        self._changed("closed")

    def connected(self, connection):
        """A till is on the line (called by Connection, as are the next two)."""
        self._connections.add(connection)
        if self._server is None:  # it came while we were closing
            connection.reset()

    def disconnected(self, connection):
        self._connections.discard(connection)

    def received(self, connection, request):
        if self._server is None:
            return
        self.requests.append(request)
        self._changed("request", request)
        self._spawn(self._serve(connection, request))

    async def _serve(self, connection, request):
        reply = self._own_reply(request)
        if reply:
            await self._answer(connection, self._prepare(request, *reply))
        else:
            await self._transact(connection, request)

    def _own_reply(self, request):
        """Return the (name, Scenario) that needs no customer, or None."""
        name = fault(request, self.currencies)
        if not name and request.operation == "identification":
            name = "identification"
        if not name and self.current:
            return self.busy, find(self.busy)
        if not name and request.operation == "duplicate":
            name = self._duplicate()
        return (name, REPLIES[name]) if name else None

    def _duplicate(self):
        """The reply of a terminal asked to repeat its last result (protocol.md 5.4)."""
        if self._last is None:
            return "duplicate_impossible"
        return "duplicate" if self._last.moved_cents else "duplicate_failed"

    async def _transact(self, connection, request):
        """Prepare the answer while the customer takes his time: it must not wait."""
        self.current, self.playing = request, self._next()
        try:
            reply = self._customer_reply(request, self.playing)
            planned = self._prepare(request, *reply)
            self._changed("waiting", request)
            told = await self._customer.act(request, connection, reply[1], self.delay)
            if told:
                reply = self._customer_reply(request, told)
                planned = self._prepare(request, *reply)
            self._last = planned.entry
            await self._answer(connection, planned)
        finally:
            self.current, self.playing = None, ""
            self._changed("idle")

    def _next(self):
        return self._queue.popleft() if self._queue else self.scenario

    @staticmethod
    def _customer_reply(request, name):
        """Return the (name, Scenario) behind a name that may stand for others."""
        if name == "amounts":
            name = MAGIC_CENTS.get(request.fields["CB"][-2:], "accept")
        if name == "accept":
            name = ACCEPT_BY_APPLICATION.get(request.fields.get("CC"), name)
        return name, find(name)

    def _prepare(self, request, name, scenario):
        approved = scenario.decision == APPROVED
        entry = Entry(
            terminal=self.name,
            request=request,
            scenario=name,
            decision=scenario.decision,
            moved_cents=scenario.moved_cents(request.asked_cents),
            authorisation=f"{next(self._authorisations):06d}" if approved else "",
        )
        messages = compose(entry, scenario, self._last)
        entry.answer = dict(messages[-1])
        return Plan(entry, scenario, [encode(fields) for fields in messages])

    async def _answer(self, connection, plan):
        """Write the decision down, and only then let the first byte of it leave."""
        self.ledger.add(plan.entry)
        self._changed("decided", plan.entry)
        await plan.write(connection)
        connection.end(plan.scenario.ending)
        self._changed("answered", plan.entry)

    def _spawn(self, coroutine):
        task = asyncio.get_event_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _changed(self, event, subject=None):
        for callback in list(self._observers):
            try:
                callback(self, event, subject)
            except Exception:  # a broken onlooker must not cost anybody a payment
                _logger.exception("An observer of terminal %s failed", self.name)


async def _stop_listening(server):
    """Close a server, and let the tills that it is just accepting arrive first.

    asyncio accepts in two steps; a socket between them would be lost, and stay open.
    """
    loop = asyncio.get_event_loop()
    with contextlib.suppress(NotImplementedError):  # Windows has no readers to remove
        for listener in server.sockets:
            loop.remove_reader(listener)
    for _step in range(2):
        await asyncio.sleep(0)
    server.close()
