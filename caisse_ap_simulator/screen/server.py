# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Serves the page, tells it every change, and carries out what it asks for.

terminal changes -> Face -> every Visitor wakes up -> the parts that changed, as JSON
{"card": "contact"} from a page -> COMMANDS -> Face or terminal
"""

import asyncio
import contextlib
import ipaddress
import json
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import WSCloseCode, web

from .face import Face
from .view import parts

STATIC = Path(__file__).with_name("static")
LANGUAGES = ("fr", "en")
# A terminal that writes byte by byte must not flood a page.
PAUSE_SECONDS = 0.03
HEARTBEAT_SECONDS = 20.0
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; connect-src 'self' ws: wss:",
    "Cache-Control": "no-cache",
}


@contextlib.asynccontextmanager
async def open_screen(terminals, host="127.0.0.1", port=8880, lang="en"):
    """Serve a page for terminals of this event loop; give its address (text).

    `port`: 0 takes a free one. `lang`: for whom neither the page's address nor the
    browser says it. Raise OSError when the port is taken.
    """
    screen = Screen(terminals, host, lang)
    runner = web.AppRunner(screen.application(), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield "http://{}:{}/".format(*runner.addresses[0][:2])
    finally:
        await runner.cleanup()
        screen.close()


class Screen:
    """Some terminals, and the pages that look at them."""

    def __init__(self, terminals, host, lang):
        self.host = host
        self.lang = lang
        self.visitors = set()
        self._loop = asyncio.get_event_loop()
        self.faces = [Face(terminal, self._changed) for terminal in terminals]

    def application(self):
        application = web.Application(middlewares=[self._check_host])
        application.router.add_get("/", _page)
        application.router.add_get("/live", self._live)
        application.router.add_static("/static", STATIC)
        application.on_response_prepare.append(_add_headers)
        application.on_shutdown.append(self._send_away)
        return application

    def close(self):
        for face in self.faces:
            face.leave()

    def face(self, port):
        """Return the Face of a terminal. Raise ValueError when there is none."""
        for face in self.faces:
            if face.terminal.port == port:
                return face
        raise ValueError(f"no terminal on port {port!r}")

    @web.middleware
    async def _check_host(self, request, handler):
        """Another site may give its own name this machine's address (DNS rebinding)."""
        if not _is_here(request.host, self.host):
            raise web.HTTPForbidden(text="this host name is not the simulator's")
        return await handler(request)

    def _changed(self):
        """Wake the pages up; a terminal may be configured from another thread."""
        self._loop.call_soon_threadsafe(self._wake)

    def _wake(self):
        for visitor in self.visitors:
            visitor.awake.set()

    async def _live(self, request):
        """One page, from its opening to its end."""
        _refuse_strangers(request)
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS)
        await socket.prepare(request)
        visitor = Visitor(self, socket, request.query.get("lang"))
        self.visitors.add(visitor)
        telling = asyncio.ensure_future(visitor.tell())
        try:
            async for message in socket:
                await visitor.obey(message.data)
        finally:
            telling.cancel()
            self.visitors.discard(visitor)
        return socket

    async def _send_away(self, _application):
        for visitor in list(self.visitors):
            await visitor.socket.close(code=WSCloseCode.GOING_AWAY)


class Visitor:
    """One open page: the terminal it shows, its language, what it knows already."""

    def __init__(self, screen, socket, lang):
        self.screen = screen
        self.socket = socket
        self.face = screen.faces[0]
        self.lang = lang if lang in LANGUAGES else screen.lang
        self.awake = asyncio.Event()
        self.awake.set()
        self._known = {}

    async def tell(self):
        """Send what changed, each time something did."""
        with contextlib.suppress(ConnectionError):
            while True:
                await self.awake.wait()
                self.awake.clear()
                await self._send_news()
                await asyncio.sleep(PAUSE_SECONDS)

    async def _send_news(self):
        now = parts(self.face, self.screen.faces, self.lang)
        news = {
            name: part for name, part in now.items() if part != self._known.get(name)
        }
        self._known = now
        if news:
            await self.socket.send_json(news)

    async def obey(self, text):
        """Carry out one JSON object of commands; tell the page what makes no sense."""
        try:
            for name, value in json.loads(text).items():
                _command(name)(self, value)
        except (AttributeError, TypeError, ValueError) as error:
            await self.socket.send_json({"error": str(error)})
        self.awake.set()

    def show(self, port):
        self.face = self.screen.face(port)

    def speak(self, lang):
        if lang not in LANGUAGES:
            raise ValueError(f"unknown language {lang!r}")
        self.lang = lang

    def set_scenario(self, name):
        self.face.terminal.scenario = name

    def set_delay(self, seconds):
        self.face.terminal.delay = float(seconds)


COMMANDS = {
    "show": Visitor.show,
    "lang": Visitor.speak,
    "card": lambda visitor, name: visitor.face.present(name),
    "key": lambda visitor, key: visitor.face.press(key),
    "now": lambda visitor, name: visitor.face.terminal.tap(name),
    "play": lambda visitor, names: visitor.face.terminal.play(*names),
    "forget": lambda visitor, _value: visitor.face.terminal.forget(),
    "scenario": Visitor.set_scenario,
    "delay": Visitor.set_delay,
}


def _command(name):
    if name not in COMMANDS:
        raise ValueError(f"unknown command {name!r}")
    return COMMANDS[name]


def _is_here(netloc, host):
    """Return whether a Host header names us: by address, as localhost, or as told."""
    name = urlsplit(f"//{netloc}").hostname or ""
    with contextlib.suppress(ValueError):
        ipaddress.ip_address(name)
        return True
    return name in ("localhost", host)


async def _page(_request):
    return web.FileResponse(STATIC / "index.html")


async def _add_headers(_request, response):
    response.headers.update(HEADERS)


def _refuse_strangers(request):
    """Another site, open in the same browser, must not play with the terminals."""
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden(text="this page belongs to another site")
