# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A shop whose connections can be cut, and what was seen of each row.

SHOP_WORKERS: 0 for threads, else so many worker processes. SHOP_ADDONS: the addons
path of another addon of the same name, to see what it does instead. SHOP_KIND:
restaurant for tills that begin with the tables of a room. SHOP_CARRIER: agent when
an agent reaches the terminal.
"""

import contextlib
import dataclasses
import json
import os
import sys
from pathlib import Path

import pytest
from context import Context
from fault_injections.server import find_faketime
from restaurant_floor import add_tables
from tcp_proxy import TcpProxy
from tills import TILLS
from transactions import CANCEL_ORDERS, Transactions

from caisse_ap_simulator import SimulatedTerminal
from shop import series
from shop.agent import Agent, hand_over
from shop.installation import ready
from shop.processes import free_port, started
from shop.running import opened_shop, point_terminals

# A session is there, under the name that each series gives it.
PUBLISHED_READY = "(window.posmodel?.pos_session ?? window.posmodel?.session)?.state"
CUSTOMER_SECONDS = 0.2
VERDICTS = {}
# Their orders keep them: by its payments Odoo 16.0 knows an order that comes again.
LEAVE_SESSION = """
    UPDATE pos_payment SET session_id = NULL FROM pos_payment_method method
    WHERE method.id = payment_method_id AND use_payment_terminal IS NOT NULL
"""


@pytest.fixture(scope="session")
def shop(tmp_path_factory):
    workers = int(os.environ.get("SHOP_WORKERS", 0))
    other_addons = os.environ.get("SHOP_ADDONS")
    name = os.environ.get("SHOP_SERIES", "19.0")
    with contextlib.ExitStack() as stack:
        ours = ready(series.named(name), os.environ.get("SHOP_ODOO"))
        installation = stack.enter_context(ours)
        if other_addons:
            installation = dataclasses.replace(
                installation, addons=Path(other_addons), edition="_published"
            )
        database_proxy = stack.enter_context(TcpProxy(socket_of(installation.postgres)))
        # From 19.0 on these count more than the settings of the same name.
        proxied = {"PGHOST": "127.0.0.1", "PGPORT": str(database_proxy.port)}
        has_tables = os.environ.get("SHOP_KIND") == "restaurant"
        modules = ["pos_restaurant"] if has_tables else []
        opened = opened_shop(
            installation, workers, environment=proxied, modules=modules
        )
        shop = stack.enter_context(opened)
        if has_tables:
            add_tables(shop)
        shop.database_proxy = database_proxy
        shop.page_proxy = stack.enter_context(TcpProxy(shop.odoo.port))
        shop.proxied = proxied
        shop.url = shop.page_proxy.url
        shop.workers = workers
        shop.is_ours = not other_addons
        shop.owns_postgres = installation.postgres.name == "embedded"
        shop.faketime = find_faketime()
        shop.has_agent = os.environ.get("SHOP_CARRIER") == "agent"
        # An agent has a list of terminals: theirs is always at the same port.
        shop.terminal_port = free_port() if shop.has_agent else 0
        if shop.has_agent:
            stack.enter_context(running_agent(shop, tmp_path_factory))
        yield shop


@contextlib.contextmanager
def running_agent(shop, tmp_path_factory):
    """Have an agent reach the terminals, over a line of its own to Odoo."""
    folder = tmp_path_factory.mktemp("agent")
    agent = Agent(f"agent-{shop.database}", folder, sys.executable)
    with TcpProxy(shop.odoo.port) as line:
        record = agent.pair(shop, line.url, ("127.0.0.1", shop.terminal_port))
        with started(agent):
            hand_over(shop, record)
            yield


@pytest.fixture
def terminal(shop, transactions):
    """A terminal that nobody used yet, for all methods of the shop."""
    settings = {"port": shop.terminal_port, "delay": CUSTOMER_SECONDS}
    with SimulatedTerminal(**settings) as terminal:
        point_terminals(shop.installation, shop.database, terminal.port)
        yield terminal


def socket_of(postgres):
    """Return the path of the socket that a PostgreSQL of this machine listens on."""
    where = {**os.environ, **postgres.environment}
    folder = where.get("PGHOST", "/var/run/postgresql")
    return f"{folder}/.s.PGSQL.{where.get('PGPORT', 5432)}"


class NoTransactions:
    """The published addon keeps none."""

    def __init__(self, shop):
        self.shop = shop

    def states(self):
        return []

    def may_change(self):
        return False

    def returned_cents(self):
        return 0

    def forget_pages(self):
        return None

    def wait_for(self, *_states):
        return None

    def clear(self):
        self.shop.sql(CANCEL_ORDERS)


@pytest.fixture(scope="session")
def context(shop, sessions, request):
    transactions = Transactions(shop) if shop.is_ours else NoTransactions(shop)
    texts = request.getfixturevalue("translations") if shop.is_ours else {}
    owners = {1: shop.cashier, 2: shop.admin}

    def new_till(number, device=1):
        page = sessions.new_page(owners[number], device)
        till = TILLS[shop.series](page, shop, number, texts)
        till.ready = till.ready if shop.is_ours else PUBLISHED_READY
        return till.open()

    return Context(shop, transactions, sessions, new_till)


@pytest.fixture
def transactions(context):
    """What the row wrote; the next one finds nothing of it."""
    yield context.transactions
    context.transactions.clear()
    # Without transactions they would ask for attention in the rows to come.
    context.shop.sql(LEAVE_SESSION)


@pytest.fixture
def note(row):
    """Write the verdict of a row down."""
    return lambda verdict: VERDICTS.update({f"{row.when}: {row.name}": verdict})


def pytest_sessionfinish():
    """Hand the verdicts to script/faults."""
    report = os.environ.get("FAULTS_REPORT")
    if report:
        Path(report).write_text(json.dumps(VERDICTS))
