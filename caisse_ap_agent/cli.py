# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""`caisse-ap agent`: pair | run | status | terminals | install."""

import asyncio
import contextlib
import getpass
import logging
import signal
import sys
from pathlib import Path

from . import __version__
from .cli_texts import TEXTS
from .config import DEFAULT_PORT, Terminal, check_url, default_folder, load

LOG_FORMAT = "%(asctime)s %(levelname)s %(message)s"


def text(name, lang):
    return getattr(TEXTS[name], lang)


def add_agent(commands, add_command, lang):
    """Add the command to those of `caisse-ap`.

    `commands`: of argparse. `add_command`: adds one of them, with --lang and its help.
    """
    agent = add_command(commands, "agent", None, lang, help_text=text("agent", lang))
    folder = {"type": Path, "default": default_folder()}
    agent.add_argument("--folder", help=text("folder", lang), **folder)
    parts = agent.add_subparsers(dest="part", metavar="COMMAND")
    parts.required = True
    for name, run, arguments in PARTS:
        part = parts.add_parser(name, help=text(name, lang))
        for words, help_name, settings in arguments:
            part.add_argument(*words, help=text(help_name, lang), **settings)
        part.set_defaults(run=run)


def needs_library(run):
    """Import what talks to Odoo only for who asks for it."""

    def checked(options):
        try:
            import aiohttp  # noqa: F401
        except ImportError as error:
            raise ValueError(text("no_library", options.lang).format(error)) from error
        return asyncio.run(run(options))

    return checked


@needs_library
async def pair(options):
    from .odoo import Away, Odoo, Refused

    config = load(options.folder)
    config.url = check_url(options.url)
    config.token = ""
    config.database = options.database or ""
    config.ca_file = options.ca_file or ""
    async with Odoo(config) as odoo:
        try:
            told = await odoo.call("pair", code=options.code, version=__version__)
        except Refused as refused:
            wrong = refused.code == "wrong_code"
            words = text("wrong_code" if wrong else "refused", options.lang)
            raise ValueError(words.format(refused)) from refused
        except Away as error:
            raise ValueError(text("away", options.lang).format(error)) from error
    config.token = told["token"]
    config.save()
    announce(text("paired", options.lang).format(told["name"]))
    return 0


@needs_library
async def run(options):
    from .agent import Agent
    from .exchange_log import ExchangeLog
    from .odoo import Odoo

    config = paired(options)
    logging.basicConfig(format=LOG_FORMAT, level=logging.INFO, stream=sys.stderr)
    stopped = asyncio.Event()
    loop = asyncio.get_event_loop()
    with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C ends the process
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stopped.set)
    log = ExchangeLog(config.folder)
    logging.info("Started, version %s, for %s", __version__, config.url)
    async with Odoo(config) as odoo:
        await Agent(config, log, odoo).run(stopped)
    log.close()
    return 0


@needs_library
async def status(options):
    from .exchange_log import read_open_references
    from .odoo import Away, Odoo, Refused

    config = paired(options)
    announce(f"{config.folder / 'agent.ini'}: {config.url}")
    limit = config.refund_limit
    shown = text("none", options.lang) if limit is None else limit
    announce(text("refund_limit", options.lang).format(shown))
    count = len(read_open_references(config.folder))
    announce(text("open", options.lang).format(count))
    async with Odoo(config) as odoo:
        try:
            told = await odoo.call("renew", references=[])
        except (Away, Refused) as error:
            kind = "away" if isinstance(error, Away) else "refused"
            announce(text(kind, options.lang).format(error))
            return 1
    announce(text("connected", options.lang).format(told["name"]))
    return 0


def paired(options):
    config = load(options.folder)
    if not config.token:
        raise ValueError(text("not_paired", options.lang))
    return config


def terminals(options):
    """List the terminals with what they answer, after what was asked for."""
    from .discovery import identify

    config = load(options.folder)
    if options.find:
        return find(options)
    if options.add:
        name, address = options.add
        config.terminals[name] = Terminal(address, options.port)
    if options.remove and not config.terminals.pop(options.remove, None):
        raise ValueError(text("unknown_name", options.lang).format(options.remove))
    if options.add or options.remove:
        config.save()
        announce(text("restart", options.lang))
    if not config.terminals:
        announce(text("no_terminal", options.lang))
    for name, terminal in config.terminals.items():
        verdict = identify(terminal.address, terminal.port)
        answers = text("answers", options.lang)
        silent = text("silent", options.lang).format(verdict.error or verdict.reason)
        what = answers if verdict.outcome == "approved" else silent
        announce(f"{name:<16} {terminal.address}:{terminal.port}  {what}")
    return 0


def find(options):
    from .discovery import find_terminals, private_network

    found = find_terminals(private_network(options.find), options.port)
    for address, verdict in found:
        fields = verdict.fields
        announce(f"{address}:{options.port}  {fields.get('CZ')} {fields.get('CJ', '')}")
    if not found:
        announce(text("found_none", options.lang))
    return 0


def install(options):
    from .install import install as install_unit
    from .install import outlives_session

    paired(options)
    path = install_unit(options.folder.resolve())
    announce(text("installed", options.lang).format(path))
    user = getpass.getuser()
    if not outlives_session(user):
        announce(text("linger", options.lang).format(user))
        return 1
    return 0


def announce(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


PAIR_ARGUMENTS = (
    (["url"], "url", {"metavar": "URL"}),
    (["code"], "code", {"metavar": "CODE"}),
    (["--database"], "database", {"metavar": "NAME"}),
    (["--ca-file"], "ca_file", {"metavar": "FILE"}),
)
TERMINALS_ARGUMENTS = (
    (["--find"], "find", {"metavar": "NETWORK"}),
    (["--add"], "add", {"nargs": 2, "metavar": ("NAME", "ADDRESS")}),
    (["--remove"], "remove", {"metavar": "NAME"}),
    (["--port"], "port", {"type": int, "default": DEFAULT_PORT}),
)
# name, function of the options, arguments
PARTS = (
    ("pair", pair, PAIR_ARGUMENTS),
    ("run", run, ()),
    ("status", status, ()),
    ("terminals", terminals, TERMINALS_ARGUMENTS),
    ("install", install, ()),
)
