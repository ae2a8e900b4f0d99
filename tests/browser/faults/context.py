# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a row of the matrix is about: one sale, and all that can be broken of it."""

import contextlib
import time

from expectations import Observation
from playwright.sync_api import Error
from sessions import PATIENCE_MS
from tcp_proxy import TcpProxy
from tills import CARD, CASH

from caisse_ap_simulator import SimulatedTerminal
from shop.polling import wait_until
from shop.processes import free_port
from shop.running import OdooServer

PRODUCT = "Camembert"
END_SECONDS = 40
# What Odoo could not save is saved after two rounds of the page at the latest.
SAVED_SECONDS = 75
POLL_SECONDS = 0.1
# What is clicked while the screen changes may be gone.
GLANCE_MS = 500
SHOWN_MS = 10_000
# A dialog that comes after another one comes that soon.
DIALOG_MS = 3000
# What the server has to say reaches a page that asks now and then.
NEWS_MS = 5000
WORKERS = 2
CHOICE = ".caisse-ap-%s"
# The button that says how many payments wait for a person.
MARK = ".caisse-ap-mark"
TERRACE = {
    "name": "Terrasse",
    "use_payment_terminal": "fr-caisse_ap_ip",
    "fr_caisse_ap_ip_mode": "card",
}
ADD_TO_TILL = """
    INSERT INTO pos_config_pos_payment_method_rel (pos_config_id, pos_payment_method_id)
    VALUES (%s, %s)
"""
# No terminal: rows change the settings of all methods that have one.
UNLINK_METHOD = """
    UPDATE pos_payment_method SET use_payment_terminal = NULL WHERE id = %s
"""
OPEN_ORDERS = "SELECT id FROM pos_order WHERE state = 'draft'"
TAKE_FROM_TILL = """
    DELETE FROM pos_config_pos_payment_method_rel WHERE pos_payment_method_id = %s
"""


class Context:
    """A till, its server, the database and a terminal, each of them breakable.

    ``page_proxy``: between the page and Odoo; ``database_proxy``: between Odoo and
    PostgreSQL. ``told``: the text of all dialogs that the cashier closed.
    """

    def __init__(self, shop, transactions, sessions, new_till):
        self.shop = shop
        self.transactions = transactions
        self.sessions = sessions
        self.new_till = new_till
        self.page_proxy = shop.page_proxy
        self.database_proxy = shop.database_proxy
        self.terminal = None
        self.till = None
        self.told = []
        self.last_payment = 0
        self.is_clean = False
        self.knows_settings = False
        self.cleanups = contextlib.ExitStack()

    # -- One row of the matrix -------------------------------------------------------

    def play(self, row, terminal):
        """Play a row on a terminal, from an unpaid order to where nothing moves."""
        self.terminal = terminal
        self.prepare()
        with self.cleanups:
            row.inject(self)
            return self.look()

    def prepare(self):
        """Come to the payment screen with a Camembert, on the page of the last row."""
        self.page_proxy.repair()  # the last row may have broken off
        self.told.clear()
        self.revive()
        last = "SELECT coalesce(max(id), 0) FROM pos_payment"
        [[self.last_payment]] = self.shop.sql(last)
        is_clean, self.is_clean = self.is_clean, False
        self.knows_settings = False
        if not is_clean:
            self.sessions.close_pages()
            self.till = self.new_till(1)
        elif self.till.page.locator(self.till.receipt_screen).is_visible():
            with self.reading_on_the_way():  # what the last row was told late
                self.till.next_order()
        if not self.till.page.locator(self.till.method).first.is_visible():
            self.till.begin_order()  # some time after a receipt Odoo shows the room
            self.till.sell(PRODUCT)

    def keep_page(self, seen):
        """Leave the page ready for the next row, where that is possible.

        A payment under way may block the published addon's page for good.
        """
        if not self.shop.is_ours:
            return
        self.sessions.close_pages(but=self.till.page)
        if seen.screen == "free" and not self.owes_all():
            self.till.delete(CARD)
        on_first_device = self.till.context is self.sessions.context(self.shop.cashier)
        may_go_on = on_first_device and not self.knows_settings
        self.is_clean = may_go_on and self.is_over(seen.screen)

    def is_over(self, screen):
        """Return whether the page has no order that is cancelled before the next row.

        The orders of tables were saved: the page would go on with them.
        """
        if self.shop.has_tables:
            return screen == "sold" and not self.shop.sql(OPEN_ORDERS)
        return screen in ("sold", "free")

    # -- What a row does -------------------------------------------------------------

    def pay(self):
        self.till.pay()

    def stand(self):
        """Pay, with a customer who stands at the terminal and waits to be told."""
        self.terminal.play("manual")
        self.pay()
        self.at_terminal()
        self.till.write_down()  # no person closes a page sooner than Odoo does that

    def at_terminal(self):
        self.terminal.wait_for(lambda terminal: terminal.current, 30)

    def customer(self, does):
        """Have the customer act, and wait until the terminal has decided."""
        entries = len(self.terminal.ledger)
        self.terminal.tap(does)
        self.terminal.wait_for(lambda terminal: len(terminal.ledger) > entries)

    def ended(self, *states):
        """Wait until the transactions have these states."""
        self.transactions.wait_for(*states or ("approved",))

    def come_back(self):
        """Open the page again, and read what it tells on the way."""
        till = self.till
        till.page = till.context.new_page()
        with self.reading_on_the_way():
            till.open()

    @contextlib.contextmanager
    def reading_on_the_way(self):
        """Read and close whatever dialogs hide what the cashier wants to do."""
        told = self.till.page.locator(self.till.any_ok_button).last

        def read_all(_told):
            # Playwright goes on once there is none: they may lie on each other.
            while told.is_visible():
                button = told.element_handle()
                self.close_dialog()
                button.wait_for_element_state("hidden")

        self.till.page.add_locator_handler(told, read_all)
        yield
        self.till.page.remove_locator_handler(told)

    def another_device(self, device=2):
        """Open the till on another device, by the same cashier."""
        return self.new_till(1, device)

    def reopen_till(self):
        """Open the page anew, which learns what the method was set to since.

        And goes on believing it: it is not for the next row.
        """
        self.knows_settings = True
        self.till.close()
        self.till = self.new_till(1)
        self.till.sell(PRODUCT)

    def terminal_proxy(self):
        """Return a proxy between Odoo and the terminal, until the row has ended."""
        proxy = self.cleanups.enter_context(TcpProxy(self.terminal.port))
        self.configure(fr_caisse_ap_ip_port=proxy.port)
        return proxy

    def second_terminal(self):
        """Return a second terminal and the name of its payment method at the till."""
        terminal = self.cleanups.enter_context(SimulatedTerminal())
        return terminal, self.add_method(1, "127.0.0.1", terminal.port)

    def same_terminal(self, address):
        """Return a method of the other till that names the same terminal otherwise."""
        return self.add_method(2, address, self.terminal.port)

    def add_method(self, till, address, port):
        """Give a till one more payment method, until the row has ended."""
        where = {"fr_caisse_ap_ip_address": address, "fr_caisse_ap_ip_port": port}
        values = {**TERRACE, **where}
        method = self.shop.rpc("pos.payment.method", "create", values)
        self.shop.sql(ADD_TO_TILL, [self.shop.tills[till - 1], method])
        self.cleanups.callback(self.shop.sql, TAKE_FROM_TILL, [method])
        self.cleanups.callback(self.shop.sql, UNLINK_METHOD, [method])
        return values["name"]

    def restart_with(self, query, params):
        """Change the database while no server runs."""
        self.shop.odoo.stop()
        self.shop.sql(query, params)
        self.restart()

    def configure(self, **values):
        """Change the payment method behind Odoo's back, until the row has ended."""
        for column, value in values.items():
            ours = "use_payment_terminal IS NOT NULL"
            query = f"SELECT DISTINCT {column} FROM pos_payment_method WHERE {ours}"
            [[before]] = self.shop.sql(query)
            change = f"UPDATE pos_payment_method SET {column} = %s WHERE {ours}"
            self.shop.sql(change, [value])
            self.cleanups.callback(self.shop.sql, change, [before])

    @property
    def method(self):
        """The id of the payment method for cards."""
        return self.shop.rpc("pos.payment.method", "search", [["name", "=", CARD]])[0]

    @property
    def session(self):
        """The id of the till's open session."""
        query = "SELECT max(id) FROM pos_session WHERE config_id = %s"
        return self.shop.sql(query, [self.shop.tills[0]])[0][0]

    @property
    def cash_method(self):
        """The id of the till's payment method for cash."""
        found = [["name", "=", CASH], ["config_ids", "=", self.shop.tills[0]]]
        return self.shop.rpc("pos.payment.method", "search", found)[0]

    def reopen_session_afterwards(self):
        """Let the next rows sell, whatever becomes of the session in this one."""
        query = "UPDATE pos_session SET state = 'opened' WHERE id = %s"
        self.cleanups.callback(self.shop.sql, query, [self.session])

    def session_stays_open(self):
        """Expect that nothing of a closing was done."""
        query = "SELECT state FROM pos_session WHERE id = %s"
        assert self.shop.sql(query, [self.session]) == [["opened"]]

    def saved(self, count=1):
        """Wait until so many payments of this row have reached the server."""
        query = "SELECT count(*) FROM pos_payment WHERE id > %s"
        wait_until(lambda: self.shop.sql(query, [self.last_payment])[0][0] >= count, 30)

    def change_payment(self, **values):
        """Change the last payment in Odoo, as a correction in the office does."""
        last = self.shop.sql("SELECT max(id) FROM pos_payment")[0][0]
        self.shop.rpc("pos.payment", "write", [last], values)

    def saved_order(self):
        """Return the id of the open order that Odoo saved last."""
        query = "SELECT max(id) FROM pos_order WHERE state = 'draft'"
        return self.shop.sql(query)[0][0]

    def break_table(self, event, error, times=None, condition="true"):
        """Have PostgreSQL refuse to write the transactions, until the row has ended.

        ``event``: INSERT or UPDATE; ``error``: its SQLSTATE; ``times``: how often,
        nothing for always; ``condition``: of the row, as a trigger sees it.
        """
        self.shop.sql("DROP SEQUENCE IF EXISTS fault_times")
        self.shop.sql("CREATE SEQUENCE fault_times")
        self.shop.sql(
            f"""
            CREATE OR REPLACE FUNCTION fault() RETURNS trigger AS $$ BEGIN
                IF nextval('fault_times') <= {times or 10**9} THEN
                    RAISE EXCEPTION 'a fault of the tests' USING ERRCODE = '{error}';
                END IF;
                RETURN NEW;
            END $$ LANGUAGE plpgsql;
            CREATE TRIGGER fault BEFORE {event} ON fr_caisse_ap_ip_transaction
                FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION fault();
            """
        )
        self.cleanups.callback(self.repair_table)

    def repair_table(self):
        self.shop.sql("DROP TRIGGER IF EXISTS fault ON fr_caisse_ap_ip_transaction")

    def table_refused(self):
        """Wait until PostgreSQL has refused a write."""
        query = "SELECT is_called FROM fault_times"
        wait_until(lambda: self.shop.sql(query) == [[True]], 30)

    def logged(self, server, text):
        """Wait until a server has logged this text, as often as it has workers."""
        wait_until(lambda: server.log.read_text().count(text) >= WORKERS, 60)

    def connection_cut(self, times=1):
        """Wait until the page's connection has been cut as planned."""
        wait_until(lambda: self.page_proxy.cuts >= times, 30)

    def restart(self):
        """Start the server again."""
        self.shop.odoo.start()

    def revive(self):
        """Start the server again if it has ended, as a machine's service does.

        Odoo gives up when it cannot start a worker for want of a database.
        """
        if not self.shop.odoo.running():
            self.restart()

    def database_back(self):
        """Let Odoo reach its database again; the cashier logs in where Odoo forgot."""
        self.database_proxy.up()
        self.revive()
        self.log_in_again()

    def database_restarted(self):
        """Wait until PostgreSQL answers again."""

        def answers():
            with contextlib.suppress(Exception):  # psycopg2 has many words for it
                return self.shop.sql("SELECT 1") == [[1]]

        wait_until(answers, 60)

    def log_in_again(self):
        """Log in where Odoo forgot the cashier while it had no database."""
        till = self.till
        may_be = till.logged_out_without_database
        if may_be and self.sessions.is_logged_out(till.context):
            self.sessions.log_in(till.context, self.shop.cashier)
            till.reload()

    @contextlib.contextmanager
    def another_server(self, workers=0, environment=(), **settings):
        """Give a second Odoo server on the same database."""
        server = OdooServer(
            self.shop.installation,
            f"{self.shop.database}-second",
            self.shop.database,
            free_port(),
            workers,
            **settings,
        )
        server.environment.update(self.shop.proxied, **dict(environment))
        try:
            server.start()
            yield server
        finally:
            self.page_proxy.target = self.shop.odoo.port
            server.stop()

    def move_to(self, server):
        """Have the page talk to another server from now on."""
        self.page_proxy.target = server.port
        self.page_proxy.drop()

    # -- What is seen in the end -----------------------------------------------------

    def look(self):
        """Close what a cashier would close, until the screen says how it ended."""
        deadline = time.monotonic() + END_SECONDS
        last = screen = "waiting"
        self.till.page.set_default_timeout(GLANCE_MS)
        # A line may be free a moment before a dialog says why: look twice.
        while "waiting" in (last, screen) and time.monotonic() < deadline:
            last, screen = screen, "waiting"
            with contextlib.suppress(Error):  # the page changes while we look
                screen = self.screen()
            time.sleep(POLL_SECONDS)
        self.till.page.set_default_timeout(PATIENCE_MS)
        self.synced(screen)
        return Observation(
            screen=screen,
            moved=self.moved(),
            paid=self.paid(),
            states=tuple(self.transactions.states()),
            requests=len(self.payments()),
            returned=self.transactions.returned_cents(),
            attention=self.needs_attention(),
            told=tuple(self.told),
        )

    def screen(self):
        till = self.till
        if till.page.locator(CHOICE % "refunded").is_visible():
            return "orphan"
        if till.page.locator(CHOICE % "approved").is_visible():
            return "waiting" if self.transactions.may_change() else "asked"
        if till.page.locator(till.dialog_box).count():
            self.close_dialog()
        elif till.page.locator(MARK).is_visible():
            till.page.locator(MARK).click()
        elif till.page.locator(till.receipt_screen).is_visible():
            return "sold"
        elif till.sign("free").is_visible():
            return "free"
        elif till.sign("unknown").is_visible():
            till.sign("unknown").click()  # the button asks again
        elif till.sign("done").is_visible():
            till.validate()
            # Up to 14.0 Odoo stumbles over a second click.
            self.shown(till.receipt_screen)
        elif till.page.locator(till.table).first.is_visible():
            if self.paid():
                return "sold"
            till.open_table()
        elif till.page.locator(till.empty_order).is_visible():
            # The page was loaded again since, and saves the last order.
            return "sold" if self.paid() else "waiting"
        elif self.owes_all():
            return "free"
        elif till.page.locator(till.pay_button).is_visible():
            till.page.locator(till.pay_button).click()
        return "waiting"

    def owes_all(self):
        """Return whether the order on the payment screen has no payment at all."""
        till = self.till
        on_screen = till.page.locator(till.method).first.is_visible()
        return on_screen and not till.page.locator(till.line).count()

    def shown(self, *selectors):
        """Wait a while for one of these, or a dialog."""
        every = ", ".join([*selectors, self.till.dialog_box])
        self.till.page.locator(every).first.wait_for(timeout=SHOWN_MS)

    @contextlib.contextmanager
    def as_far_as_possible(self):
        """Do what the published addon's page may keep a cashier from doing.

        What becomes of the money then, ``look`` finds.
        """
        try:
            yield
        except (AssertionError, Error):
            if self.shop.is_ours:
                raise

    def hear_news(self):
        """Close what the cashier is told where nothing may be told as well."""
        with contextlib.suppress(Error):
            self.till.page.locator(self.till.dialog_box).last.wait_for(timeout=NEWS_MS)
            self.close_dialog()

    def close_dialogs(self):
        """Read all dialogs that come, and do what they propose."""
        with contextlib.suppress(Error):
            while True:
                dialog = self.till.page.locator(self.till.dialog_box).last
                dialog.wait_for(timeout=DIALOG_MS)
                self.close_dialog()

    def close_dialog(self):
        """Read a dialog that asks nothing, and close it."""
        self.told.append(self.till.dialog.inner_text())
        self.till.page.locator(self.till.any_ok_button).last.click()

    def synced(self, screen):
        """Wait until a sold order has reached the server."""
        if screen == "sold":
            with contextlib.suppress(TimeoutError):
                wait_until(lambda: self.paid(), SAVED_SECONDS)

    def payments(self):
        return [one for one in self.terminal.requests if one.operation == "debit"]

    def moved(self):
        entries = self.terminal.ledger.entries
        return sum(
            entry.moved_cents * (1 if entry.request.operation == "debit" else -1)
            for entry in entries
        )

    def paid(self):
        """Return the cents of this row's terminal payments in Odoo."""
        query = """
            SELECT coalesce(sum(round(payment.amount * 100)), 0)
            FROM pos_payment payment
                JOIN pos_payment_method method ON method.id = payment.payment_method_id
                JOIN pos_order o ON o.id = payment.pos_order_id
            WHERE method.use_payment_terminal IS NOT NULL AND payment.id > %s
                AND o.state NOT IN ('draft', 'cancel')
        """
        return int(float(self.shop.sql(query, [self.last_payment])[0][0]))

    def needs_attention(self):
        """Return whether the closing of the session asks for a person."""
        return self.shop.is_ours and self.closing()["needs_attention"]

    def closing(self):
        """Return what the till tells before the session is closed (dict)."""
        method = "fr_caisse_ap_ip_closing"
        login = self.shop.cashier
        return self.shop.rpc("pos.payment.method", method, self.session, login=login)
