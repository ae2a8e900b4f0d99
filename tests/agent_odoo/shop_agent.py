# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The agent as a person sets it up and runs it, and what a till asks through it."""

import json
import shutil
import sys
import uuid
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from caisse_ap_agent.config import load
from caisse_ap_agent.odoo import PREFIX
from shop.agent import MODEL, Agent, hand_over
from shop.polling import wait_until
from shop.processes import started

PATIENCE_SECONDS = 60.0
ODD_AGENT = Path(__file__).with_name("odd_agent.py")
# What minutes without the agent leave behind.
LAPSE = "UPDATE fr_caisse_ap_ip_transaction SET lease_until = lease_until - {0}"
GONE = "UPDATE fr_caisse_ap_ip_agent SET seen_at = seen_at - {0}"
MINUTES = "interval '5 minutes'"


class ShopAgent:
    """`shop`: a running Shop. `folder`: of the agent. `url`: of Odoo, seen from it."""

    def __init__(self, shop, folder, url):
        self.shop = shop
        self.folder = folder
        self.process = Agent(f"agent-{shop.database}", folder, sys.executable)
        terminal = shop.terminal
        self.record = self.process.pair(shop, url, (terminal.host, terminal.port))
        with started(self.process):
            hand_over(shop, self.record)
        cards = [
            ("fr_caisse_ap_ip_carrier", "=", "agent"),
            ("fr_caisse_ap_ip_mode", "=", "card"),
        ]
        [self.method] = shop.rpc("pos.payment.method", "search", cards, limit=1)
        self.session = self._open_session()

    def _open_session(self):
        found = [("payment_method_ids", "in", [self.method])]
        [config] = self.shop.rpc("pos.config", "search", found, limit=1)
        still_open = [("config_id", "=", config), ("state", "!=", "closed")]
        [session] = self.shop.rpc("pos.session", "search", still_open, limit=1) or [
            self.shop.rpc("pos.session", "create", {"config_id": config})
        ]
        self.shop.rpc("pos.session", "write", [session], {"state": "opened"})
        return session

    # -- The program -------------------------------------------------------------------

    def start(self):
        """Start it, and wait until it asks no more but when it is rung for."""
        self._start()
        # Its first claim said that it did not yet.
        self.wait_for(lambda: self.read("on_bus"))

    def _start(self):
        self.process.start()
        self.logged("Listening on the bus")

    def start_odd(self, oddity):
        """Start it with one of the oddities of `odd_agent.py`."""
        usual = self.process.command
        self.process.command = [sys.executable, str(ODD_AGENT), oddity, *usual[3:]]
        self._start()
        self.process.command = usual

    def died(self):
        """Wait until it has died by itself."""
        self.wait_for(lambda: not self.process.running())

    def logged(self, text, times=1):
        """Wait until this run has logged a text, so many times."""
        self.wait_for(lambda: self.process.news().count(text) >= times)

    def second_program(self, folder):
        """Return a program with the same settings, which nobody has started yet."""
        folder.mkdir()
        shutil.copy(self.folder / "agent.ini", folder)
        return Agent(f"agent-{self.shop.database}-second", folder, sys.executable)

    def post(self, route, **body):
        """Call Odoo with the agent's token. Return the status and the answer."""
        config = load(self.folder)
        call = Request(
            f"{self.shop.url}{PREFIX}{route}",
            data=json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {config.token}",
                "Content-Type": "text/plain",
            },
        )
        try:
            with urlopen(call) as answer:
                return answer.status, json.load(answer)
        except HTTPError as error:
            return error.code, json.load(error)

    def moved_cents(self):
        """Return what left the customers of the terminal so far (int)."""
        return sum(entry.moved_cents for entry in self.shop.terminal.ledger.entries)

    # -- Odoo --------------------------------------------------------------------------

    def read(self, field):
        return self.shop.rpc(MODEL, "read", [self.record], [field])[0][field]

    def ask(self, cents=1234, method=None):
        """Start a payment as a till does. Return the state (dict)."""
        payload = {
            "reference": str(uuid.uuid4()),
            "line_uuid": str(uuid.uuid4()),
            "order_uuid": str(uuid.uuid4()),
            "order_name": "Order 0001",
            "session_id": self.session,
            "operation": "debit",
            "amount_cents": cents,
            "refunded_lines": [],
        }
        return self.shop.rpc(
            "pos.payment.method",
            "fr_caisse_ap_ip_start",
            [method or self.method],
            payload,
            login=self.shop.cashier,
        )

    def ask_with_a_customer(self, **values):
        """Start a payment whose customer stands at the terminal. Return the state."""
        self.shop.terminal.play("manual")
        asked = self.ask(**values)
        self.shop.terminal.wait_for(lambda each: each.current, PATIENCE_SECONDS)
        return asked

    def customer_pays(self):
        """Have the customer pay, and wait until the terminal has decided."""
        terminal = self.shop.terminal
        entries = len(terminal.ledger)
        terminal.tap()
        terminal.wait_for(lambda each: len(each.ledger) > entries)

    def state_of(self, asked):
        """Return the state now (dict) of what was asked."""
        reference = asked["reference"]
        states = self.shop.rpc(
            "pos.payment.method",
            "fr_caisse_ap_ip_status",
            [reference],
            login=self.shop.cashier,
        )
        return states[reference]

    def becomes(self, asked, *wanted):
        """Wait until a payment has one of these states. Return its state (dict)."""

        def found():
            state = self.state_of(asked)
            return state["state"] in wanted and state

        return self.wait_for(found)

    def end_of(self, asked):
        """Wait until a payment waits no more. Return its state (dict)."""
        return self.becomes(asked, "approved", "refused", "unknown", "not_sent")

    def minutes_pass(self, query):
        """Have Odoo believe that the agent was away for minutes."""
        self.shop.sql(query.format(MINUTES))

    def wait_for(self, condition):
        """Wait until a function returns something true, and return it."""
        return wait_until(condition, PATIENCE_SECONDS, self._last_words)

    def _last_words(self):
        return self.process.told()[-3000:]
