# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One till on the line: collects its request, then carries the answer."""

import asyncio
import socket
import struct
import time

from caisse_ap.frame import FrameError, FrameReader

from .ledger import Received
from .requests import has_all_fields

# A complete request may still be followed by optional fields in another segment.
QUIET_SECONDS = 0.02
# What a till gets to finish its request.
PATIENCE_SECONDS = 30.0
# SO_LINGER on, for zero seconds: closing sends RST instead of FIN.
RESET = struct.pack("ii", 1, 0)


class Connection(asyncio.Protocol):
    """Tells the terminal `connected`, `received` (once, at most) and `disconnected`.

    FrameReader bounds what a till can make us keep.
    """

    def __init__(self, terminal):
        self.gone = asyncio.get_event_loop().create_future()  # the till has hung up
        self._terminal = terminal
        self._reader = FrameReader()
        self._data = bytearray()
        self._arrived = (0.0, 0.0)
        self._transport = None
        self._timer = None
        self._complete = False
        self._left_open = False

    def connection_made(self, transport):
        self._transport = transport
        self._finish_in(PATIENCE_SECONDS)
        self._terminal.connected(self)

    def data_received(self, data):
        """Collect the request; what follows it is nobody's (protocol.md 1.2)."""
        if self._complete:
            return
        self._arrived = (time.monotonic(), time.time())
        self._data += data
        # When a hundred tills send at once, note all arrivals before reading any.
        asyncio.get_event_loop().call_soon(self._read, data)

    def _read(self, data):
        if self._complete:
            return
        try:
            self._reader.feed(data)
        except FrameError:
            self._finish(readable=False)
        else:
            self._finish_in(QUIET_SECONDS if self._may_end() else PATIENCE_SECONDS)

    def eof_received(self):
        """Keep our side open: what a late customer decides is still written."""
        self._lose_till()
        return not self._left_open

    def connection_lost(self, _error):
        self._lose_till()
        self._terminal.disconnected(self)

    def send(self, data):
        if not self._transport.is_closing():
            self._transport.write(data)

    def end(self, ending):
        """`ending`: close, reset, or open: the till must hang up."""
        endings = {"close": self.close, "reset": self.reset, "open": self._leave_open}
        endings[ending]()

    def close(self):
        self._transport.close()

    def reset(self):
        if not self._transport.is_closing():
            line = self._transport.get_extra_info("socket")
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self._transport.abort()

    def _leave_open(self):
        self._left_open = True
        if self.gone.done():
            self.close()

    def _lose_till(self):
        if not self.gone.done():
            self.gone.set_result(None)
        self._finish(self._may_end())

    def _may_end(self):
        return self._reader.at_boundary and has_all_fields(self._fields())

    def _finish_in(self, seconds):
        self._stop_timer()
        loop = asyncio.get_event_loop()
        self._timer = loop.call_later(seconds, self._time_out)

    def _time_out(self):
        self._finish(self._may_end())

    def _finish(self, readable):
        """Hand the request over, once. A till that sent nothing asked nothing."""
        self._stop_timer()
        if self._complete:
            return
        self._complete = True
        if self._data:
            readable = readable and len(self._reader.messages) == 1
            data, fields = bytes(self._data), self._fields()
            received = Received(data, fields, *self._arrived, readable=readable)
            self._terminal.received(self, received)
        else:
            self.close()

    def _stop_timer(self):
        self._timer = self._timer and self._timer.cancel()

    def _fields(self):
        return self._reader.messages[0] if self._reader.messages else {}
