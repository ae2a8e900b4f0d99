"""An Odoo that can run: its source, its Python, the addon and a PostgreSQL."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from . import addon, odoo_tree, postgres, python_env
from .cache import SCRIPT, cache
from .commands import run
from .odoo_tree import OdooTree
from .postgres import Postgres
from .series import Series

IN_VENV = SCRIPT / "in_venv"


@dataclass(frozen=True)
class Installation:
    """What it takes to run an Odoo of a series.

    ``addons`` is the addons path of the addon; ``edition`` tells databases made with
    another addon of its name apart.
    """

    series: Series
    tree: OdooTree
    python: Path
    addons: Path
    postgres: Postgres
    edition: str = ""

    @property
    def data(self):
        """Return the folder of Odoo's file stores: one for each PostgreSQL."""
        return cache("data", self.series.name, self.postgres.name)

    @property
    def environment(self):
        """Return what a program needs to import this Odoo and reach its databases."""
        path = {"PYTHONPATH": str(self.tree.python_path)}
        return {**self.postgres.environment, **path}

    def sql(self, database, query, params=()):
        """Run a statement in a database; see ``Postgres.sql``."""
        return self.postgres.sql(database, query, params)

    def config(self, name, **settings):
        """Write a settings file for Odoo and return its path."""
        paths = [*self.tree.addons_paths, self.addons]
        common = {
            "addons_path": ",".join(str(path) for path in paths),
            "data_dir": self.data,
            "http_interface": "127.0.0.1",
            "without_demo": True,
        }
        lines = [f"{key} = {value}" for key, value in {**common, **settings}.items()]
        path = cache("config", f"{name}.conf")
        path.write_text("\n".join(["[options]", *lines, ""]))
        return path

    def command(self, name, **settings):
        """Return the command that starts Odoo itself with these settings."""
        config = self.config(name, **settings)
        return [self.python, IN_VENV / "run_odoo.py", "-c", config]

    def script(self, name, *arguments):
        """Run a program of in_venv/; its first argument is a settings file."""
        job = f"{name}-{self.series.name}"
        program = IN_VENV / f"{name}.py"
        self.run(job, [self.python, program, self.config(job), *arguments])

    def install(self, database, modules):
        """Install modules in a database."""
        self.change("install", database, "-i", ",".join(modules))

    def update(self, database):
        """Have a database follow a change of the addon."""
        self.change("update", database, "-u", addon.NAME)

    def change(self, name, database, *options):
        job = f"{name}-{self.series.name}"
        once = ["-d", database, *options, "--no-http", "--stop-after-init"]
        self.run(job, [*self.command(job), *once])

    def run(self, job, command):
        remedy = f"Odoo: {self.tree.python_path}, {self.tree.revision}."
        run(job, command, remedy, environment=self.environment)


@contextlib.contextmanager
def ready(series, odoo=None):
    """Give the ``Installation`` of a ``Series``, as long as its PostgreSQL is needed.

    ``odoo`` is the path of an Odoo, or nothing to find one. ``Problem`` when something
    cannot be had.
    """
    tree = odoo_tree.find(series, odoo)
    python = python_env.series_python(series)
    addons = addon.addons_path(series)
    with postgres.running(python) as server:
        yield Installation(series, tree, python, addons, server)
