# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The code tables: every code well formed, every label in both languages."""

import re

import pytest

from caisse_ap import tables
from caisse_ap.request import OPERATION_CODES


@pytest.mark.parametrize(
    "table, shape",
    [
        (tables.OPERATIONS, "[0-9A-Z]"),
        (tables.STATUSES, "[0-9]{2}"),
        (tables.STATUS_DETAILS, "[0-9]{2}"),
        (tables.APPLICATIONS, "[0-9A-Z]{3}"),
        (tables.READING_MODES, "[0-9]"),
    ],
)
def test_table_is_well_formed(table, shape):
    """Each code has the shape of its tag, and words in three languages, or a name."""
    for code, label in table.items():
        assert re.fullmatch(shape, code)
        assert label.fr.strip() and label.en.strip()
        assert label.es.strip() or label.fr == label.en


def test_every_operation_has_words():
    """What a till can ask for can also be named."""
    assert set(OPERATION_CODES.values()) <= set(tables.OPERATIONS)


@pytest.mark.parametrize(
    "table, code, words",
    [
        (tables.STATUSES, "11", "Request taken into account"),
        (tables.STATUS_DETAILS, "11", "Abandoned by the operator"),
        (tables.APPLICATIONS, "00C", "Cheque"),
        (tables.APPLICATIONS, "10E", "CONECS contactless"),
        (tables.READING_MODES, "2", "Contactless"),
    ],
)
def test_words_of_a_code(table, code, words):
    """The whole code is looked up, leading zeros included."""
    assert table[code].en == words
