# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the calls of a till cost: while many customers pay, and with many rows."""

import contextlib
import functools
import statistics
import time
import uuid

from connection import METHOD, Connection, open_session, payload
from tills import CARD
from transactions import Transactions

from caisse_ap_simulator import SimulatedTerminals
from shop.polling import wait_until
from shop.running import running_shop

WORKERS = 2
CALLS = 300
ROUNDS = 100
START_PATIENCE = 30
COPY_METHOD = """
    INSERT INTO pos_payment_method
    SELECT (jsonb_populate_record(method, jsonb_build_object(
        'id', nextval('pos_payment_method_id_seq'), 'fr_caisse_ap_ip_port', port
    ))).*
    FROM pos_payment_method method, unnest(%s) port
    WHERE method.name::text LIKE '%%' || %s || '%%'
    RETURNING id
"""
ADD_TO_TILL = """
    INSERT INTO pos_config_pos_payment_method_rel (pos_config_id, pos_payment_method_id)
    SELECT %s, unnest(%s)
"""
# Rows of an earlier session, as a shop has them after years.
COPY_SESSION = """
    INSERT INTO pos_session
    SELECT (jsonb_populate_record(session, jsonb_build_object(
        'id', nextval('pos_session_id_seq'), 'state', 'closed', 'name', 'earlier',
        'access_token', gen_random_uuid()
    ))).*
    FROM pos_session session WHERE id = %s
    RETURNING id
"""
COLUMNS = """
    SELECT column_name FROM information_schema.columns
    WHERE table_name = 'fr_caisse_ap_ip_transaction' ORDER BY ordinal_position
"""
# What the copies of a row have of their own: SQL of n, and of their session.
OWN_COLUMNS = {
    "id": "nextval('fr_caisse_ap_ip_transaction_id_seq')",
    "reference": "gen_random_uuid()",
    "line_uuid": "gen_random_uuid()",
    "owner_uuid": "gen_random_uuid()",
    "order_uuid": "gen_random_uuid()",
    "owner_order_uuid": "gen_random_uuid()",
    "session_id": "%s",
    "state": "CASE WHEN n %% 10 = 0 THEN 'refused' ELSE 'approved' END",
    "resolution": "CASE WHEN n %% 10 > 0 THEN 'refunded' END",
}
INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE tablename = 'fr_caisse_ap_ip_transaction' AND indexname NOT LIKE '%_pkey'
"""
# In one database transaction. With checks of foreign keys, and indexes that grow with
# each row, a million took over four minutes; the copies point where their model does.
COPY_ROWS = """
    SET LOCAL session_replication_role = replica;
    {drop_indexes};
    INSERT INTO fr_caisse_ap_ip_transaction ({columns})
    SELECT {values} FROM fr_caisse_ap_ip_transaction, generate_series(1, %s) n
    WHERE reference = %s;
    {create_indexes}
"""


# -- While many customers pay ----------------------------------------------------------


def while_customers_pay(options):
    """Return the median milliseconds of a small call, idle and while they wait."""
    settings = {"odoo": options.odoo, "workers": WORKERS}
    terminals = SimulatedTerminals(options.terminals, scenario="manual")
    with running_shop(options.series, **settings) as shop, terminals:
        connection = Connection(shop)
        session = open_session(shop)
        methods = add_methods(shop, [terminal.port for terminal in terminals])
        idle = median_call(connection)
        for method in methods:
            connection.call(METHOD, "fr_caisse_ap_ip_start", method, payload(session))
        for terminal in terminals:
            terminal.wait_for(lambda terminal: terminal.current, START_PATIENCE)
        loaded = median_call(connection)
        assert Transactions(shop).states() == ["sent"] * options.terminals
    return idle, loaded


def add_methods(shop, ports):
    """Return the ids of payment methods of the first till, a terminal for each."""
    methods = [method for (method,) in shop.sql(COPY_METHOD, [ports, CARD])]
    shop.sql(ADD_TO_TILL, [shop.tills[0], methods])
    return methods


def median_call(connection):
    read = ("res.users", "read", [connection.user], ["login"])
    calls = [milliseconds(lambda: connection.call(*read)) for _call in range(CALLS)]
    return statistics.median(calls)


def milliseconds(call):
    """Return how long a call takes."""
    began = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - began)


# -- With many rows --------------------------------------------------------------------


def with_rows(options):
    """Return (name, milliseconds without, milliseconds with) of each call of a till.

    Without: no row but its own. With: ``options.rows`` more, of an earlier session. Two
    shops are asked in turn: whatever else the machine has to do, it has to do for both.
    """
    settings = {"odoo": options.odoo, "delay": 0}
    with contextlib.ExitStack() as stack:
        shops = [
            stack.enter_context(running_shop(options.series, **settings))
            for _shop in range(2)
        ]
        without, full = [TillCalls(shop) for shop in shops]
        full.add_rows(options.rows)
        found = {}
        for _round in range(ROUNDS):
            for number, till in enumerate((without, full)):
                for name, call in till.calls().items():
                    times = found.setdefault(name, ([], []))
                    times[number].append(milliseconds(call))
    return [(name, *times) for name, times in found.items()]


class TillCalls:
    """What a till calls, and the terminal that refuses everything."""

    def __init__(self, shop):
        shop.terminal.scenario = "refuse"
        self.shop = shop
        self.connection = Connection(shop)
        self.session = open_session(shop)
        find = (
            "SELECT id FROM pos_payment_method WHERE name::text LIKE '%%' || %s || '%%'"
        )
        self.method = shop.sql(find, [CARD])[0][0]
        asked = payload(self.session)
        self.reference = self.call("start", self.method, asked)["reference"]
        self.lines = [str(uuid.uuid4()) for _line in range(5)]

    def call(self, name, *words):
        return self.connection.call(METHOD, f"fr_caisse_ap_ip_{name}", *words)

    def wait(self):
        """Wait until no row holds the terminal."""
        held = "SELECT 1 FROM fr_caisse_ap_ip_transaction WHERE lease_until IS NOT NULL"
        wait_until(lambda: not self.shop.sql(held), START_PATIENCE)

    def calls(self):
        """Return a dict of the name of a call to the call, ready to be made in turn."""
        self.wait()
        asked = {
            "status": [[self.reference]],
            "unfinished": [self.session, self.lines, "a-page-of-mine"],
            "closing": [self.session],
            "start": [self.method, payload(self.session)],
        }
        return {
            name: functools.partial(self.call, name, *words)
            for name, words in asked.items()
        }

    def add_rows(self, count):
        self.wait()
        [[earlier]] = self.shop.sql(COPY_SESSION, [self.session])
        columns = [name for (name,) in self.shop.sql(COLUMNS)]
        values = [OWN_COLUMNS.get(name, name) for name in columns]
        indexes = self.shop.sql(INDEXES)
        copy = COPY_ROWS.format(
            columns=", ".join(columns),
            values=", ".join(values),
            drop_indexes="; ".join(f"DROP INDEX {name}" for name, _made in indexes),
            create_indexes="; ".join(made for _name, made in indexes),
        )
        self.shop.sql(copy, [earlier, count, self.reference])
        self.shop.sql("VACUUM ANALYZE fr_caisse_ap_ip_transaction")
