# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Four folders on the path, as for whoever uses what is in them."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

FOLDERS = (ROOT / "l10n_fr_pos_caisse_ap_ip", ROOT / "script", ROOT / "setup", ROOT)
sys.path[:0] = map(str, FOLDERS)
