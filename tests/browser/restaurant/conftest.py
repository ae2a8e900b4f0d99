# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A shop whose tills split bills, as a restaurant's do, and where waiters log in.

They do at its second till: its first one is the Odoo user's.
"""

import os

import pytest

from shop import series
from shop.installation import ready
from shop.running import opened_shop

# Split bills, and begin with the products, not with the tables of a room. Odoo's own
# form refuses to change a till whose session is open.
SPLIT_BILLS = "UPDATE pos_config SET iface_splitbill = true"
SPLIT_BILLS_19 = """
    UPDATE pos_config SET module_pos_restaurant = true, default_screen = 'register'
"""
WAITERS_LOG_IN = "UPDATE pos_config SET module_pos_hr = true WHERE id = %s"


@pytest.fixture(scope="session")
def shop():
    chosen = series.named(os.environ.get("SHOP_SERIES", "19.0"))
    if chosen.name == "18.0":
        pytest.skip("a till of 18.0 that splits bills begins with the tables of a room")
    with ready(chosen, os.environ.get("SHOP_ODOO")) as installation:
        with opened_shop(installation, modules=["pos_restaurant", "pos_hr"]) as shop:
            shop.sql(SPLIT_BILLS_19 if chosen.name == "19.0" else SPLIT_BILLS)
            shop.sql(WAITERS_LOG_IN, [shop.tills[1]])
            yield shop
