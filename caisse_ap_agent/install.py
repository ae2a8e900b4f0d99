# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Has systemd start the agent with its machine, and again whenever it ends."""

import os
import subprocess
import sys
from pathlib import Path

SERVICE = "caisse-ap-agent"
# A terminal may answer three minutes after the order to stop.
UNIT = """\
[Unit]
Description=Caisse-AP agent: card terminals of this shop for its Odoo
After=network-online.target
Wants=network-online.target

[Service]
ExecStart={command}
Restart=always
RestartSec=5
TimeoutStopSec=240
KillMode=mixed
{hardening}
[Install]
WantedBy={target}
"""
HARDENING = """\
NoNewPrivileges=yes
ProtectSystem=strict
ReadWritePaths={folder}
PrivateTmp=yes
"""


def unit(folder, is_root):
    """Return the text of the unit.

    `folder`: the agent's (Path). `is_root`: for the machine, else for one user.
    """
    program = [sys.executable, "-m", "caisse_ap_simulator", "agent"]
    command = [*program, "--folder", str(folder), "run"]
    return UNIT.format(
        # In a command, and nowhere else, $ begins the name of a variable.
        command=" ".join(map(quoted, command)).replace("$", "$$"),
        hardening=HARDENING.format(folder=quoted(str(folder))) if is_root else "",
        target="multi-user.target" if is_root else "default.target",
    )


def quoted(word):
    """Return a word as systemd reads it back: blanks and its own signs are kept."""
    for sign, kept in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%")):
        word = word.replace(sign, kept)
    return f'"{word}"'


def unit_path(is_root):
    if is_root:
        return Path("/etc/systemd/system", f"{SERVICE}.service")
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home, "systemd", "user", f"{SERVICE}.service")


def install(folder):
    """Write the unit and start it. Return its path.

    Raise OSError where there is no systemd, or it does not start.
    """
    is_root = os.geteuid() == 0
    path = unit_path(is_root)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(unit(folder, is_root), encoding="utf-8")
    systemctl = ["systemctl"] + ([] if is_root else ["--user"])
    for words in (["daemon-reload"], ["enable", "--now", SERVICE]):
        try:
            subprocess.run([*systemctl, *words], check=True)
        except subprocess.CalledProcessError as error:
            raise OSError(str(error)) from error
    return path


def outlives_session(user):
    """Return whether a user's agent runs without him, once this has asked for it.

    Left alone, systemd ends what is a user's some seconds after his last session, and
    starts none of it with the machine. Where the machine has no polkit, only root may
    ask. `user`: a name.
    """
    if os.geteuid() == 0:
        return True
    return subprocess.run(["loginctl", "enable-linger", user]).returncode == 0
