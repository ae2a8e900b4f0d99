# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The agent's program, with an oddity: the first argument names it.

DEATHS: where it is killed, as by kill -9. `old`: a version of some time ago.
"""

import functools
import os
import signal
import sys

from caisse_ap_agent import agent
from caisse_ap_agent.agent import Agent
from caisse_ap_agent.exchange_log import ExchangeLog
from caisse_ap_agent.odoo import Odoo
from caisse_ap_simulator.cli import main

OLD = "old"
BEFORE, AFTER = "before", "after"
DEATHS = {
    "claim answered": (Agent, "_carry", BEFORE),
    "begun": (ExchangeLog, "begin", AFTER),
    "noted as sent": (ExchangeLog, "sent", AFTER),
    "terminal answered": (ExchangeLog, "answer", BEFORE),
    "answer noted": (ExchangeLog, "answer", AFTER),
    "handed in": (ExchangeLog, "acknowledge", BEFORE),
}


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def deadly(function, when):
    @functools.wraps(function)
    def call(*args, **kwargs):
        if when == BEFORE:
            die()
        function(*args, **kwargs)
        die()

    return call


def older(call):
    """Return a call that does not tell what was not told then."""
    return lambda odoo, route, on_bus=None, **body: call(odoo, route, **body)


def become(oddity):
    if oddity == OLD:
        agent.__version__ = "0.1"
        Odoo.call = older(Odoo.call)
        return
    kind, name, when = DEATHS[oddity]
    setattr(kind, name, deadly(getattr(kind, name), when))


if __name__ == "__main__":
    become(sys.argv[1])
    sys.exit(main(sys.argv[2:]))
