# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""An Odoo for tests: the routes of an agent, a bus, and rows in memory.

It keeps the rules of the addon's routes that an agent can meet; the addon's own tests
prove the real ones.
"""

import asyncio
import json
import threading
import time
import uuid
from collections import Counter

from aiohttp import WSMsgType, web

from caisse_ap_simulator.threaded import LoopThread

TOKEN = "token-of-the-agent"
CODE = "ABCD2345"


class FakeOdoo:
    """`rows`: what was given, by reference. `reports`: what came back, in order.

    `before_answer`: called with the route and the body before an answer leaves; it may
    raise ConnectionError to lose the answer. `status`: answer everything with it and
    `words`, and count in `turned_away`, by route. `database`: told by a claim, unless
    it is None. `takes_name`: whether a call may name it. `named`: what the calls did.
    `seconds`: what an answer takes. `most_at_once`: how many calls were served at a
    time, by route.
    """

    def __init__(self):
        self.rows = {}
        self.pending = []
        self.reports = []
        self.claims = []
        self.renewals = []
        self.bus_kind = "websocket"
        self.waits = {"heartbeat": 60, "poll": 60}
        self.status, self.words, self.turned_away = None, "{}", Counter()
        self.database, self.takes_name, self.named = "shop", True, []
        self.before_answer = lambda route, body: None
        self.seconds = 0
        self.serving, self.most_at_once = Counter(), Counter()
        self.listeners = set()
        self.changed = threading.Condition()
        self._thread = LoopThread()
        self._runner = None
        self.port = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        self._thread.run(self._open())
        return self

    def __exit__(self, *_error):
        self._thread.run(self._close())
        self._thread.stop()

    async def _open(self):
        application = web.Application()
        application.router.add_post("/fr_caisse_ap_ip/agent/{route}", self._serve)
        application.router.add_get("/websocket", self._websocket)
        self._runner = web.AppRunner(application, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _close(self):
        for socket in list(self.listeners):
            await socket.close()
        await self._runner.cleanup()

    def unplug(self):
        """The network between the agent and Odoo is gone."""
        self._thread.run(self._close())

    def plug(self):
        self._thread.run(self._open())

    def give(self, terminal="counter", **request):
        """Have a payment wait for the agent, and ring. Return its reference."""
        reference = uuid.uuid4().hex
        asked = {"operation": "debit", "amount_cents": 1234, "currency": "978"}
        given = {
            "reference": reference,
            "terminal": terminal,
            "request": dict(asked, **request),
            "timeout": 20,
        }
        with self.changed:
            self.pending.append(given)
        self.ring()
        return reference

    def ring(self):
        async def ring():
            for socket in list(self.listeners):
                await socket.send_json([{"id": 1, "message": {"type": "ring"}}])

        self._thread.run(ring())

    def wait_for(self, condition, seconds=10.0):
        """Wait for what this server or the agent's log says; AssertionError else."""
        end = time.monotonic() + seconds
        with self.changed:
            while not condition():
                assert time.monotonic() < end, vars(self)
                self.changed.wait(0.05)

    def report_on(self, reference):
        """Return the last report on a reference, once there is a final one."""

        def final():
            return [
                each
                for each in self.reports
                if each["reference"] == reference and each["is_final"]
            ]

        self.wait_for(final)
        return final()[-1]

    async def _serve(self, request):
        route, body = request.match_info["route"], json.loads(await request.text())
        if self.status:
            with self.changed:
                self.turned_away[route] += 1
            return web.Response(status=self.status, text=self.words)
        name = request.headers.get("X-Odoo-Database")
        self.named.append(name)
        if name and not self.takes_name:
            return web.Response(status=404, text="<h1>Not Found</h1>")
        if route == "pair":
            right = body["code"] == CODE
            told = {"name": "Shop", "token": TOKEN, "database": "shop"}
            refused = {"error": "wrong_code"}
            return web.json_response(
                told if right else refused, status=200 if right else 403
            )
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"error": "unknown_token"}, status=401)
        with self.changed:
            told = getattr(self, f"_{route}")(body)
            self.changed.notify_all()
        await self._take_time(route)
        try:
            self.before_answer(route, body)
        except ConnectionError:
            request.transport.abort()
        return web.json_response(told)

    async def _take_time(self, route):
        self.serving[route] += 1
        self.most_at_once[route] = max(self.most_at_once[route], self.serving[route])
        await asyncio.sleep(self.seconds)
        self.serving[route] -= 1

    def _claim(self, body):
        self.claims.append(body)
        given, self.pending = self.pending, []
        self.rows.update((each["reference"], each) for each in given)
        told = {
            "requests": given,
            "waits": self.waits,
            "bus": {"kind": self.bus_kind, "channel": "channel"},
            "clock_difference": 0,
            "second_program": False,
        }
        return told if self.database is None else dict(told, database=self.database)

    def _renew(self, body):
        self.renewals.append(body["references"])
        return {"name": "Shop"}

    def _result(self, body):
        self.reports.append(body)
        return {}

    async def _websocket(self, request):
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                with self.changed:
                    self.listeners.add(socket)
                    self.changed.notify_all()
        self.listeners.discard(socket)
        return socket


class RunningAgent:
    """An agent in a thread; `stop()` ends it as SIGTERM does."""

    def __init__(self, config):
        from caisse_ap_agent.agent import Agent
        from caisse_ap_agent.exchange_log import ExchangeLog
        from caisse_ap_agent.odoo import Odoo

        self._thread = LoopThread()
        self.log = ExchangeLog(config.folder)

        async def run():
            self.stopped = asyncio.Event()
            self._ready.set()
            async with Odoo(config) as odoo:
                self.agent = Agent(config, self.log, odoo)
                await self.agent.run(self.stopped)

        self._ready = threading.Event()
        self._future = asyncio.run_coroutine_threadsafe(run(), self._thread.loop)
        assert self._ready.wait(10)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.stop()

    def stop(self, seconds=20):
        if self._thread:
            self._thread.loop.call_soon_threadsafe(self.stopped.set)
            self._future.result(seconds)
            self.log.close()
            self._thread.stop()
            self._thread = None
