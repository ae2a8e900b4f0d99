"""Odoo's models in a program of ours, the same way in every series."""

import contextlib
import os

os.environ["TZ"] = "UTC"

import odoo  # noqa: E402
import odoo.api  # noqa: E402
import odoo.modules.registry  # noqa: E402
import odoo.service.db  # noqa: E402
import odoo.tools  # noqa: E402
from odoo.release import version_info  # noqa: E402

SUPERUSER = 1


def configure(path):
    """Read Odoo's settings from a file."""
    odoo.tools.config.parse_config(["-c", path])


def managed():
    """Return the block in which 14.0 keeps a thread's environments; later: nothing."""
    if version_info[0] < 15:
        return odoo.api.Environment.manage()
    return contextlib.nullcontext()


@contextlib.contextmanager
def environment(database, **context):
    """Give the models of a database, as the superuser; committed at the end."""
    registry = odoo.modules.registry.Registry(database)
    with managed(), registry.cursor() as cr:
        yield odoo.api.Environment(cr, SUPERUSER, context)


def install(database, names):
    """Install modules and all they bring along."""
    with environment(database) as env:
        modules = env["ir.module.module"]
        modules.update_list()
        modules.search([("name", "in", names)]).button_immediate_install()
