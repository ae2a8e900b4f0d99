# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A person at the till: what they do and what they see, in each series of Odoo."""

from .names import CARD, CASH, CHEQUE, FIRST_PAGE_MS, PAID, QUESTION, WITHOUT_SALE
from .till_14 import Till14
from .till_16 import Till16
from .till_17 import Till17
from .till_18 import Till18
from .till_19 import Till19

__all__ = [
    "CARD",
    "CASH",
    "CHEQUE",
    "FIRST_PAGE_MS",
    "PAID",
    "QUESTION",
    "TILLS",
    "WITHOUT_SALE",
]

TILLS = {
    "19.0": Till19,
    "18.0": Till18,
    "17.0": Till17,
    "16.0": Till16,
    "14.0": Till14,
}
