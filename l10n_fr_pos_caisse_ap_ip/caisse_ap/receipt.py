# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The receipts that an answer carries, as plain text (protocol.md 4.7 and 5.10)."""

import base64
import html
import re

from .frame import FrameError, decode_nested
from .masking import mask_text

_HTML = "1"  # third position of CK
_UNSEEN = re.compile(r"<(head|script|style)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE)
_LINE_END = re.compile(r"<(br|/(p|div|tr|li|h[1-6]|pre))\b[^>]*>", re.IGNORECASE)
_CELL_END = re.compile(r"</t[dh]\b[^>]*>", re.IGNORECASE)
_ANY_TAG = re.compile("<[^>]*>")


def read_receipt(container):
    """Return the masked text of all receipts in a ZT value; blank line between two.

    What cannot be read gives an empty text: a receipt never decides about money.
    """
    texts, kind = [], ""
    for tag, value in _pairs(container):
        if tag == "CK":
            kind = value
        elif tag == "AK":
            texts.append(_read_one(value, kind))
    return mask_text("\n\n".join(text for text in texts if text))


def _pairs(container):
    try:
        return decode_nested(container)
    except FrameError:
        return []


def _read_one(value, kind):
    """Terminals wrap the base64, and count the line feeds in the length of AK."""
    packed = value.replace("\r", "").replace("\n", "")
    try:
        text = base64.b64decode(packed, validate=True).decode("latin-1")
    except ValueError:  # binascii.Error is one
        return ""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return (_html_to_text(text) if kind[2:3] == _HTML else text).strip("\n")


def _html_to_text(page):
    """Return the words of a page, one line per block.

    No HTML parser: the one of the standard library raises on some broken pages.
    """
    text = _UNSEEN.sub("", " ".join(page.split()))
    text = _CELL_END.sub(" ", _LINE_END.sub("\n", text))
    text = html.unescape(_ANY_TAG.sub("", text))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
