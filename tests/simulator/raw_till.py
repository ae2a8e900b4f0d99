# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A till made of a bare socket: what it reads owes nothing to the addon's client."""

import base64
import contextlib
import re
import socket
import time

# What a real till sends (protocol.md 5.1, the order of the OCA module): 25.00 EUR.
DEBIT = b"CZ0040300CJ012012345678901CA00201CE003978CD0010CB0042500"
IDENTIFICATION = b"CZ0040300CJ012012345678901CA00201CD001I"
DUPLICATE = b"CZ0040320CJ012323540032810CA00201CD0013"


@contextlib.contextmanager
def till(terminal, *requests):
    """Connect to a terminal and send bytes, each piece on its own."""
    with socket.create_connection((terminal.host, terminal.port), 5) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request in requests:
            line.sendall(request)
        yield line


def hear(line, patience=5.0):
    """Return all bytes, and how they ended: close, reset, or open after `patience`."""
    data, end = b"", time.monotonic() + patience
    while time.monotonic() < end:
        line.settimeout(max(0.001, end - time.monotonic()))
        try:
            piece = line.recv(65536)
        except ConnectionError:
            return data, "reset"
        except socket.timeout:
            break
        if not piece:
            return data, "close"
        data += piece
    return data, "open"


def ask(terminal, *requests, **options):
    """Return the bytes a terminal answers to one request."""
    with till(terminal, *requests) as line:
        return hear(line, **options)[0].decode("latin-1")


def receipts(answer):
    """Return the text of each AK in an answer, read without the addon's help."""
    texts = []
    for found in re.finditer("CK003...AK([0-9]{3})", answer):
        packed = answer[found.end() : found.end() + int(found.group(1))]
        texts.append(base64.b64decode(packed).decode("latin-1"))
    return texts
