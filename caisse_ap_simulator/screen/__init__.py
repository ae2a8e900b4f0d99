# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Simulated card terminals on a web page: a display, keys, and a card to tap.

`caisse-ap simulate --screen`, or in an event loop of yours:

    async with open_screen([terminal]) as address:
        ...
"""

from .server import open_screen

__all__ = ["open_screen"]
