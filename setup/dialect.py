"""The XML of views and scheduled actions, written anew for older series.

Only what must change is touched: comments, layout and all other markup stay as they are
in the source.
"""

import re
from html import unescape
from xml.sax.saxutils import quoteattr

from domains import domain
from layers import BuildError

_COMMENT = r"<!--.*?-->|<!\[CDATA\[.*?\]\]>"
_QUOTED = r"(?:\"[^\"]*\"|'[^']*')"
_CONSTANTS = ("0", "1", "False", "True")
_CONDITIONS = ("invisible", "readonly", "required")


def _outside_comments(pattern):
    # A comment matches too, with every group empty, so that nothing in it does.
    return re.compile(f"{_COMMENT}|{pattern}", re.S)


_LISTS = _outside_comments(
    r"(?P<words></?list(?=[\s/>])"
    rf"|\b(?:view_)?mode={_QUOTED}"
    r"|name=[\"']view_mode[\"']\s*>[^<]*)"
    rf"|(?P<path>\bexpr={_QUOTED})"
)
_LIST_WORD = re.compile(r"(?<![\w-])list(?![\w-])")
_LIST_STEP = re.compile(r"(?<=/)list(?![\w-])")

_ELEMENT = _outside_comments(
    rf"<(?P<name>[\w.:-]+)(?P<attributes>(?:[^<>\"']|{_QUOTED})*)>(?P<text>[^<]*)"
)
_ATTRIBUTE = re.compile(rf"(?P<space>\s+)(?P<name>[\w.:-]+)\s*=\s*(?P<value>{_QUOTED})")

_CRON = _outside_comments(
    r"(?P<start><record\b[^>]*\bmodel=[\"']ir\.cron[\"'][^>]*>)"
    r"(?P<space>\s*)(?P<fields>.*?</record>)"
)
_NUMBERCALL = re.compile(r"name=[\"']numbercall[\"']")


def lists_as_trees(_path, text):
    """Up to 17.0 a list is called tree: elements, view modes and paths to elements."""
    return _LISTS.sub(_as_tree, text)


def _as_tree(found):
    pattern = _LIST_WORD if found["words"] else _LIST_STEP
    return pattern.sub("tree", found[0]) if found.lastgroup else found[0]


def crons_for_ever(_path, text):
    """Up to 17.0 a cron runs `numbercall` times, and only once when nothing is said."""
    return _CRON.sub(_for_ever, text)


def _for_ever(found):
    if not found["start"] or _NUMBERCALL.search(re.sub(_COMMENT, "", found["fields"])):
        return found[0]
    number = '<field name="numbercall">-1</field>'
    return f"{found['start']}{found['space']}{number}{found['space']}{found['fields']}"


def conditions_as_attrs(path, text):
    """14.0 and 16.0 want conditions as domains, all of an element in its `attrs`.

    These series also want each field of a domain in the view, and refuse it otherwise.

    :raises BuildError: a condition has no such form; the text names file and line
    """

    def translated(found):
        try:
            return _translated(found) if found["name"] else found[0]
        except ValueError as error:
            line = text.count("\n", 0, found.start()) + 1
            raise BuildError(f"{path}:{line}: {error}") from error

    return _ELEMENT.sub(translated, text)


def _translated(found):
    values = _values(found["attributes"])
    if found["name"] == "attribute":
        _refuse_condition(values.get("name"), found["text"].strip())
        return found[0]
    attributes = _with_attrs(_without_column(found["attributes"], values), values)
    return f"<{found['name']}{attributes}>{found['text']}"


def _values(attributes):
    return {
        found["name"]: unescape(found["value"][1:-1]).replace("\n", " ")
        for found in _ATTRIBUTE.finditer(attributes)
    }


def _refuse_condition(name, text):
    # It would replace the whole attrs of an element that the base view owns.
    if name == "column_invisible" or name in _CONDITIONS and text not in _CONSTANTS:
        raise ValueError(f"<attribute name={name!r}> takes 0, 1, False or True")


def _without_column(attributes, values):
    """Up to 16.0 `invisible` is what hides a whole column."""
    if "column_invisible" not in values:
        return attributes
    if values["column_invisible"] not in ("1", "True") or "invisible" in values:
        raise ValueError("column_invisible must be 1 or True, and stand alone")
    return re.sub(rf"\bcolumn_invisible\s*=\s*{_QUOTED}", 'invisible="1"', attributes)


def _with_attrs(attributes, values):
    """All conditions of an element in the place of the first one."""
    conditions = {
        name: domain(value)
        for name, value in values.items()
        if name in _CONDITIONS and value not in _CONSTANTS
    }
    if conditions and "attrs" in values:
        raise ValueError("attrs and a condition of today in one element")
    first = next(iter(conditions), None)

    def replaced(found):
        if found["name"] == first:
            return f"{found['space']}attrs={quoteattr(repr(conditions))}"
        return "" if found["name"] in conditions else found[0]

    return _ATTRIBUTE.sub(replaced, attributes)
