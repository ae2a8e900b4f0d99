# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The receipts that an answer carries in ZT (protocol.md 4.7 and 5.10), as plain text."""

import base64
import binascii
from html.parser import HTMLParser

from .frame import FrameError, decode_nested
from .masking import mask_text

_HTML = "1"  # third position of CK
_UNSEEN = ("head", "script", "style")
_LINE_TAGS = ("br", "div", "h1", "h2", "h3", "hr", "li", "p", "pre", "table", "tr")


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
    except (ValueError, binascii.Error):
        return ""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return (_html_to_text(text) if kind[2:3] == _HTML else text).strip("\n")


def _html_to_text(html):
    parser = _PlainText()
    parser.feed(html)
    parser.close()
    return parser.text()


class _PlainText(HTMLParser):
    """Keeps the words of a page, one line per block."""

    def __init__(self):
        super().__init__()
        self._pieces = []
        self._unseen = 0

    def handle_starttag(self, tag, attrs):
        self._unseen += tag in _UNSEEN
        self._break_line(tag)

    def handle_endtag(self, tag):
        self._unseen -= tag in _UNSEEN
        self._break_line(tag)

    def handle_data(self, data):
        if not self._unseen:
            self._pieces.append(data)

    def text(self):
        lines = (" ".join(line.split()) for line in "".join(self._pieces).split("\n"))
        return "\n".join(line for line in lines if line)

    def _break_line(self, tag):
        if tag in _LINE_TAGS:
            self._pieces.append("\n")
