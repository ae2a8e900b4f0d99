# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The texts of the addon as a French cashier reads them."""

import re

import polib

PLACEHOLDER = re.compile(r"%s|%\(\w+\)s")


def read(path):
    """Return the translations (dict) of a file in the format of gettext."""
    return {entry.msgid: entry.msgstr for entry in polib.pofile(path)}


def pattern(text):
    """Return an expression that finds a text, whatever fills its placeholders.

    Templates turn the no-break space before a question mark into a plain one.
    """
    parts = [re.escape(part) for part in PLACEHOLDER.split(text)]
    return re.compile(re.sub(r"(\\?\s)+", r"\\s+", ".*".join(parts)), re.DOTALL)
