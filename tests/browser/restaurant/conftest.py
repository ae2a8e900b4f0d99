# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A shop whose tills split bills, as a restaurant's do."""

import os

import pytest

from shop import series
from shop.installation import ready
from shop.running import opened_shop

SPLIT_BILLS = """
    UPDATE pos_config SET module_pos_restaurant = true, iface_splitbill = true
"""
# These would begin with the tables of the room.
BEGIN_WITH_PRODUCTS = "UPDATE pos_config SET default_screen = 'register'"


@pytest.fixture(scope="session")
def shop():
    chosen = series.named(os.environ.get("SHOP_SERIES", "19.0"))
    with ready(chosen, os.environ.get("SHOP_ODOO")) as installation:
        with opened_shop(installation, modules=["pos_restaurant"]) as shop:
            # Odoo lets nobody change it while a session is open.
            shop.sql(SPLIT_BILLS)
            if chosen.name in ("18.0", "19.0"):
                shop.sql(BEGIN_WITH_PRODUCTS)
            yield shop
