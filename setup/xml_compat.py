"""The XML of views and scheduled actions in the form that older series read.

Each change takes one element and changes it in place, or raises ``ValueError`` when an
older series cannot say what it says.
"""

import re
from xml.etree import ElementTree
from xml.parsers import expat

from condition_domain import domain
from overlays import BuildError

_CONSTANTS = ("0", "1", "False", "True")
_CONDITIONS = ("invisible", "readonly", "required")
_NUMBERCALL = "*[@name='numbercall']"
_LIST_MODE = re.compile(r"(?<![\w-])list(?![\w-])")
_LIST_STEP = re.compile(r"(?<=/)list(?![\w-])")


def with_changes(changes, path, text):
    """XML (str) with each change made to each element, untouched where none changes it.

    :raises BuildError: it is no XML, or a change refuses an element; the text names
        file and line
    """
    builder = ElementTree.TreeBuilder(insert_comments=True)
    try:
        lines = _lines_of_elements(text)
        root = ElementTree.fromstring(text, ElementTree.XMLParser(target=builder))
    except (expat.ExpatError, ElementTree.ParseError) as error:
        raise BuildError(f"{path}: {error}") from error
    source = ElementTree.tostring(root, encoding="unicode")
    elements = [each for each in root.iter() if isinstance(each.tag, str)]
    for element, line in zip(elements, lines):
        try:
            for change in changes:
                change(element)
        except ValueError as error:
            raise BuildError(f"{path}:{line}: {error}") from error
    result = ElementTree.tostring(root, encoding="unicode")
    # The tree holds neither the declaration nor what stands above its root.
    head = "".join(text.splitlines(keepends=True)[: lines[0] - 1])
    return text if result == source else f"{head}{result}\n"


def _lines_of_elements(text):
    lines = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda *_: lines.append(parser.CurrentLineNumber)
    parser.Parse(text, True)
    return lines


def lists_as_trees(element):
    """Up to 17.0 a list is called tree: elements, view modes and paths to elements."""
    if element.tag == "list":
        element.tag = "tree"
    if element.get("name") == "view_mode":
        element.text = _LIST_MODE.sub("tree", element.text or "")
    for name, pattern in (
        ("mode", _LIST_MODE),
        ("view_mode", _LIST_MODE),
        ("expr", _LIST_STEP),
    ):
        if name in element.attrib:
            element.set(name, pattern.sub("tree", element.get(name)))


def crons_for_ever(element):
    """Up to 17.0 a cron runs `numbercall` times, and only once when nothing is said."""
    if element.get("model") != "ir.cron" or element.find(_NUMBERCALL) is not None:
        return
    number = ElementTree.Element("field", name="numbercall")
    number.text, number.tail = "-1", element.text
    element.insert(0, number)


def conditions_as_attrs(element):
    """14.0 and 16.0 want conditions as domains, all of an element in its `attrs`.

    These series also want each field of a domain in the view, and refuse it otherwise.
    """
    if element.tag == "attribute":
        _refuse_condition(element.get("name"), (element.text or "").strip())
        return
    _hide_column(element.attrib)
    conditions = {
        name: domain(value)
        for name, value in element.items()
        if name in _CONDITIONS and value not in _CONSTANTS
    }
    if not conditions:
        return
    if "attrs" in element.attrib:
        raise ValueError("attrs and a condition of today in one element")
    for name in conditions:
        del element.attrib[name]
    element.set("attrs", repr(conditions))


def _refuse_condition(name, text):
    # It would replace the whole attrs of an element that the base view owns.
    if name == "column_invisible" or name in _CONDITIONS and text not in _CONSTANTS:
        raise ValueError(f"<attribute name={name!r}> takes 0, 1, False or True")


def _hide_column(attributes):
    """Up to 16.0 `invisible` is what hides a whole column."""
    if "column_invisible" not in attributes:
        return
    if attributes.pop("column_invisible") not in ("1", "True"):
        raise ValueError("column_invisible must be 1 or True")
    if "invisible" in attributes:
        raise ValueError("column_invisible must stand alone")
    attributes["invisible"] = "1"
