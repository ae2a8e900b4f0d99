"""A shop that runs: a database of its own, an Odoo server, a simulated terminal.

For tests: ``with running_shop("19.0") as shop: …``
"""

import contextlib
import urllib.request
import xmlrpc.client

from caisse_ap_simulator import SimulatedTerminal

from . import database
from .installation import ready
from .processes import Process, free_port, started
from .series import named

START_SECONDS = 120
# A browser opens connections ahead; to Odoo 14.0 with threads each is a request that
# lasts, and after two minutes it would start itself anew.
PATIENCE = {"limit_time_real": 3600}
POINT_TERMINALS = """
    UPDATE pos_payment_method SET fr_caisse_ap_ip_port = %s
    WHERE fr_caisse_ap_ip_address = '127.0.0.1'
"""


class OdooServer(Process):
    """An Odoo server process of one database.

    ``workers``: 0 for threads; else prefork, and the bus listens on a port of its own
    that no till can reach: it then polls. ``settings``: more of Odoo's settings.
    """

    def __init__(self, installation, name, database, http_port, workers=0, **settings):
        self.port = http_port
        self.url = f"http://127.0.0.1:{http_port}"
        chosen = {
            "db_name": database,
            "dbfilter": f"^{database}$",
            "list_db": False,
            "http_port": http_port,
            "workers": workers,
            "max_cron_threads": 1,
            installation.series.bus_port_option: bus_port(http_port),
            **({} if workers else PATIENCE),
            **settings,
        }
        super().__init__(
            name, installation.command(name, **chosen), installation.environment
        )

    def start(self):
        """Start it and wait until it answers."""
        super().start()
        self.wait_for(self.answers, START_SECONDS)

    def answers(self):
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(f"{self.url}/web/login", timeout=30) as page:
                return page.status == 200
        return False


def bus_port(http_port):
    return http_port + 3


def point_terminals(installation, name, port):
    """Have the payment methods on a terminal of this machine use this port."""
    installation.sql(name, POINT_TERMINALS, [port])


class Shop:
    """What a test can see of a running shop, and do to it.

    ``odoo``: the ``OdooServer``; its ``kill()`` is a kill -9 of all its processes, and
    ``stop()`` and ``start()`` do what they say. ``terminal``: the simulated terminal
    (``caisse_ap_simulator.SimulatedTerminal``) that both tills use.
    """

    has_tables = False  # where pos_restaurant puts them
    admin = ("admin", "admin")
    cashier = ("caisse", "caisse")

    def __init__(self, installation, database, odoo, terminal=None):
        self.installation = installation
        self.series = installation.series.name
        self.database = database
        self.odoo = odoo
        self.terminal = terminal
        self.url = odoo.url
        tills = self.sql("SELECT id FROM pos_config ORDER BY id")
        self.tills = [till for (till,) in tills]

    def till_url(self, number=1):
        """Return the address of a till's page; the tills are number 1 and 2."""
        path = self.installation.series.till_path % self.tills[number - 1]
        return self.url + path

    def sql(self, query, params=()):
        """Run a statement in the shop's database; return its rows, each one a list."""
        return self.installation.sql(self.database, query, params)

    @property
    def environment(self):
        """Return PGHOST and the like, for psql or psycopg2."""
        return self.installation.postgres.environment

    def rpc(self, model, method, *args, login=admin, **kwargs):
        """Call a method of a model as a user; xmlrpc.client.Fault when it raises."""
        name, password = login
        connect = xmlrpc.client.ServerProxy
        user = connect(f"{self.url}/xmlrpc/2/common").authenticate(
            self.database, name, password, {}
        )
        models = connect(f"{self.url}/xmlrpc/2/object", allow_none=True)
        return models.execute_kw(
            self.database, user, password, model, method, args, kwargs
        )


@contextlib.contextmanager
def running_shop(
    series="19.0", workers=0, lang="fr_FR", odoo=None, delay=0.2, **settings
):
    """Give a ``Shop`` with a fresh database; all is stopped and removed at the end.

    ``odoo``: the path of an Odoo, or nothing to find one. ``delay``: seconds that the
    terminal's customer takes. ``settings``: more of Odoo's settings.
    """
    with ready(named(series), odoo) as installation:
        with opened_shop(installation, workers, lang, **settings) as shop:
            with SimulatedTerminal(delay=delay) as terminal:
                point_terminals(installation, shop.database, terminal.port)
                shop.terminal = terminal
                yield shop


@contextlib.contextmanager
def opened_shop(
    installation, workers=0, lang="fr_FR", environment=(), modules=(), **settings
):
    """Give the ``Shop`` of an ``Installation``, without a terminal.

    ``environment``: more of the server's environment. ``modules``: more modules of
    Odoo than the shop has.
    """
    template = database.shop_template(installation, lang)
    with fresh_database(installation, template) as name:
        if modules:
            installation.install(name, modules)
        server = OdooServer(installation, name, name, free_port(), workers, **settings)
        server.environment.update(environment)
        with started(server):
            yield Shop(installation, name, server)


@contextlib.contextmanager
def fresh_database(installation, template):
    """Give the name of a new copy of a template; it is removed at the end.

    ``template``: what ``database.shop_template`` and its like return.
    """
    database.remove_abandoned(installation)
    name = database.test_name(installation)
    try:
        with template as source:
            database.copy(installation, source, name)
            database.set_comment(installation, name, database.test_label())
        yield name
    finally:
        database.drop(installation, name)
