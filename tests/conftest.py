# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The addon folder on the path makes ``import caisse_ap`` work without Odoo."""

import sys
from pathlib import Path

ADDON = Path(__file__).resolve().parent.parent / "l10n_fr_pos_caisse_ap_ip"

sys.path.insert(0, str(ADDON))
