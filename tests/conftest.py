# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Two folders on the path, as for whoever uses them: import caisse_ap, import shop."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

sys.path[:0] = [str(ROOT / "l10n_fr_pos_caisse_ap_ip"), str(ROOT / "script")]
