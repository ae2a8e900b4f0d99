# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Listens for rings on Odoo's bus, outside of its workers.

A ring says nothing and is not trusted: it only makes the agent ask sooner. While the
bus cannot be reached the agent asks more often.
"""

import asyncio
import contextlib
import logging

import aiohttp

from .pauses import Pauses

_logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 30
# Odoo holds a long poll for 50 seconds.
POLL_SECONDS = 70
HELD_SECONDS = 1


class Doorbell:
    """`on_ring`: called without arguments. `is_connected`: whether rings would come."""

    def __init__(self, odoo, on_ring):
        self.is_connected = False
        self._odoo = odoo
        self._on_ring = on_ring
        self._bus = None
        self._task = None

    def follow(self, bus):
        """Listen where Odoo says: a dict of kind and channel."""
        if bus != self._bus:
            self.stop()
            self._bus = bus
            self._task = asyncio.ensure_future(self._listen_for_ever())

    def stop(self):
        self.is_connected = False
        if self._task:
            self._task.cancel()

    async def _listen_for_ever(self):
        listen = _KINDS.get(self._bus["kind"])
        pauses = Pauses()
        while listen:
            with contextlib.suppress(
                aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError, KeyError
            ):
                await listen(self, pauses)
            if self.is_connected:
                _logger.info("The bus is not reached any more: asking more often")
            self.is_connected = False
            self._on_ring()  # from now on it asks more often
            await pauses.wait()

    def _connected(self, pauses):
        pauses.reset()
        if not self.is_connected:
            _logger.info("Listening on the bus")
            self.is_connected = True
            # Something may have been rung for until now.
            self._on_ring()

    async def _listen_on_websocket(self, pauses):
        """Odoo from 16.0 on."""
        url = self._odoo.config.url + "/websocket"
        headers = {"Origin": self._odoo.config.url}
        async with self._odoo.session.ws_connect(
            url, headers=headers, heartbeat=HEARTBEAT_SECONDS
        ) as socket:
            data = {"channels": [self._bus["channel"]], "last": 0}
            await socket.send_json({"event_name": "subscribe", "data": data})
            self._connected(pauses)
            async for _message in socket:
                self._on_ring()

    async def _poll(self, pauses):
        """Odoo 14.0."""
        last = 0
        loop = asyncio.get_event_loop()
        url = self._odoo.config.url + "/longpolling/poll"
        timeout = aiohttp.ClientTimeout(total=POLL_SECONDS)
        while True:
            params = {"channels": [self._bus["channel"]], "last": last}
            # A poll that is held is one that would be answered by a ring.
            held = loop.call_later(HELD_SECONDS, self._connected, pauses)
            try:
                async with self._odoo.session.post(
                    url, json={"jsonrpc": "2.0", "params": params}, timeout=timeout
                ) as response:
                    told = (await response.json())["result"]
            finally:
                held.cancel()
            self._connected(pauses)
            if told:
                last = max(notification["id"] for notification in told)
                self._on_ring()


_KINDS = {
    "websocket": Doorbell._listen_on_websocket,
    "longpolling": Doorbell._poll,
}
