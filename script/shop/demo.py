"""script/demo: Odoo with a French shop and a simulated card terminal.

Two pages belong together: the till asks for the money, and on the terminal's page you
are the customer, who taps a card.

With --agent Odoo is hosted elsewhere: the shop has a network that the server cannot
reach, with an agent that dials out, paired and running. That network is a namespace
where this machine's administrator may make one.

The first start fetches what is missing: an Odoo, its Python packages, a PostgreSQL if
none answers here. All of it goes to ~/.cache/caisse-ap; the next start takes seconds.
Ctrl-C stops all that was started.
"""

import argparse
import contextlib
import os
import time
from typing import NamedTuple

from . import addon, database, python_env, series
from .agent import Agent, hand_over
from .cache import REPOSITORY, cache, lock
from .installation import ready
from .network import SameNetwork, shop_network
from .problem import Problem
from .processes import Process, free_port, is_free, started, stop_on_signals
from .progress import step
from .running import OdooServer, Shop, bus_port, point_terminals

CUSTOMER_SECONDS = 2


class Port(NamedTuple):
    """A port of the demonstration."""

    option: str
    usual: int
    who: str

    @property
    def name(self):
        """Return the name of its option once it is read."""
        return self.option[2:].replace("-", "_")


PORTS = (
    Port("--http-port", 8069, "Odoo listens"),
    Port("--terminal-port", 8888, "the simulated terminal listens"),
    Port("--screen-port", 8880, "the page of the simulated terminal is"),
)
# What an order to the simulated terminal looks like.
REFUSE = '{"set": "refuse"}'
# What it says last.
SCREEN = "SCREEN http"
TERMINAL_SECONDS = 20
LOOK_SECONDS = 0.5


def main(arguments):
    """Run the demonstration until it is stopped; return the exit code."""
    options = parse(arguments)
    stop_on_signals()
    choose_ports(options)
    try:
        with contextlib.ExitStack() as stack:
            watch(*bring_up(stack, options))
    except KeyboardInterrupt:
        print("\nStopped.")
    return 0


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="script/demo",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "series",
        nargs="?",
        default="19.0",
        choices=series.ALL,
        help="the series of Odoo (default: 19.0): " + ", ".join(series.ALL),
        metavar="SERIES",
    )
    for port in PORTS:
        parser.add_argument(
            port.option,
            type=int,
            metavar="PORT",
            help=f"where {port.who} (default: {port.usual}, or a free one)",
        )
    parser.add_argument(
        "--agent",
        action="store_true",
        help="the server cannot reach the terminal: an agent in the shop does",
    )
    parser.add_argument(
        "--auto",
        action="store_true",
        help="the customer pays by himself, after some seconds; the cents of the "
        "amount can make him do something else",
    )
    parser.add_argument(
        "--database",
        metavar="NAME",
        help="the database (default: one for each series and language)",
    )
    parser.add_argument(
        "--workers",
        type=int,
        default=0,
        metavar="N",
        help="processes that answer (default: 0, threads). With workers Odoo's bus has "
        "a port of its own that only a proxy could bring to the till: the till then "
        "learns the results by polling",
    )
    parser.add_argument(
        "--lang",
        choices=("fr_FR", "en_US"),
        default="fr_FR",
        help="language of the shop and its users (default: fr_FR)",
    )
    parser.add_argument(
        "--reset", action="store_true", help="start again with a new database"
    )
    parser.add_argument(
        "--odoo",
        metavar="PATH",
        help="an Odoo of this series: a checkout or an unpacked package (default: the "
        "cache, else GitHub, else Debian's package)",
    )
    return parser.parse_args(arguments)


def choose_ports(options):
    """Take the ports that were asked for, else the usual ones, else free ones.

    :raise Problem: something listens on a port that was asked for
    """
    for port in PORTS:
        asked = getattr(options, port.name)
        taken = asked and first_taken(port, asked, options.workers)
        if taken:
            raise Problem(
                f"port {taken} is taken on 127.0.0.1",
                f"Stop what listens there, or choose another one with {port.option}.",
            )
        chosen = asked or port.usual
        while first_taken(port, chosen, options.workers):
            chosen = free_port()
        setattr(options, port.name, chosen)


def first_taken(port, number, workers):
    """Return which port is in use: this one, or that of the bus if workers need it."""
    needs_bus = port.name == "http_port" and workers
    numbers = [number, bus_port(number)] if needs_bus else [number]
    return next((each for each in numbers if not is_free(each)), None)


def bring_up(stack, options):
    """Start everything and say where it is; return the processes."""
    chosen = series.named(options.series)
    installation = stack.enter_context(ready(chosen, options.odoo))
    name = options.database or database_name(installation, options)
    keep_for_us(stack, name)
    database.demo_database(installation, name, options.lang, options.reset)
    point_terminals(installation, name, options.terminal_port)
    here = SameNetwork(options.terminal_port)
    network = stack.enter_context(shop_network()) if options.agent else here
    control_port = free_port()
    terminal = simulated_terminal(options, control_port, network)
    job = f"odoo-{options.series}-{options.http_port}"
    odoo = OdooServer(installation, job, name, options.http_port, options.workers)
    with step("Simulated terminal"):
        stack.enter_context(started(terminal))
        terminal.wait_for(lambda: SCREEN in terminal.log.read_text(), TERMINAL_SECONDS)
    with step("Odoo's server"):
        stack.enter_context(started(odoo))
    shop = Shop(installation, name, odoo)
    agents = [paired_agent(stack, shop, network)] if options.agent else []
    announce(shop, options, control_port, network)
    return [terminal, odoo, *agents]


def database_name(installation, options):
    kind = "agent" if options.agent else "demo"
    return f"{database.base_name(installation, options.lang)}_{kind}"


def paired_agent(stack, shop, network):
    """Return the agent of a shop, paired and running in the shop's network."""
    with step("Agent of the shop"):
        network.give_server(shop.odoo.port)
        folder = cache("agent", shop.database)
        python = python_env.screen_python()
        agent = Agent(f"agent-{shop.odoo.port}", folder, python, network.inside)
        record = agent.pair(shop, shop.url, network.terminal)
        stack.enter_context(started(agent))
        hand_over(shop, record)
    return agent


def keep_for_us(stack, name):
    """Keep other demonstrations off a database: they would move our terminal."""
    try:
        stack.enter_context(lock(f"demo-{name}", wait=False))
    except BlockingIOError as error:
        raise Problem(
            f"another script/demo runs with the database {name}",
            "Use that one, or give this one another database with --database.",
        ) from error


def simulated_terminal(options, control_port, network):
    """Return the process; it opens its page last, and has a Python with aiohttp."""
    for port in (control_port, options.screen_port):
        network.show(port)
    python = python_env.screen_python()
    simulate = [*network.inside, python, "-m", "caisse_ap_simulator", "simulate"]
    lang = ["--lang", options.lang[:2]]
    address, terminal_port = network.terminal
    ports = ["--host", address, "--port", terminal_port, "--control-port", control_port]
    screen = ["--screen", "--screen-port", options.screen_port]
    customer = ["--scenario", "amounts" if options.auto else "manual"]
    delay = ["--delay", CUSTOMER_SECONDS]
    return Process(
        f"terminal-{options.terminal_port}",
        [*simulate, *lang, *ports, *screen, *customer, *delay],
        {"PYTHONPATH": f"{REPOSITORY / addon.NAME}{os.pathsep}{REPOSITORY}"},
    )


def announce(shop, options, control_port, network):
    screen = f"http://127.0.0.1:{options.screen_port}/?lang={options.lang[:2]}"
    address, port = network.terminal
    lines = [
        ("Till", f"{shop.till_url(1)}   caisse / caisse"),
        ("Card terminal", f"{screen}   {customer(options)}"),
        ("Second till", f"{shop.till_url(2)}   admin / admin"),
        ("Back office", f"{shop.url}/web   admin / admin"),
        ("  its port", f"{address}:{port}, shared by the tills"),
        ("  by order", f"a line of JSON to 127.0.0.1:{control_port}: " + REFUSE),
        ("Logs", shop.odoo.log.parent),
    ]
    if options.agent:
        folder = cache("agent", shop.database)
        lines.append(("Agent", f"{folder}: its settings, its log of payments"))
        lines.append(("Shop's network", network))
    print()
    for name, text in lines:
        print(f"  {name:<15} {text}")
    print(f"\nREADY {shop.url}", flush=True)


def customer(options):
    """Tell who pays, for who sees it the first time."""
    by_the_cents = "pays by himself; .01 refused, .02 silence, .06 red key, .11 in part"
    return by_the_cents if options.auto else "tap a card to pay"


def watch(terminal, *others):
    """Show what the terminal does until somebody stops us.

    ``Problem`` when a program ends by itself.
    """
    with open(terminal.log) as events:
        events.seek(0, os.SEEK_END)
        while True:
            for process in (terminal, *others):
                process.check()
            print(events.read(), end="", flush=True)
            time.sleep(LOOK_SECONDS)
