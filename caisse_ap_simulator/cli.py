# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The command line: a simulated terminal, and a till for real or simulated ones."""

import argparse
import asyncio
import contextlib
import os
import sys

from caisse_ap.client import exchange
from caisse_ap.operation import Request
from caisse_ap.tables import Label

from .explain import explain_fields, explain_verdict, read_messages
from .money import CURRENCIES, parse_amount
from .scenarios import MAGIC_CENTS, SCENARIOS
from .serve import keep, report, serve
from .terminal import Terminal

PROGRAM = "caisse-ap"
USAGE_ERROR = 2
EXIT_STATUS = {"approved": 0, "refused": 1, "unknown": 3, "not_sent": 4}
EXIT_HELP = "Exit status: " + ", ".join(
    f"{status} {outcome}" for outcome, status in EXIT_STATUS.items()
)
ASKED = Label("Demande à {}:{}", "Request to {}:{}")
WAITING = Label(
    "Connecté. En attente du terminal, {:g} s au plus...",
    "Connected. Waiting for the terminal, {:g} s at most...",
)
INTERRUPTED = Label(
    "Interrompu après l'envoi : le client peut encore payer.",
    "Interrupted after sending: the customer may still pay.",
)
NO_SCREEN = (
    'the page needs more than this: pip install ".[screen]" in the repository ({})'
)
# The connection stands before anything is sent: until then nothing can be paid.
UNSENT = Label("Interrompu avant l'envoi.", "Interrupted before sending.")


def main(arguments=None):
    """Run one command and return its exit status (int)."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    try:
        return options.run(options)
    except (OSError, ValueError) as error:
        complain(error)
        return USAGE_ERROR


def build_parser():
    parser = argparse.ArgumentParser(prog=PROGRAM, description=__doc__)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.required = True
    add_simulate(commands)
    add_scenarios(commands)
    for operation in OPERATIONS:
        add_till_command(commands, *operation)
    add_decode(commands)
    return parser


def add_command(commands, name, run, help_text, **options):
    command = commands.add_parser(
        name,
        help=help_text,
        description=help_text[0].upper() + help_text[1:] + ".",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        **options,
    )
    command.add_argument(
        "--lang",
        choices=("fr", "en"),
        default=user_language(os.environ),
        help="language of what is printed (default: %(default)s)",
    )
    command.set_defaults(run=run)
    return command


def user_language(environment):
    """Return fr or en, by the variables that any program follows."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    chosen = next((environment[name] for name in names if environment.get(name)), "")
    return "fr" if chosen.startswith("fr") else "en"


def add_address(command, port_help):
    command.add_argument("--host", default="127.0.0.1", help="default: %(default)s")
    command.add_argument("--port", type=port, default=8888, help=port_help)


def port(text):
    number = int(text)
    if not 0 <= number < 65536:
        raise ValueError
    return number


# simulate


def add_simulate(commands):
    cents = "".join(f"\n  .{cents}  {name}" for cents, name in MAGIC_CENTS.items())
    command = add_command(
        commands,
        "simulate",
        simulate,
        "be a card terminal to test against",
        epilog="With the scenario `amounts` the cents of the amount decide, and any\n"
        f"other amount is accepted:\n{cents}\n\nAll scenarios: caisse-ap scenarios",
    )
    add_address(command, "default: %(default)s; 0 takes a free one")
    command.add_argument(
        "--scenario",
        help="what customers do (default: amounts; with --screen manual: you do it)",
    )
    command.add_argument(
        "--delay",
        type=float,
        default=2.0,
        metavar="SECONDS",
        help="what a customer takes (default: %(default)g)",
    )
    command.add_argument(
        "--busy",
        default="busy",
        metavar="SCENARIO",
        help="what a second till meets: busy, silence, close_before, reset_before",
    )
    command.add_argument(
        "--terminals",
        type=int,
        default=1,
        metavar="N",
        help="how many, on this port and the next ones",
    )
    command.add_argument(
        "--control-port",
        type=port,
        metavar="N",
        help="take orders as lines of JSON on this loopback port (0: a free one)",
    )
    command.add_argument(
        "--screen",
        action="store_true",
        help="show the terminals on a web page, the card in your hand",
    )
    command.add_argument(
        "--screen-port",
        type=port,
        default=8880,
        metavar="N",
        help="where that page is (default: %(default)s; 0 takes a free one)",
    )
    command.add_argument(
        "--screen-host",
        default="127.0.0.1",
        metavar="HOST",
        help="default: %(default)s; 0.0.0.0 lets a phone see it, and anybody else",
    )
    command.add_argument(
        "--quiet", action="store_true", help="no line for each transaction"
    )
    command.add_argument(
        "--ledger", metavar="FILE.jsonl", help="append what happened to this file"
    )


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
        raise ValueError(NO_SCREEN.format(error)) from error
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


def add_scenarios(commands):
    add_command(commands, "scenarios", list_scenarios, "list the simulator's scenarios")


def list_scenarios(options):
    for name, scenario in SCENARIOS.items():
        announce(f"{name:<28} {getattr(scenario, options.lang)}")
    return 0


# pay, refund, identify, duplicate

# command, operation, takes an amount, help
OPERATIONS = (
    ("pay", "debit", True, "ask a terminal for money"),
    ("refund", "credit", True, "give money back through a terminal"),
    ("identify", "identification", False, "ask whether a terminal is there"),
    ("duplicate", "duplicate", False, "ask a terminal for its last result again"),
)


def add_till_command(commands, name, operation, takes_amount, help_text):
    command = add_command(commands, name, ask, help_text, epilog=EXIT_HELP)
    command.set_defaults(operation=operation, amount=None, application=None)
    if takes_amount:
        command.add_argument("amount", metavar="AMOUNT", help='such as "12.50"')
        command.add_argument(
            "--application", metavar="CC", help="force one: 00C is a cheque"
        )
    add_address(command, "default: %(default)s")
    command.add_argument(
        "--currency", choices=sorted(CURRENCIES), default="EUR", help="default: EUR"
    )
    command.add_argument("--till", default="01", help="default: %(default)s")
    command.add_argument(
        "--receipt", action="store_true", help="ask for the customer's receipt"
    )
    command.add_argument(
        "--timeout",
        type=float,
        default=180.0,
        metavar="SECONDS",
        help="for everything (default: %(default)g)",
    )


def ask(options):
    request = build_request(options)
    sent = []

    def progress():
        sent.append(True)
        announce(getattr(WAITING, options.lang).format(options.timeout))

    announce(getattr(ASKED, options.lang).format(options.host, options.port))
    announce("\n".join(explain_fields(dict(request.fields()), options.lang)))
    try:
        verdict = exchange(
            request, options.host, options.port, options.timeout, before_send=progress
        )
    except KeyboardInterrupt:
        announce("\n" + getattr(INTERRUPTED if sent else UNSENT, options.lang))
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


def add_decode(commands):
    command = add_command(commands, "decode", decode, "explain a frame field by field")
    command.add_argument(
        "frame", nargs="?", default="-", metavar="FRAME", help="text, or - for stdin"
    )


def decode(options):
    """Show what can be read even of a broken frame, then what breaks it."""
    text = options.frame
    data = sys.stdin.buffer.read() if text == "-" else os.fsencode(text)
    messages, error = read_messages(data)
    for fields in messages:
        announce("\n".join(explain_fields(fields, options.lang)))
    if error:
        complain(error)
    return 1 if error else 0
