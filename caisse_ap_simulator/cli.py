# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The command line: a simulated terminal, and a till for real or simulated ones."""

import argparse
import asyncio
import contextlib
import os
import sys

from caisse_ap.client import exchange
from caisse_ap.request import Request
from caisse_ap_agent.cli import add_agent

from .cli_texts import TEXTS
from .explain import explain_fields, explain_verdict, read_messages
from .money import CURRENCIES, parse_amount
from .scenarios import MAGIC_CENTS, SCENARIOS
from .serve import keep, report, serve
from .terminal import Terminal

PROGRAM = "caisse-ap"
USAGE_ERROR = 2
LANGUAGES = ("fr", "en")
EXIT_STATUS = {"approved": 0, "refused": 1, "unknown": 3, "not_sent": 4}


def main(arguments=None):
    """Run one command.

    :param arguments: list of texts, by default those of the process
    :return: exit status (int)
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = build_parser(chosen_language(arguments, os.environ))
    options = parser.parse_args(arguments)
    try:
        return options.run(options)
    except (OSError, ValueError) as error:
        complain(error)
        return USAGE_ERROR


def chosen_language(arguments, environment):
    """Return fr or en: what --lang says, also for the help, else the user's."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--lang", nargs="?")
    asked = parser.parse_known_args(arguments)[0].lang
    return asked if asked in LANGUAGES else user_language(environment)


def user_language(environment):
    """Return fr or en, by the variables that any program follows."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    chosen = next((environment[name] for name in names if environment.get(name)), "")
    return "fr" if chosen.startswith("fr") else "en"


def text(name, lang):
    """Return a text of the command line in a language, fr or en."""
    return getattr(TEXTS[name], lang)


def build_parser(lang):
    parser = argparse.ArgumentParser(
        prog=PROGRAM, description=text("program", lang), add_help=False
    )
    add_help(parser, lang)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.required = True
    add_simulate(commands, lang)
    add_command(commands, "scenarios", list_scenarios, lang)
    for operation in OPERATIONS:
        add_till_command(commands, lang, *operation)
    add_decode(commands, lang)
    add_agent(commands, add_command, lang)
    return parser


def add_command(commands, name, run, lang, epilog=None, help_text=None):
    help_text = help_text or text(name, lang)
    command = commands.add_parser(
        name,
        help=help_text,
        description=help_text[0].upper() + help_text[1:] + ".",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
    )
    add_help(command, lang)
    command.add_argument(
        "--lang", choices=LANGUAGES, default=lang, help=text("lang", lang)
    )
    command.set_defaults(run=run)
    return command


def add_help(parser, lang):
    """Give -h and the titles of the help in a language, as argparse does in one."""
    parser._positionals.title = text("positional", lang)
    parser._optionals.title = text("options", lang)
    parser.add_argument("-h", "--help", action="help", help=text("help", lang))


def add_address(command, lang, port_help="default"):
    host = {"default": "127.0.0.1", "help": text("default", lang)}
    command.add_argument("--host", **host)
    command.add_argument("--port", type=port, default=8888, help=text(port_help, lang))


def port(typed):
    number = int(typed)
    if not 0 <= number < 65536:
        raise ValueError
    return number


# simulate


# option, what argparse is told of it; the help is the text of the same name
SIMULATE_OPTIONS = (
    ("scenario", {}),
    ("delay", {"type": float, "default": 2.0, "metavar": "SECONDS"}),
    ("busy", {"default": "busy", "metavar": "SCENARIO"}),
    ("terminals", {"type": int, "default": 1, "metavar": "N"}),
    ("control_port", {"type": port, "metavar": "N"}),
    ("screen", {"action": "store_true"}),
    ("screen_port", {"type": port, "default": 8880, "metavar": "N"}),
    ("screen_host", {"default": "127.0.0.1", "metavar": "HOST"}),
    ("quiet", {"action": "store_true"}),
    ("ledger", {"metavar": "FILE.jsonl"}),
)


def add_simulate(commands, lang):
    cents = "".join(f"\n  .{cents}  {name}" for cents, name in MAGIC_CENTS.items())
    end = text("simulate_end", lang).format(cents)
    command = add_command(commands, "simulate", simulate, lang, epilog=end)
    add_address(command, lang, "free_port")
    add_options(command, lang, SIMULATE_OPTIONS)


def add_options(command, lang, options):
    for name, settings in options:
        option = "--" + name.replace("_", "-")
        command.add_argument(option, help=text(name, lang), **settings)


def simulate(options):
    terminals = [make_terminal(options, number) for number in range(options.terminals)]
    with contextlib.ExitStack() as files:
        observers = [] if options.quiet else [report(announce, options.lang)]
        if options.ledger:
            file = files.enter_context(open(options.ledger, "a", encoding="utf-8"))
            observers.append(keep(file))
        for terminal in terminals:
            for observer in observers:
                terminal.observe(observer)
        screen = make_screen(options, terminals) if options.screen else None
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(serve(terminals, options.control_port, announce, screen))
    return 0


def make_screen(options, terminals):
    """Import the page only for who asks for it: it needs more than this package."""
    try:
        from .screen import open_screen
    except ImportError as error:
        raise ValueError(text("no_screen", options.lang).format(error)) from error
    return open_screen(
        terminals, options.screen_host, options.screen_port, options.lang
    )


def make_terminal(options, number):
    return Terminal(
        scenario=options.scenario or ("manual" if options.screen else "amounts"),
        host=options.host,
        port=options.port and options.port + number,
        delay=options.delay,
        busy=options.busy,
    )


def announce(line):
    """Write at once: a script may wait for the line."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def complain(error):
    sys.stderr.write(f"{PROGRAM}: {error}\n")


def list_scenarios(options):
    for name, scenario in SCENARIOS.items():
        announce(f"{name:<28} {getattr(scenario, options.lang)}")
    return 0


# pay, refund, identify, duplicate

# command, operation, takes an amount
OPERATIONS = (
    ("pay", "debit", True),
    ("refund", "credit", True),
    ("identify", "identification", False),
    ("duplicate", "duplicate", False),
)
TILL_OPTIONS = (
    ("receipt", {"action": "store_true"}),
    ("timeout", {"type": float, "default": 180.0, "metavar": "SECONDS"}),
)


def add_till_command(commands, lang, name, operation, takes_amount):
    statuses = ", ".join(f"{status} {word}" for word, status in EXIT_STATUS.items())
    end = text("exit_status", lang).format(statuses)
    command = add_command(commands, name, ask, lang, epilog=end)
    command.set_defaults(operation=operation, amount=None, application=None)
    if takes_amount:
        command.add_argument("amount", metavar="AMOUNT", help=text("amount", lang))
        add_options(command, lang, [("application", {"metavar": "CC"})])
    add_address(command, lang)
    default = text("default", lang)
    currencies = sorted(CURRENCIES)
    command.add_argument("--currency", choices=currencies, default="EUR", help=default)
    command.add_argument("--till", default="01", help=default)
    add_options(command, lang, TILL_OPTIONS)


def ask(options):
    request = build_request(options)
    sent = []

    def progress():
        sent.append(True)
        announce(text("waiting", options.lang).format(options.timeout))

    announce(text("asked", options.lang).format(options.host, options.port))
    announce("\n".join(explain_fields(dict(request.fields()), options.lang)))
    try:
        verdict = exchange(
            request, options.host, options.port, options.timeout, before_send=progress
        )
    except KeyboardInterrupt:
        announce("\n" + text("interrupted" if sent else "unsent", options.lang))
        return EXIT_STATUS["unknown" if sent else "not_sent"]
    currency = request.currency or verdict.fields.get("CE")
    announce("\n".join(explain_verdict(verdict, currency, options.lang)))
    return EXIT_STATUS[verdict.outcome]


def build_request(options):
    """Return the Request; ValueError (RequestError too) for what makes no sense."""
    currency = CURRENCIES[options.currency]
    cents = options.amount and parse_amount(options.amount, currency)
    return Request(
        options.operation,
        amount_cents=cents,
        currency=currency.numeric if cents else None,
        till=options.till,
        application=options.application,
        receipt=options.receipt,
    )


# decode


def add_decode(commands, lang):
    command = add_command(commands, "decode", decode, lang)
    frame = {"nargs": "?", "default": "-", "metavar": "FRAME"}
    command.add_argument("frame", help=text("frame", lang), **frame)


def decode(options):
    """Show what can be read even of a broken frame, then what breaks it."""
    frame = options.frame
    data = sys.stdin.buffer.read() if frame == "-" else os.fsencode(frame)
    messages, error = read_messages(data)
    for fields in messages:
        announce("\n".join(explain_fields(fields, options.lang)))
    if error:
        complain(error)
    return 1 if error else 0
