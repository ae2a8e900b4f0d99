# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Every row of the fault matrix ends as it must: see matrix.py."""

import dataclasses
import os

import pytest
from expectations import Expectation
from matrix import ROWS

ALL = os.environ.get("FAULTS") == "all"
CHOSEN = [row for row in ROWS if ALL or row.quick]


@pytest.mark.parametrize("row", CHOSEN, ids=lambda row: f"{row.when}: {row.name}")
def test_row(row, shop, context, terminal, transactions, note):
    """Money and Odoo agree, or a person is asked; nobody is charged twice."""
    reason = why_not(row, shop)
    if reason:
        note(f"not played: {reason}")
        pytest.skip(reason)
    try:
        seen = context.play(row, terminal)
    except Exception as error:
        note(f"broken off: {str(error).splitlines()[0]}")
        raise
    note(seen.agreement)
    context.keep_page(seen)
    assert seen.is_safe or seen.screen == row.expected.screen, seen
    if shop.is_ours:
        assert as_expectation(seen) in (row.expected, row.or_expected), seen.told


def why_not(row, shop):
    """Return why a row cannot be played here, or nothing."""
    reason, is_there = row.needs
    return "" if is_there(shop) else reason


def as_expectation(seen):
    return Expectation(
        **{one.name: getattr(seen, one.name) for one in dataclasses.fields(Expectation)}
    )
