# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Many agents in one process, each with a folder in the one that is named, until
SIGTERM."""

import asyncio
import random
import signal
import sys
from pathlib import Path

from caisse_ap_agent.agent import Agent
from caisse_ap_agent.config import load
from caisse_ap_agent.exchange_log import ExchangeLog
from caisse_ap_agent.odoo import Odoo

# Shops do not open all at the same second.
OPENING_SECONDS = 20


async def main(folders):
    stopped = asyncio.Event()
    asyncio.get_event_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    await asyncio.gather(*(work(folder, stopped) for folder in folders))


async def work(folder, stopped):
    config = load(folder)
    await asyncio.sleep(random.uniform(0, OPENING_SECONDS))
    async with Odoo(config) as odoo:
        await Agent(config, ExchangeLog(folder), odoo).run(stopped)


if __name__ == "__main__":
    asyncio.run(main(sorted(Path(sys.argv[1]).iterdir())))
