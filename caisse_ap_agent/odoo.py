# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The calls to Odoo: JSON over HTTPS, dialled from here."""

import asyncio
import json
import os
import re
import ssl

import aiohttp

PREFIX = "/fr_caisse_ap_ip/agent/"
# The server answers in milliseconds; a proxy or a line may take longer.
TIMEOUT_SECONDS = 20
# A connection is kept from one claim to the next, for the next payment not to wait for
# a new one: a longer pause than those that Odoo asks for.
KEPT_SECONDS = 70
# Refusals that another attempt may not meet: a server that starts, or is in repair.
PASSING_STATUSES = (408, 425, 429, 500, 502, 503, 504)
# What the addon answers at least; anything else is not its word, whatever the status.
ANSWERS = {
    "pair": {"name", "token"},
    "claim": {"requests", "waits", "bus", "clock_difference", "second_program"},
    "renew": {"name"},
    "result": set(),
}
# What a header can name.
DATABASE_NAME = re.compile(r"[A-Za-z0-9_.-]+")


class Away(Exception):
    """Odoo could not be reached, or could not answer now: try again."""


class Refused(Exception):
    """Odoo answered that it does not serve this call.

    `status`: of HTTP. `code`: Odoo's word for it, or "".
    """

    def __init__(self, status, code=""):
        super().__init__(f"{status} {code}".strip())
        self.status = status
        self.code = code


class Odoo:
    """An Odoo server, in an `async with`; proxies by the usual variables."""

    def __init__(self, config):
        self.config = config
        self.session = None
        self._database = None  # unknown yet; "": it is not named any more

    async def __aenter__(self):
        self.session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                ssl=_tls(self.config.ca_file), keepalive_timeout=KEPT_SECONDS
            ),
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            trust_env=True,
            # A websocket of a known browser must be as new as its page.
            skip_auto_headers=["User-Agent"],
        )
        return self

    async def __aexit__(self, *_error):
        await self.session.close()

    async def call(self, route, **body):
        """Call pair, claim, renew or result; return the answer (dict).

        Raise Away, or Refused.
        """
        try:
            return await self._call(route, body)
        # ValueError: 200 and no JSON, as a hotel's network answers.
        except (
            aiohttp.ClientError,
            asyncio.TimeoutError,
            OSError,
            ValueError,
        ) as error:
            raise Away(str(error) or type(error).__name__) from error

    async def _call(self, route, body):
        async with self.session.post(
            f"{self.config.url}{PREFIX}{route}",
            data=json.dumps(body),
            headers=self._headers(),
            params=await self._choose_database(),
            allow_redirects=False,
        ) as response:
            text = await response.text(errors="replace")
            if response.status == 200:
                return self._answer(route, json.loads(text))
            if response.status in PASSING_STATUSES:
                raise Away(f"HTTP {response.status}")
            # What named the database may name one that is away, or another.
            self.session.cookie_jar.clear()
            self._database = self._database and ""
            raise Refused(response.status, _code(text))

    def _headers(self):
        # Odoo 14.0 keeps application/json for calls of its own kind.
        headers = {"Content-Type": "text/plain"}
        if self.config.token:
            headers["Authorization"] = f"Bearer {self.config.token}"
        if self._database:
            headers["X-Odoo-Database"] = self._database
        return headers

    def _answer(self, route, told):
        """Return what the addon answered. Raise ValueError where it is another's word.

        A claim tells the database: Odoo 19.0 need not look for it in the next calls.
        """
        is_whole = isinstance(told, dict) and ANSWERS[route] <= set(told)
        if not is_whole or (route == "result" and told):
            raise ValueError("an answer that is not of the addon")
        name = str(told.get("database", ""))
        if self._database is None and DATABASE_NAME.fullmatch(name):
            self._database = name
        return told

    async def _choose_database(self):
        """Where a server has several databases, a session names one, once."""
        if self.config.database and not len(self.session.cookie_jar):
            url = f"{self.config.url}/web/login"
            async with self.session.get(url, params={"db": self.config.database}):
                pass
        return {}


def _tls(ca_file):
    """Return what verifies the server: the system's authorities, and a private one."""
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(os.path.expanduser(ca_file))
    return context


def _code(text):
    try:
        return str(json.loads(text).get("error", ""))
    except (ValueError, AttributeError):
        return ""
