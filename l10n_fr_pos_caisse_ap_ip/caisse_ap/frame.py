# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Bytes to fields and back: the frames of the Caisse-AP protocol over IP.

A frame is a run of fields: a tag of two capitals, a length of three decimal digits,
then exactly that many bytes (protocol.md section 2). Nothing announces or ends the
whole, so a reader has three ends: complete for now, "need more bytes", or an error.
No socket and no clock here.
"""

import re

MAX_FRAME_BYTES = 65536  # a real answer has about 1300: what a peer can make us keep
MAX_VALUE_BYTES = 999  # the length has three digits

_HEADER_BYTES = 5
_LINE_ENDS = (b"\r", b"\n")
_SERIAL_BYTES = (b"\x02", b"\x05", b"\x06", b"\x15")  # STX, ENQ, ACK, NAK

_TEXTS = {
    "empty": "no field at all",
    "bad_tag": "a tag is not two capital letters",
    "bad_length": "a length is not three digits from 001 to 999",
    "bad_value": "a value holds a character that does not fit in one byte",
    "truncated_header": "the frame ends within the tag or the length of a field",
    "zero_length": "a field has length zero",
    "truncated_value": "the frame ends within the value of a field",
    "cz_not_first": "the first field is not CZ",
    "too_large": f"the frame is larger than {MAX_FRAME_BYTES} bytes",
    "serial_framing": "the terminal speaks the serial variant of the protocol",
}


class FrameError(ValueError):
    """Bytes that are no frame (or fields that make none).

    ``code`` is one of the stable words in ``_TEXTS``; ``position`` is the offset in
    bytes of the faulty field, or None. The text never quotes the bytes themselves:
    they may hold a card number.
    """

    def __init__(self, code, position=None):
        place = "" if position is None else f" (byte {position})"
        super().__init__(_TEXTS[code] + place)
        self.code = code
        self.position = position


def encode(fields):
    """Return the frame for a mapping, or an iterable of (tag, text).

    A field without a value is left out, as the protocol wants (protocol.md 2.2).
    The order is kept. Raises FrameError (bad_tag, bad_length, bad_value).
    """
    pairs = fields.items() if hasattr(fields, "items") else fields
    return b"".join(_encode_field(tag, value) for tag, value in pairs if value)


def decode(data):
    """Read bytes that are all there is.

    A second CZ starts a second message (AE=11, then AE=10).

    :param bytes data: one message or several
    :return: list of Message
    :raise FrameError: the bytes are not whole fields
    """
    reader = FrameReader()
    reader.feed(data)
    return reader.close()


def decode_nested(value):
    """Return the (tag, text) pairs inside a constructed value such as ZT.

    There CK and AK may repeat and no CZ leads (protocol.md 2.1). Raises FrameError.
    """
    data, start, pairs = _to_bytes(value), 0, []
    while start < len(data):
        field = _read_field(data, start)
        if field is None:
            raise _truncation(data, start)
        tag, text, start = field
        pairs.append((tag, text))
    return pairs


class Message(dict):
    """The fields of one message: tag to the first text that came for it.

    ``repeats`` lists (tag, text) of the tags that came again with another text. What
    that means is not for a reader of bytes to say: see ``contradictions`` in
    operation.py.
    """

    def __init__(self, *fields):
        super().__init__(*fields)
        self.repeats = []

    def store(self, tag, text):
        """Take one more field. Two different ZT are joined into one value: ZT is
        itself a run of fields, so its receipts stay readable one after the other.
        """
        known = self.setdefault(tag, text)
        if known == text:
            return
        if tag == "ZT":
            self[tag] = known + text
        else:
            self.repeats.append((tag, text))


class FrameReader:
    """Reads frames from bytes that arrive in pieces of any size.

    ``messages`` holds the complete fields so far, one Message each; the last one may
    still grow. CR and LF may stand before the first field and after the last one
    (protocol.md 1.5).
    """

    def __init__(self):
        self.messages = []
        self._data = bytearray()
        self._start = 0  # where the next field begins
        self._line_ended = False  # CR or LF seen after what looked like the last field

    def feed(self, data):
        """Take more bytes. Raises FrameError as soon as the fault is certain."""
        room = MAX_FRAME_BYTES - len(self._data)
        self._data += data[:room]
        while self._take_field():
            pass
        if len(data) > room:
            raise FrameError("too_large")

    @property
    def at_boundary(self):
        """True when the bytes so far do not stop in the middle of a field."""
        return self._start == len(self._data)

    def close(self):
        """Return the messages, now that no more bytes will come.

        Raises FrameError (empty, truncated_header, truncated_value).
        """
        if not self.messages and self.at_boundary:
            raise FrameError("empty")
        if not self.at_boundary:
            raise _truncation(self._data, self._start)
        return self.messages

    def _take_field(self):
        """Store the next field; False while some of its bytes are missing."""
        self._skip_line_ends()
        self._check_after_line_end()
        self._check_serial_framing()
        field = _read_field(self._data, self._start)
        self._check_first_tag()
        if field is None:
            return False
        tag, text, end = field
        if tag == "CZ":
            self.messages.append(Message())
        self.messages[-1].store(tag, text)
        self._start, self._line_ended = end, False
        return True

    def _skip_line_ends(self):
        while self._peek(1) in _LINE_ENDS:
            self._start += 1
            self._line_ended = bool(self.messages)

    def _check_after_line_end(self):
        """After CR/LF only another message may come, never one more field."""
        if self._line_ended and not b"CZ".startswith(self._peek(2)):
            raise FrameError("bad_tag", self._start)

    def _check_serial_framing(self):
        if not self.messages and self._peek(1) in _SERIAL_BYTES:
            raise FrameError("serial_framing", self._start)

    def _check_first_tag(self):
        header = self._peek(_HEADER_BYTES)
        whole_header = len(header) == _HEADER_BYTES
        if not self.messages and whole_header and header[:2] != b"CZ":
            raise FrameError("cz_not_first", self._start)

    def _peek(self, size):
        return bytes(self._data[self._start : self._start + size])


def _encode_field(tag, value):
    data = _to_bytes(value)
    if not re.fullmatch("[A-Z]{2}", tag):
        raise FrameError("bad_tag")
    if len(data) > MAX_VALUE_BYTES:
        raise FrameError("bad_length")
    return b"%s%03d%s" % (tag.encode(), len(data), data)


def _read_field(data, start):
    """Return (tag, text, end) of the field at ``start``, or None when cut short."""
    tag, digits = data[start : start + 2], data[start + 2 : start + _HEADER_BYTES]
    if tag and not _is_tag(tag):
        raise FrameError("bad_tag", start)
    if digits and not digits.isdigit():
        raise FrameError("bad_length", start)
    if len(digits) < 3:
        return None
    length = int(digits)
    if not length:
        raise FrameError("zero_length", start)
    end = start + _HEADER_BYTES + length
    if end > len(data):
        return None
    return tag.decode(), data[start + _HEADER_BYTES : end].decode("latin-1"), end


def _truncation(data, start):
    within_header = len(data) - start < _HEADER_BYTES
    return FrameError("truncated_header" if within_header else "truncated_value", start)


def _is_tag(data):
    """Bytes, unlike text, know only the ASCII letters here."""
    return data.isalpha() and data.isupper()


def _to_bytes(text):
    """Latin-1 gives every byte a character, so no byte can break the reader."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        raise FrameError("bad_value") from None
