# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The one file of the agent's settings, agent.ini, in its folder.

[odoo]
url = https://shop.example.com
token = ...
database =            ; only where the server has several
ca_file =             ; certificates of a private authority

[limits]
refund = 15000        ; smallest unit: no refund above it leaves; empty: none

[terminal counter]
address = 192.168.1.50
port = 8888
"""

import configparser
import ipaddress
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, NamedTuple, Optional
from urllib.parse import urlsplit

FILE_NAME = "agent.ini"
DEFAULT_PORT = 8888
SECTION = "terminal "
ODOO_KEYS = ("url", "token", "database", "ca_file")


class ConfigError(ValueError):
    """Settings that make no sense; the text says what to do."""


class Terminal(NamedTuple):
    address: str
    port: int


@dataclass
class Config:
    """`terminals`: Terminal by name. `refund_limit`: smallest unit (int) or None."""

    folder: Path
    url: str = ""
    token: str = ""
    database: str = ""
    ca_file: str = ""
    refund_limit: Optional[int] = None
    terminals: Dict[str, Terminal] = field(default_factory=dict)

    def save(self):
        """Write the file; nobody but its owner may read the token."""
        parser = configparser.ConfigParser(interpolation=None)
        limit = "" if self.refund_limit is None else str(self.refund_limit)
        parser["odoo"] = {key: getattr(self, key) for key in ODOO_KEYS}
        parser["limits"] = {"refund": limit}
        for name, terminal in self.terminals.items():
            parser[SECTION + name] = {
                "address": terminal.address,
                "port": str(terminal.port),
            }
        self.folder.mkdir(parents=True, exist_ok=True)
        new = self.folder / (FILE_NAME + ".new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            parser.write(file)
        os.replace(new, self.folder / FILE_NAME)


def default_folder():
    """Return where the settings and the log are, unless --folder says otherwise."""
    if sys.platform == "win32":
        return Path(os.environ.get("PROGRAMDATA", "C:/ProgramData"), "caisse-ap-agent")
    if os.geteuid() == 0:
        return Path("/var/lib/caisse-ap-agent")
    return Path.home() / ".caisse-ap-agent"


def load(folder):
    """Return the Config in a folder, empty where there is none yet.

    :raise ConfigError: it cannot be understood
    """
    parser = configparser.ConfigParser(
        interpolation=None, inline_comment_prefixes=(";",)
    )
    try:
        parser.read(folder / FILE_NAME, encoding="utf-8")
        odoo = dict(parser["odoo"]) if "odoo" in parser else {}
        limit = parser.get("limits", "refund", fallback="").strip()
        return Config(
            folder,
            refund_limit=int(limit) if limit else None,
            terminals={
                name[len(SECTION) :]: _terminal(parser[name])
                for name in parser.sections()
                if name.startswith(SECTION)
            },
            **{key: odoo.get(key, "") for key in ODOO_KEYS},
        )
    except (configparser.Error, ValueError, KeyError) as error:
        raise ConfigError(f"{folder / FILE_NAME}: {error}") from error


def _terminal(section):
    return Terminal(section["address"], int(section.get("port", DEFAULT_PORT)))


def check_url(url):
    """Return the address of an Odoo, without a slash at its end.

    Without TLS a token could be read on the way, so http is for this machine only.

    :raise ConfigError: it is none
    """
    parts = urlsplit(url if "//" in url else f"https://{url}")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(f"{url!r} is not the address of an Odoo")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ConfigError(f"{url!r}: https is needed, or anybody could read the token")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _is_loopback(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
