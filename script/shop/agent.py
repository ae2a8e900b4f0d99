"""The agent of a shop: paired as a person does it, and at work."""

import os

from . import addon
from .cache import REPOSITORY
from .commands import run
from .polling import wait_until
from .processes import Process

MODEL = "fr.caisse.ap.ip.agent"
METHOD = "pos.payment.method"
TERMINAL_NAME = "comptoir"
START_SECONDS = 30
PYTHONPATH = f"{REPOSITORY / addon.NAME}{os.pathsep}{REPOSITORY}"
REMEDY = "Look at the agent's folder."


class Agent(Process):
    """``folder``: of its settings and its log of exchanges. ``python``: one with
    aiohttp. ``inside``: the words that start a program in its network."""

    def __init__(self, name, folder, python, inside=()):
        module = [*inside, python, "-m", "caisse_ap_simulator", "agent"]
        self.program = [*module, "--folder", folder]
        self.folder = folder
        self._log_before = 0
        super().__init__(name, [*self.program, "run"], {"PYTHONPATH": PYTHONPATH})

    def do(self, *words):
        """Run a command of the agent to its end."""
        command = [*self.program, *words]
        run(f"{self.name}-do", command, REMEDY, {"PYTHONPATH": PYTHONPATH})

    def start(self):
        self._log_before = len(self.told()) if self.popen else 0
        super().start()

    def told(self):
        return self.log.read_text()

    def news(self):
        """Return what was logged since the last start (text)."""
        return self.told()[self._log_before :]

    def pair(self, shop, url, terminal):
        """Become the agent of a shop, with one terminal in the list.

        ``url``: of Odoo, seen from the agent. ``terminal``: (address, port)
        Return the id of Odoo's record of the agent.
        """
        found = shop.rpc(MODEL, "search", [("name", "=", "Boutique")], limit=1)
        record = found[0] if found else shop.rpc(MODEL, "create", {"name": "Boutique"})
        shop.rpc(MODEL, "action_pairing_code", [record])
        [read] = shop.rpc(MODEL, "read", [record], ["pairing_code"])
        self.do("pair", url, read["pairing_code"])
        address, port = terminal
        self.do("terminals", "--add", TERMINAL_NAME, address, "--port", port)
        return record


def hand_over(shop, record):
    """Have a shop's terminals reached by an agent that runs, where they are not yet."""

    def terminals():
        return shop.rpc(MODEL, "read", [record], ["terminal_ids"])[0]["terminal_ids"]

    offered = wait_until(terminals, START_SECONDS)
    ours = ("use_payment_terminal", "=", "fr-caisse_ap_ip")
    directly = ("fr_caisse_ap_ip_carrier", "=", "server")
    methods = shop.rpc(METHOD, "search", [ours, directly])
    values = {
        "fr_caisse_ap_ip_carrier": "agent",
        "fr_caisse_ap_ip_terminal_id": offered[0],
    }
    shop.rpc(METHOD, "write", methods, values)
