# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Steer terminals of another process: one JSON object per line, one line back.

    {"play": ["silence", "accept"]}     scenarios for the next payments
    {"set": "refuse"}                   the scenario after those
    {"busy": "silence"}                 reply to a second till
    {"delay": 2}                        seconds a customer takes
    {"tap": "accept"}                   the customer does this now
    {"ledger": true}, {"state": true}   what happened, how things are

Several keys may share a line. Every terminal obeys, or with "port" only that one.
The answer is {"ok": true, "ledger": [...], ...} or {"ok": false, "error": "..."}.
A web page can make a browser post to this port, but its first line is then HTTP: who
begins with anything but a JSON object is turned away, and nothing is obeyed.
"""

import asyncio
import contextlib
import json

# Always this one: whoever reaches the control port decides about the money.
HOST = "127.0.0.1"


def _play(terminals, names):
    for terminal in terminals:
        terminal.play(*names)


def _set(attribute, convert=str):
    def command(terminals, value):
        for terminal in terminals:
            setattr(terminal, attribute, convert(value))

    return command


def _tap(terminals, name):
    """Return how many customers were there to do it."""
    return sum([terminal.tap(name) for terminal in terminals])


def _ledger(terminals, _value):
    entries = [entry for terminal in terminals for entry in terminal.ledger.entries]
    entries.sort(key=lambda entry: entry.decided_at)
    return [entry.as_dict() for entry in entries]


def _state(terminals, _value):
    return [terminal.state() for terminal in terminals]


COMMANDS = {
    "play": _play,
    "set": _set("scenario"),
    "busy": _set("busy"),
    "delay": _set("delay", float),
    "tap": _tap,
    "ledger": _ledger,
    "state": _state,
}


def obey(terminals, line):
    """Carry out one line (bytes) and return the answer (dict). Raises nothing."""
    try:
        order = json.loads(line.decode())
        chosen = _chosen(terminals, order.pop("port", None))
        _check_commands(order)
        results = {key: COMMANDS[key](chosen, value) for key, value in order.items()}
    except (AttributeError, TypeError, ValueError) as error:
        return {"ok": False, "error": str(error)}
    told = {key: result for key, result in results.items() if result is not None}
    return dict(told, ok=True)


def speaks_json(line):
    """Return whether a line (bytes) is a JSON object, whatever it says."""
    try:
        return isinstance(json.loads(line.decode()), dict)
    except ValueError:
        return False


def _check_commands(order):
    """A line with a misspelt command must not be carried out in part."""
    unknown = sorted(set(order) - set(COMMANDS))
    if unknown:
        raise ValueError(f"unknown command {unknown[0]!r}")


def _chosen(terminals, port):
    chosen = [terminal for terminal in terminals if port in (None, terminal.port)]
    if not chosen:
        raise ValueError(f"no terminal on port {port}")
    return chosen


async def serve_control(terminals, port):
    """Listen on the loopback `port` (0: a free one); return the asyncio server."""

    async def converse(reader, writer):
        # ValueError: a line longer than the reader keeps.
        with contextlib.closing(writer):
            with contextlib.suppress(ConnectionError, ValueError):
                line = await reader.readline()
                while speaks_json(line):
                    writer.write(json.dumps(obey(terminals, line)).encode() + b"\n")
                    await writer.drain()
                    line = await reader.readline()

    return await asyncio.start_server(converse, HOST, port)
