# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The agent as a person sets it up and runs it, and what a till asks through it."""

import os
import signal
import subprocess
import sys
import uuid

from shop.polling import wait_until

PATIENCE_SECONDS = 30.0
MODULE = [sys.executable, "-m", "caisse_ap_simulator", "agent"]


class ShopAgent:
    """`shop`: a running Shop. `folder`: of the agent's settings and log."""

    def __init__(self, shop, folder):
        self.shop = shop
        self.folder = folder
        self.process = None
        self.record = shop.rpc("fr.caisse.ap.ip.agent", "create", {"name": "Boutique"})
        shop.rpc("fr.caisse.ap.ip.agent", "action_pairing_code", [self.record])
        self.command("pair", shop.url, self.read("pairing_code"))
        terminal = shop.terminal
        self.command(
            "terminals", "--add", "comptoir", terminal.host, "--port", terminal.port
        )
        self.start()
        [terminal_id] = self.wait_for(lambda: self.read("terminal_ids"))
        [self.method] = self.shop.rpc(
            "pos.payment.method",
            "search",
            [
                ("use_payment_terminal", "=", "fr-caisse_ap_ip"),
                ("fr_caisse_ap_ip_mode", "=", "card"),
            ],
            limit=1,
        )
        values = {
            "fr_caisse_ap_ip_carrier": "agent",
            "fr_caisse_ap_ip_terminal_id": terminal_id,
            # This server does not reach it.
            "fr_caisse_ap_ip_address": False,
        }
        shop.rpc("pos.payment.method", "write", [self.method], values)
        self.session = self._open_session()
        self.stop()

    def _open_session(self):
        [config] = self.shop.rpc(
            "pos.config",
            "search",
            [("payment_method_ids", "in", [self.method])],
            limit=1,
        )
        still_open = [("config_id", "=", config), ("state", "!=", "closed")]
        found = self.shop.rpc("pos.session", "search", still_open, limit=1)
        session = found[0] if found else self._create_session(config)
        self.shop.rpc("pos.session", "write", [session], {"state": "opened"})
        return session

    def _create_session(self, config):
        return self.shop.rpc("pos.session", "create", {"config_id": config})

    def read(self, field):
        model = "fr.caisse.ap.ip.agent"
        return self.shop.rpc(model, "read", [self.record], [field])[0][field]

    def command(self, *words):
        """Run a command of the agent to its end."""
        command = [*MODULE, "--folder", self.folder, *words]
        subprocess.run(list(map(str, command)), env=_environment(), check=True)

    def start(self):
        command = [*MODULE, "--folder", str(self.folder), "run"]
        with open(self.folder / "agent.log", "wb") as log:
            self.process = subprocess.Popen(command, env=_environment(), stderr=log)
        # It is there once it has claimed.
        self.wait_for(lambda: "Listening on the bus" in self.log())

    def log(self):
        """Return what this run has logged (text)."""
        return (self.folder / "agent.log").read_text()

    def stop(self, number=signal.SIGTERM):
        """End the program and wait for its end."""
        if self.process:
            self.process.send_signal(number)
            self.process.wait(PATIENCE_SECONDS)
            self.process = None

    def ask(self, cents=1234, **values):
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
            [self.method],
            dict(payload, **values),
            login=self.shop.cashier,
        )

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

    def end_of(self, asked):
        """Wait until a payment waits no more. Return its state (dict)."""

        def ended():
            state = self.state_of(asked)
            return state["state"] not in ("pending", "sent") and state

        return self.wait_for(ended)

    def wait_for(self, condition):
        """Wait until a function returns something true, and return it."""
        return wait_until(condition, PATIENCE_SECONDS, lambda: self.log()[-3000:])


def _environment():
    return dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path))
