# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Copies of the database, and one terminal under two names."""

from expectations import NOT_RECORDED, SOLD
from fault_injections import copies
from row import COPIES, DIRECT, OURS, Row


def row(name, inject, expected, *needs):
    return Row(name, COPIES, inject, expected, (OURS, *needs))


ROWS = (
    row("neutralized copy", copies.neutralized, NOT_RECORDED),
    row("duplicated database", copies.duplicated, NOT_RECORDED),
    row("terminal under two names", copies.two_spellings, SOLD, DIRECT),
)
