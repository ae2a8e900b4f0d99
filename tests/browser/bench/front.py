# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What stands before a hosted Odoo: connections stay open, the bus has its own port."""

import asyncio
import contextlib

import aiohttp
from aiohttp import web

from caisse_ap_simulator.threaded import LoopThread

BUS_PATHS = ("/websocket", "/longpolling/poll")
KEPT_SECONDS = 75
PASSED_ON = "Authorization Content-Type Cookie Origin X-Odoo-Database".split()
PASSED_BACK = ("Content-Type", "Set-Cookie")


class Front:
    """Passes on HTTP and websockets, in a ``with`` statement.

    ``port`` and ``bus_port``: of the server on this machine; no bus where it is None.
    """

    def __init__(self, port, bus_port):
        self.port, self.bus_port = port, bus_port
        self.address = None

    def __enter__(self):
        self._thread = LoopThread()
        self._thread.run(self._open())
        return self

    def __exit__(self, *_error):
        self._thread.run(self._close())
        self._thread.stop()

    async def _open(self):
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(None)
        )
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._pass_on)
        self._runner = web.AppRunner(
            application, keepalive_timeout=KEPT_SECONDS, shutdown_timeout=0.1
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = self._runner.addresses[0]

    async def _close(self):
        await self._session.close()
        await self._runner.cleanup()

    async def _pass_on(self, request):
        is_bus = request.path in BUS_PATHS
        port = self.bus_port if is_bus else self.port
        if not port:
            return web.Response(status=503)
        url = f"http://127.0.0.1:{port}{request.path_qs}"
        headers = chosen(request.headers, PASSED_ON)
        if "Upgrade" in request.headers:
            return await self._join(request, url, headers)
        asked = {"headers": headers, "data": await request.read()}
        async with self._session.request(request.method, url, **asked) as answer:
            return web.Response(
                status=answer.status,
                body=await answer.read(),
                headers=chosen(answer.headers, PASSED_BACK),
            )

    async def _join(self, request, url, headers):
        near = web.WebSocketResponse()
        await near.prepare(request)
        async with self._session.ws_connect(url, headers=headers) as far:
            ways = [self._copy(near, far), self._copy(far, near)]
            tasks = [asyncio.ensure_future(way) for way in ways]
            with contextlib.suppress(ConnectionError):
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
        return near

    async def _copy(self, source, target):
        async for message in source:
            if message.type == aiohttp.WSMsgType.TEXT:
                await target.send_str(message.data)
            elif message.type == aiohttp.WSMsgType.BINARY:
                await target.send_bytes(message.data)


def chosen(headers, names):
    """Return those headers (dict) that are there."""
    return {name: headers[name] for name in names if name in headers}
