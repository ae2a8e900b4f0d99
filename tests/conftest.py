# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Four folders on the path, as for whoever uses what is in them; and a running shop.

SHOP_SERIES chooses the series of Odoo, SHOP_ODOO where it lies.
"""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

FOLDERS = (ROOT / "l10n_fr_pos_caisse_ap_ip", ROOT / "script", ROOT / "setup", ROOT)
sys.path[:0] = map(str, FOLDERS)


@pytest.fixture(scope="session")
def shop():
    # Most tests have no shop: whatever it needs is imported where one is opened.
    from shop.running import running_shop

    series = os.environ.get("SHOP_SERIES", "19.0")
    with running_shop(series, odoo=os.environ.get("SHOP_ODOO")) as shop:
        yield shop
