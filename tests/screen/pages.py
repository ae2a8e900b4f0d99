# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The page of terminals that run in a thread."""

import contextlib

from caisse_ap_simulator.screen import open_screen


@contextlib.contextmanager
def served(thread, terminals, **options):
    """Give the address of a page; the terminals run in the same thread."""
    context = open_screen(terminals, **options)
    address = thread.run(context.__aenter__())
    try:
        yield address
    finally:
        thread.run(context.__aexit__(None, None, None))
