# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""docs/protocol.md says what the code does: its frames, its codes."""

import re
from pathlib import Path

import pytest

from caisse_ap import tables
from caisse_ap.frame import decode

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "protocol.md").read_text()
FRAMES = re.findall(r"^[→←] (CZ\S+)$", PAGE, re.M)
# Codes that one doubtful source alone knows, or that one maker alone has.
LEFT_OUT = {"4": {"CD"}, "5, 6": {"CD"}, "R, C": {"CD"}, "?": {"CD"}, "else": {"AE"}}


def section(number):
    """Return the text of a section, up to the next heading."""
    return re.search(rf"^#+ {re.escape(number)} .*?(?=^#)", PAGE, re.M | re.S)[0]


def codes(number):
    """Return the first column of the table of a section, without its heading."""
    rows = re.findall(r"^\| (\S.*?) +\|", section(number), re.M)
    return [cell for cell in rows if cell != "Code" and not cell.startswith("-")]


def test_the_page_has_frames():
    """The examples were found: else the next test proves nothing."""
    assert len(FRAMES) > 25


@pytest.mark.parametrize("frame", FRAMES)
def test_frames_are_well_formed(frame):
    """Every example is a frame that our reader takes."""
    assert decode(frame.encode("latin-1"))


@pytest.mark.parametrize(
    "number, tag, table",
    [
        ("4.1", "CD", tables.OPERATIONS),
        ("4.2", "AE", tables.STATUSES),
        ("4.3", "AF", tables.STATUS_DETAILS),
        ("4.5", "CC", tables.APPLICATIONS),
        ("4.6", "CI", tables.READING_MODES),
    ],
)
def test_codes_are_those_of_the_tables(number, tag, table):
    """A code stands in the page and in tables.py, or the page alone says why not."""
    told = {code for code in codes(number) if tag not in LEFT_OUT.get(code, ())}
    assert told == set(table)
