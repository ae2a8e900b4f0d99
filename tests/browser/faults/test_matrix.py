# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Every row of the fault matrix ends as it must: see matrix.py."""

import dataclasses
import os

import pytest
from expectations import Expectation
from matrix import ROWS
from row import FLOOR

ALL = os.environ.get("FAULTS") == "all"
IN_RESTAURANT = os.environ.get("SHOP_KIND") == "restaurant"


def is_chosen(row):
    """Return whether a row is played in this run."""
    wanted = ALL or row.quick
    if FLOOR in row.needs:
        return IN_RESTAURANT and wanted
    # A restaurant is a shop too: what is quick is played there, when there is time.
    return ALL and row.quick if IN_RESTAURANT else wanted


CHOSEN = [row for row in ROWS if is_chosen(row)]


@pytest.mark.parametrize("row", CHOSEN, ids=lambda row: f"{row.when}: {row.name}")
def test_row(row, shop, context, terminal, transactions, note):
    """Money and Odoo agree, or a person is asked; nobody is charged twice."""
    reason = row.why_not(shop)
    if reason:
        note(f"not played: {reason}")
        pytest.skip(reason)
    try:
        seen = context.play(row, terminal)
    except Exception as error:
        note(f"broken off: {str(error).partition(chr(10))[0]}")
        raise
    note(seen.agreement)
    context.keep_page(seen)
    endings = row.endings(shop)
    assert seen.is_safe or seen.screen == endings[0].screen, seen
    if shop.is_ours:
        assert as_expectation(seen) in endings, (seen.told, transactions.reasons())


def as_expectation(seen):
    return Expectation(
        **{one.name: getattr(seen, one.name) for one in dataclasses.fields(Expectation)}
    )
