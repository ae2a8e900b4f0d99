"""Addresses of terminals: which there can be, and the one spelling of each."""

import ipaddress
import re

HOST_NAME = re.compile(
    r"(?=.{1,253}$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?)"
    r"(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?)*\.?$"
)


def normalised(address):
    """Return the one spelling of a terminal's address (str), so that its lock is one.

    :param str address: IPv4, IPv6 or a name, as typed
    """
    text = (address or "").strip().lower().rstrip(".")
    text = "127.0.0.1" if text == "localhost" else text
    try:
        number = ipaddress.ip_address(text)
    except ValueError:
        return text
    return str(getattr(number, "ipv4_mapped", None) or number)


def is_address(text):
    try:
        ipaddress.ip_address(text)
    except ValueError:
        # Digits and dots alone are a mistyped IPv4 address, not a name.
        return bool(HOST_NAME.match(text)) and not re.match(r"[0-9.]+$", text)
    return True
