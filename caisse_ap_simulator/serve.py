# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Terminals in a process of their own, until somebody stops it."""

import asyncio
import contextlib
import json
import signal
import time

from caisse_ap.tables import OPERATIONS, Label

from .control import HOST, serve_control
from .money import format_amount
from .scenarios import REPLIES, SCENARIOS

DECISIONS = {
    "approved": Label("accepté", "approved"),
    "refused": Label("refusé", "refused"),
    "nothing": Label("aucun mouvement", "no money moved"),
}
TILL = Label("caisse", "till")
LOST = Label("  (réponse non remise)", "  (answer not delivered)")


async def serve(terminals, control_port, announce, screen=None):
    """Open everything, say so, and wait for SIGINT or SIGTERM.

    `control_port`: a port, 0 for a free one, or None. `announce`: called with a line
    of text. `screen`: an asynchronous context manager that gives the address of a page
    to look at, or None. Raise OSError when a port is taken; then nothing stays open.
    """
    stopped = _stop_signal()
    async with contextlib.AsyncExitStack() as opened:
        for terminal in terminals:
            await terminal.open()
            opened.push_async_callback(terminal.close)
            announce(f"LISTENING {terminal.name}")
        if control_port is not None:
            control = await serve_control(terminals, control_port)
            opened.callback(control.close)
            announce(f"CONTROL {HOST}:{control.sockets[0].getsockname()[1]}")
        if screen is not None:
            announce(f"SCREEN {await opened.enter_async_context(screen)}")
        await stopped.wait()


def _stop_signal():
    """Where the loop knows no signals (Windows) Ctrl-C ends the process itself."""
    stopped = asyncio.Event()
    loop = asyncio.get_event_loop()
    with contextlib.suppress(NotImplementedError):
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stopped.set)
    return stopped


def report(announce, lang):
    """Return an observer that announces each transaction as one line."""

    def observer(_terminal, event, entry):
        if event == "answered":
            announce(describe(entry, lang))

    return observer


def keep(file):
    """Return an observer that writes each ledger entry as a line of JSON."""

    def observer(_terminal, event, entry):
        if event == "answered":
            file.write(json.dumps(entry.as_dict()) + "\n")
            file.flush()

    return observer


def describe(entry, lang):
    """One line (text) about a ledger entry."""
    fields, moved = entry.request.fields, entry.moved_cents
    name, _colon, _argument = entry.scenario.partition(":")
    operation = OPERATIONS.get(fields.get("CD"), Label("?", "?"))
    parts = [
        time.strftime("%H:%M:%S", time.localtime(entry.decided_at)),
        entry.terminal,
        f"#{entry.number}",
        getattr(operation, lang),
        _amount(entry.request.asked_cents, fields, lang),
        getattr(TILL, lang),
        fields.get("CA", "?"),
        "->",
        getattr(DECISIONS[entry.decision], lang),
        _amount(moved or None, fields, lang),
        f"[{entry.scenario}]",
        getattr(dict(SCENARIOS, **REPLIES)[name], lang),
    ]
    lost = "" if entry.delivered else getattr(LOST, lang)
    return " ".join(part for part in parts if part) + lost


def _amount(cents, fields, lang):
    return "" if cents is None else format_amount(cents, fields.get("CE"), lang)
