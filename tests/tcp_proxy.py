# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A TCP proxy between two programs, whose connections can be cut.

Till and Odoo, Odoo and PostgreSQL: each talks through one, so that a fault comes at
the very byte that a row of the matrix names.
"""

import asyncio

from caisse_ap_simulator.threaded import LoopThread

CHUNK = 65536


class TcpProxy:
    """Listens on a port of this machine and passes on what it hears.

    ``target``: where to, a port of 127.0.0.1 or the path of a socket; it may change.
    """

    def __init__(self, target):
        self.target = target
        self.port = None
        self.cuts = 0  # how many connections were cut as planned
        self._planned = None  # (side, text, how many more)
        self._is_down = False
        self._writers = set()
        self._gates = set()  # of the connections: what an answer passes
        self._thread = LoopThread()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def sockets(self):
        return self._server.sockets

    def __enter__(self):
        self._server = self._thread.run(asyncio.start_server(self._serve, "127.0.0.1"))
        self.port = self.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_error):
        self.down()
        self._server.close()
        self._thread.stop()

    def cut(self, side, text, times=1):
        """Cut the next connections whose request holds a text.

        ``side``: "request", before it is passed on; or "answer", when the other end
        has done it and its answer is on the way back.
        """
        self.cuts = 0
        self._planned = (side, text.encode(), times)

    def hold(self):
        """Keep the answers to the connections that stand, until ``release``."""
        self._thread.run(self._set_gates(asyncio.Event.clear))

    def release(self):
        self._thread.run(self._set_gates(asyncio.Event.set))

    async def _set_gates(self, change):
        for gate in self._gates:
            change(gate)

    def down(self):
        """Cut all connections, and every new one until ``up``."""
        self._is_down = True
        self.drop()

    def up(self):
        self._is_down = False

    def drop(self):
        """Cut the connections that stand; new ones may come."""
        self._thread.run(self._drop())

    def repair(self):
        """Forget all cuts."""
        self._planned = None
        self.up()

    async def _drop(self):
        for writer in list(self._writers):
            writer.transport.abort()

    async def _serve(self, reader, writer):
        self._writers.add(writer)
        try:
            if not self._is_down:
                await self._connect(reader, writer)
        except OSError:
            pass  # the other end is away: so is this one
        finally:
            self._writers.discard(writer)
            if not writer.is_closing():
                writer.transport.abort()

    async def _connect(self, reader, writer):
        if isinstance(self.target, int):
            opened = asyncio.open_connection("127.0.0.1", self.target)
        else:
            opened = asyncio.open_unix_connection(str(self.target))
        far_reader, far_writer = await opened
        doomed = asyncio.Event()  # the answer of this connection is not to arrive
        gate = asyncio.Event()
        gate.set()
        self._gates.add(gate)
        try:
            await asyncio.gather(
                self._requests(reader, far_writer, doomed),
                self._answers(far_reader, writer, doomed, gate),
            )
        finally:
            self._gates.discard(gate)
            far_writer.transport.abort()

    async def _requests(self, reader, far_writer, doomed):
        while True:
            data = await reader.read(CHUNK)
            if not data:
                break
            side = self._planned_for(data)
            if side == "request":
                raise ConnectionAbortedError
            if side == "answer":
                doomed.set()
            far_writer.write(data)
            await far_writer.drain()
        if far_writer.can_write_eof():
            far_writer.write_eof()

    async def _answers(self, far_reader, writer, doomed, gate):
        while True:
            data = await far_reader.read(CHUNK)
            await gate.wait()
            if doomed.is_set():
                raise ConnectionAbortedError
            if not data:
                break
            writer.write(data)
            await writer.drain()
        self._writers.discard(writer)
        writer.close()  # once a slow reader has all of it

    def _planned_for(self, data):
        """Return the side on which the connection of this request is cut, or None."""
        if not self._planned or self._planned[1] not in data:
            return None
        side, text, left = self._planned
        self._planned = (side, text, left - 1) if left > 1 else None
        self.cuts += 1
        return side
