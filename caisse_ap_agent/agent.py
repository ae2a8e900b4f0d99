# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The agent at work: claims, carries, renews and hands in, until it is stopped."""

import asyncio
import contextlib
import functools
import logging
import time
from concurrent.futures import ThreadPoolExecutor

from . import __version__
from .carrier import Carrier, after_a_crash
from .doorbell import Doorbell
from .exchange_log import LogError
from .odoo import Away, Refused
from .pauses import Pauses

_logger = logging.getLogger(__name__)

RENEW_SECONDS = 10
# Claims of a later start have larger numbers, whatever was claimed before.
CLAIMS_OF_A_RUN = 10**9
# A shop has a handful of terminals; each exchange waits in a thread.
THREADS = 64
# The reasons of Odoo that time does not mend by itself, and what a person should know.
REFUSALS = {
    "unknown_token": "Odoo does not know this agent: pair it again",
    "second_program": "another program uses this agent's token: pair one of them anew",
    "old_claim": "Odoo has seen a later state of this agent: was the disk restored?",
    "bad_request": "Odoo does not understand this version of the agent: update both",
}

# The only word, beside its thanks, by which the addon settles a result. Of a status
# alone nothing follows: Odoo answers 404 while its database is away, and a proxy may.
# What Odoo does not understand ("bad_request") stays open, and becomes unknown there.
UNKNOWN_REFERENCE = (404, "unknown_reference")


class Agent:
    """`config`: the Config; `log`: the ExchangeLog; `odoo`: an open Odoo."""

    def __init__(self, config, log, odoo):
        self._config = config
        self._log = log
        self._odoo = odoo
        self._carrier = Carrier(config, log)
        self._rung = asyncio.Event()
        self._doorbell = Doorbell(odoo, self._rung.set)
        self._threads = ThreadPoolExecutor(THREADS, "caisse-ap-exchange")
        self._claims = log.run * CLAIMS_OF_A_RUN
        self._running = set()  # references that a terminal is busy with
        self._tasks = set()

    async def run(self, stopped):
        """Work until the asyncio.Event `stopped` is set; then end what was begun."""
        for reference in self._log.open_references():
            report = after_a_crash(reference, self._log.references[reference])
            self._spawn(self._hand_in(report))
        renewing = asyncio.ensure_future(self._renew_for_ever())
        claiming = asyncio.ensure_future(self._claim_for_ever())
        await asyncio.wait(
            [claiming, asyncio.ensure_future(stopped.wait())],
            return_when=asyncio.FIRST_COMPLETED,
        )
        failed = claiming.done()
        claiming.cancel()
        self._doorbell.stop()
        if self._running:
            _logger.info("Stopping once the terminals have answered")
        while self._running:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        await self._hand_in_once()
        renewing.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, claiming, renewing, return_exceptions=True)
        if failed:
            claiming.result()

    def _spawn(self, coroutine):
        task = asyncio.ensure_future(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # Claims

    async def _claim_for_ever(self):
        """One claim after the other: an answer that came late is never used."""
        pauses = Pauses()
        while True:
            self._rung.clear()
            seconds = await self._claim(pauses)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._rung.wait(), seconds)

    async def _claim(self, pauses):
        """Claim what is due, and return the seconds to the next claim."""
        self._claims += 1
        claimed_at = time.monotonic()
        try:
            told = await self._odoo.call(
                "claim",
                epoch=self._log.epoch,
                number=self._claims,
                on_bus=self._doorbell.is_connected,
                # What a thread is about to log counts already.
                known=sorted(self._running.union(self._log.open_references())),
                version=__version__,
                time=int(time.time()),
                terminals=[
                    dict(terminal._asdict(), name=name)
                    for name, terminal in self._config.terminals.items()
                ],
            )
        except Away as error:
            _logger.warning("Odoo is not reached: %s", error)
            return pauses.seconds()
        except Refused as refused:
            _logger.error("%s", REFUSALS.get(refused.code, f"Odoo refuses: {refused}"))
            return pauses.seconds()
        pauses.reset()
        self._take(told, claimed_at)
        waits = told["waits"]
        return waits["heartbeat" if self._doorbell.is_connected else "poll"]

    def _take(self, told, claimed_at):
        self._doorbell.follow(told["bus"])
        if told["second_program"]:
            _logger.error("Another program uses this agent's token and was refused")
        if abs(told["clock_difference"]) > 60:
            _logger.warning(
                "This clock differs from Odoo's by %s s", told["clock_difference"]
            )
        for given in told["requests"]:
            if not self._log.knows(given["reference"]):
                self._running.add(given["reference"])
                self._spawn(self._carry(given, claimed_at))

    async def _carry(self, given, claimed_at):
        reference = given["reference"]
        loop = asyncio.get_event_loop()
        telling = []

        def tell(report):
            told = asyncio.run_coroutine_threadsafe(self._tell(report), loop)
            telling.append(told)

        _logger.info("Request %s for terminal %s", reference, given["terminal"])
        carry = functools.partial(self._carrier.carry, given, claimed_at, tell)
        try:
            report = await loop.run_in_executor(self._threads, carry)
        finally:
            self._running.discard(reference)
        _logger.info("Request %s: %s", reference, report["reason"])
        # Of two reports at once on one payment Odoo would have one wait for seconds.
        told = map(asyncio.wrap_future, telling)
        await asyncio.gather(*told, return_exceptions=True)
        await self._hand_in(report)

    async def _tell(self, report):
        """Tell an outcome before the terminal has hung up: the till shows it."""
        with contextlib.suppress(Away, Refused):
            await self._odoo.call("result", **report)

    # Results

    async def _hand_in(self, report):
        """Tell Odoo what became of a request, however long it is away."""
        pauses = Pauses()
        while not await self._hand_in_try(report):
            await pauses.wait()

    async def _hand_in_try(self, report):
        """Return whether the report needs no other attempt."""
        try:
            await self._odoo.call("result", **report)
        except Away as error:
            _logger.warning("The result is not handed in yet: %s", error)
            return False
        except Refused as refused:
            _logger.error("Odoo refuses the result: %s", refused)
            if (refused.status, refused.code) != UNKNOWN_REFERENCE:
                return False
        try:
            self._log.acknowledge(report["reference"])
        except LogError as error:  # it is told again after the next start
            _logger.error("%s", error)
        return True

    async def _hand_in_once(self):
        """The last attempt before the end; the log keeps what is not handed in."""
        for reference in self._log.open_references():
            known = self._log.references[reference]
            if "answer" in known:
                await self._hand_in_try(known["answer"])

    async def _renew_for_ever(self):
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            if self._running:
                with contextlib.suppress(Away, Refused):
                    await self._odoo.call("renew", references=sorted(self._running))
