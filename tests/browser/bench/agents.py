# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What an agent costs: a payment through it, and two hundred of them on a server."""

import contextlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from connection import Connection, open_session
from sessions import running_chromium
from tills import CARD

from caisse_ap_agent.config import Config, Terminal
from shop import series
from shop.agent import PYTHONPATH, Agent, hand_over
from shop.installation import ready
from shop.network import LOOPBACK, Relay
from shop.polling import wait_until
from shop.processes import started
from shop.running import bus_port, running_shop

from .calls import ADD_TO_TILL, WORKERS, median_call
from .front import Front
from .payments import ENDINGS, OURS, disk_of, side

THROUGH = "through an agent"
# Of a line between a shop and its server: there and back.
ROUND_TRIP_SECONDS = 0.025
MANY = Path(__file__).with_name("many_agents.py")
HERE_SECONDS = 120
PAIRED = """
    INSERT INTO fr_caisse_ap_ip_agent (name, company_id, token_hash, channel)
    SELECT 'agent ' || n, (SELECT min(id) FROM res_company),
        encode(sha256(('agent ' || n)::bytea), 'hex'), 'fr_caisse_ap_ip_channel ' || n
    FROM generate_series(0, %s - 1) n
"""
HEARD_OF = """
    SELECT count(*) FROM fr_caisse_ap_ip_agent WHERE seen_at IS NOT NULL
"""
A_METHOD_FOR_EACH = """
    INSERT INTO pos_payment_method
    SELECT (jsonb_populate_record(method, jsonb_build_object(
        'id', nextval('pos_payment_method_id_seq'), 'fr_caisse_ap_ip_carrier', 'agent',
        'fr_caisse_ap_ip_terminal_id', terminal.id
    ))).*
    FROM pos_payment_method method, fr_caisse_ap_ip_agent_terminal terminal
    WHERE method.name::text LIKE '%%' || %s || '%%'
    RETURNING id
"""


# -- One payment -----------------------------------------------------------------------


def compared(options):
    """Return two sides: payments that the server sends, and those through an agent.

    The agent's line to the server takes its time; the server is beside its terminal.
    """
    with contextlib.ExitStack() as stack:
        found = ready(series.named(options.series), options.odoo)
        installation = stack.enter_context(found)
        chromium = stack.enter_context(running_chromium())
        stack.enter_context(disk_of(installation, "on"))
        both = [
            stack.enter_context(side(name, installation, chromium, options))
            for name in (OURS, THROUGH)
        ]
        stack.enter_context(agent_of(both[1]))
        for each in both:
            each.pay("closed")  # what only the first payment costs
            each.payments.clear()
        for number in range(options.count):
            for each in both:
                each.pay(list(ENDINGS)[number % len(ENDINGS)])
    return both


@contextlib.contextmanager
def agent_of(side):
    """Have an agent reach the terminal of a side, over a line that takes its time."""
    shop, terminal = side.shop, side.terminal
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        front = stack.enter_context(Front(shop.odoo.port, shop.odoo.port))
        line = Relay((LOOPBACK, 0), front.address, seconds=ROUND_TRIP_SECONDS / 2)
        port = stack.enter_context(line).port
        agent = Agent(f"agent-{shop.database}", Path(folder), sys.executable)
        url = f"http://{LOOPBACK}:{port}"
        record = agent.pair(shop, url, (terminal.host, terminal.port))
        stack.enter_context(started(agent))
        hand_over(shop, record)
        yield


# -- Many agents -----------------------------------------------------------------------


def while_agents_wait(options):
    """Return median milliseconds of a small call: idle, with the bus, without.

    All the agents' shops have an open session.
    """
    settings = {"odoo": options.odoo, "workers": WORKERS}
    with running_shop(options.series, **settings) as shop:
        connection = Connection(shop)
        median_call(connection)  # what only the first calls of a worker cost
        idle = median_call(connection)
        shop.sql(PAIRED, [options.agents])
        with many_agents(shop, options.agents, bus_port(shop.odoo.port)):
            add_methods(shop)
            # From their next claims on they know of the session.
            time.sleep(HERE_SECONDS / 2)
            listening = median_call(connection)
        with many_agents(shop, options.agents, None):
            time.sleep(HERE_SECONDS / 4)
            asking = median_call(connection)
    return idle, listening, asking


def add_methods(shop):
    session = open_session(shop)
    assert session
    methods = [method for (method,) in shop.sql(A_METHOD_FOR_EACH, [CARD])]
    shop.sql(ADD_TO_TILL, [shop.tills[0], methods])


@contextlib.contextmanager
def many_agents(shop, count, bus):
    """Run agents in one process of their own until all have been heard of.

    ``bus``: the port of the bus, or None where they must ask.
    """
    shop.sql("UPDATE fr_caisse_ap_ip_agent SET seen_at = NULL, epoch = NULL")
    with tempfile.TemporaryDirectory() as folder, Front(shop.odoo.port, bus) as front:
        for number in range(count):
            Config(
                Path(folder, f"agent {number}"),
                url="http://{}:{}".format(*front.address[:2]),
                token=f"agent {number}",
                terminals={"counter": Terminal("192.168.1.50", 8888)},
            ).save()
        program = subprocess.Popen(
            [sys.executable, str(MANY), folder], env={"PYTHONPATH": PYTHONPATH}
        )
        try:
            wait_until(lambda: shop.sql(HEARD_OF) == [[count]], HERE_SECONDS)
            yield
        finally:
            program.terminate()
            program.wait()
