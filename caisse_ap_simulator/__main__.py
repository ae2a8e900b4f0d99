# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""`python -m caisse_ap_simulator` is the command `caisse-ap`: see `cli`."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
