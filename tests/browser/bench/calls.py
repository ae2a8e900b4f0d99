# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the calls of a till cost: while many customers pay, and with many rows."""

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
# Copies row by row through jsonb took minutes for what this does in one.
COPY_ROWS = """
    INSERT INTO fr_caisse_ap_ip_transaction ({columns})
    SELECT {values} FROM fr_caisse_ap_ip_transaction, generate_series(1, %s) n
    WHERE reference = %s
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
    return median_milliseconds(
        lambda: connection.call("res.users", "read", [connection.user], ["login"])
    )


def median_milliseconds(call, count=CALLS, prepare=lambda: None):
    """Return the median milliseconds of a call, each one prepared."""
    seconds = []
    for _call in range(count):
        prepare()
        began = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - began)
    return 1000 * statistics.median(seconds)


# -- With many rows --------------------------------------------------------------------


def with_rows(options):
    """Return the median milliseconds of each call of a till: (name, before, after).

    Before: no row but its own. After: ``options.rows`` more, of an earlier session.
    """
    with running_shop(options.series, odoo=options.odoo, delay=0) as shop:
        shop.terminal.scenario = "refuse"
        till = TillCalls(shop)
        before = till.medians()
        till.add_rows(options.rows)
        after = till.medians()
    return [(name, before[name], after[name]) for name in before]


class TillCalls:
    """What a till calls, and the terminal that refuses everything."""

    def __init__(self, shop):
        self.shop = shop
        self.connection = Connection(shop)
        self.session = open_session(shop)
        find = (
            "SELECT id FROM pos_payment_method WHERE name::text LIKE '%%' || %s || '%%'"
        )
        self.method = shop.sql(find, [CARD])[0][0]
        self.reference = self.start()["reference"]
        self.wait()

    def start(self):
        asked = payload(self.session)
        return self.connection.call(METHOD, "fr_caisse_ap_ip_start", self.method, asked)

    def wait(self):
        """Wait until no row holds the terminal."""
        held = "SELECT 1 FROM fr_caisse_ap_ip_transaction WHERE lease_until IS NOT NULL"
        wait_until(lambda: not self.shop.sql(held), START_PATIENCE)

    def medians(self, count=60):
        """Return a dict of the name of a call to its median milliseconds."""
        call = self.connection.call
        status = ["fr_caisse_ap_ip_status", [self.reference]]
        lines = [str(uuid.uuid4()) for _line in range(5)]
        unfinished = [
            "fr_caisse_ap_ip_unfinished",
            self.session,
            lines,
            "a-page-of-mine",
        ]
        closing = ["fr_caisse_ap_ip_closing", self.session]
        return {
            "start": median_milliseconds(self.start, count, self.wait),
            **{
                words[0].rpartition("_")[2]: median_milliseconds(
                    lambda words=words: call(METHOD, *words), count
                )
                for words in (status, unfinished, closing)
            },
        }

    def add_rows(self, count):
        self.wait()
        [[earlier]] = self.shop.sql(COPY_SESSION, [self.session])
        columns = [name for (name,) in self.shop.sql(COLUMNS)]
        values = [OWN_COLUMNS.get(name, name) for name in columns]
        copy = COPY_ROWS.format(columns=", ".join(columns), values=", ".join(values))
        self.shop.sql(copy, [earlier, count, self.reference])
        self.shop.sql("VACUUM ANALYZE fr_caisse_ap_ip_transaction")
