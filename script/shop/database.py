"""The databases of a shop: made once as a template, then copied in a second.

Each database of ours carries a comment: what it is made of. It is written last, so a
half-made database is made again, and a database without it is somebody else's.

click-odoo-contrib is no help here: its databases have no country, so no French chart of
accounts, and it loads all of Odoo for each copy, which takes seconds.
"""

import contextlib
import itertools
import os
import platform
import shutil

from . import addon
from .cache import SCRIPT, fingerprint, lock
from .problem import Problem
from .processes import is_alive
from .progress import step

OURS = "caisse-ap"
numbers = itertools.count(1)
RECIPES = {
    "empty": ("orm.py", "create_database.py"),
    "shop": ("seed_shop.py",),
}


def empty_template(installation, lang):
    """Give the name of a database with the Point of Sale and no addon of ours."""
    name = f"{base_name(installation, lang)}_empty"

    def fill():
        modules = ",".join(installation.series.modules)
        installation.script("create_database", name, lang, modules)

    label = empty_label(installation)
    return template(installation, name, label, "an empty French company", fill)


def shop_template(installation, lang):
    """Give the name of a database with a shop: users, tills, products, terminal."""
    name = f"{base_name(installation, lang)}_shop{installation.edition}"

    def fill():
        with empty_template(installation, lang) as empty:
            copy(installation, empty, name)
        installation.script("seed_shop", name, lang, addon.NAME)

    return template(installation, name, shop_label(installation), "the shop", fill)


def base_name(installation, lang):
    """Return "caisse_ap_19_fr" for 19.0 and fr_FR."""
    return f"caisse_ap_{installation.series.name[:2]}_{lang[:2]}"


def empty_label(installation):
    where = (installation.data, installation.tree.key)
    return recipe("empty", *where, *installation.series.modules)


def shop_label(installation):
    return recipe("shop", empty_label(installation), addon.state(installation.addons))


def recipe(kind, *made_of):
    """Return a short name for what a template is made of, our programs included."""
    programs = [(SCRIPT / "in_venv" / name).read_bytes() for name in RECIPES[kind]]
    return f"{OURS} {kind} {fingerprint(*made_of, *programs)}"


@contextlib.contextmanager
def template(installation, name, label, kind, fill):
    """Give a template, made again when its label is another one.

    Nobody else changes it before the block ends: copy it inside.
    """
    with lock(name):
        if comment(installation, name) != label:
            with step(f"Odoo {installation.series.name}: database of {kind}"):
                drop(installation, name)
                fill()
                set_comment(installation, name, label)
        yield name


def demo_database(installation, name, lang, reset):
    """Have a database of this name with the shop of a language, kept from last time.

    ``Problem`` when it is somebody else's, or holds another shop.
    """
    if exists(installation, name):
        check_ours(installation, name)
        if not reset:
            follow_addon(installation, name, lang)
            return
    with shop_template(installation, lang) as source, step(f"Database {name}"):
        drop(installation, name)
        copy(installation, source, name)
        set_comment(installation, name, demo_label(installation, lang))


def follow_addon(installation, name, lang):
    """Update a database when the addon changed since."""
    label = demo_label(installation, lang)
    found = comment(installation, name)
    if found == label:
        return
    if found.split()[:3] != label.split()[:3]:
        raise Problem(
            f"the database {name} holds another shop: {found}",
            "Add --reset to make it anew, or choose another name with --database.",
        )
    with step(f"Update of the addon in the database {name}"):
        installation.update(name)
        set_comment(installation, name, label)


def demo_label(installation, lang):
    state = addon.state(installation.addons)
    return f"{OURS} {installation.series.name} {lang} {state}"


def check_ours(installation, name):
    if not comment(installation, name).startswith(OURS):
        raise Problem(
            f"the database {name} was not made by script/demo",
            "Choose another name with --database.",
        )


def test_name(installation):
    """Return a name for a database of a test, never given before."""
    return (
        f"caisse_ap_{installation.series.name[:2]}_test_{os.getpid()}_{next(numbers)}"
    )


def test_label():
    """Return the comment of a database that ends with this process."""
    return f"{OURS} test {platform.node()} {os.getpid()}"


def remove_abandoned(installation):
    """Remove the databases of tests on this machine that were killed."""
    query = """
        SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database
        WHERE datname LIKE %s AND shobj_description(oid, 'pg_database') LIKE %s
    """
    names = f"caisse_ap_{installation.series.name[:2]}_test_%"
    labels = f"{OURS} test {platform.node()} %"
    for name, label in installation.sql("postgres", query, [names, labels]):
        if not is_alive(int(label.split()[-1])):
            drop(installation, name)


def exists(installation, name):
    query = "SELECT 1 FROM pg_database WHERE datname = %s"
    return bool(installation.sql("postgres", query, [name]))


def comment(installation, name):
    """Return what a database is made of; empty if it is not ours or not there."""
    query = """
        SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s
    """
    rows = installation.sql("postgres", query, [name])
    return (rows[0][0] or "") if rows else ""


def set_comment(installation, name, label):
    query = f"COMMENT ON DATABASE {quoted(name)} IS %s"
    installation.sql("postgres", query, [label])


def copy(installation, source, name):
    """Copy a database nobody uses, and its files."""
    query = f"CREATE DATABASE {quoted(name)} TEMPLATE {quoted(source)}"
    installation.sql("postgres", query)
    # Odoo never changes a stored file: two databases can share it.
    if filestore(installation, source).exists():
        shutil.copytree(
            filestore(installation, source),
            filestore(installation, name),
            copy_function=os.link,
        )


def drop(installation, name):
    """Remove a database, whoever uses it, and its files."""
    terminate = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    )
    installation.sql("postgres", terminate, [name])
    installation.sql("postgres", f"DROP DATABASE IF EXISTS {quoted(name)}")
    shutil.rmtree(filestore(installation, name), ignore_errors=True)


def filestore(installation, name):
    return installation.data / "filestore" / name


def quoted(name):
    return '"' + name.replace('"', '""') + '"'
