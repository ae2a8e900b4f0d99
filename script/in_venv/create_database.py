"""Create a database of a French company: create_database.py CONFIG NAME LANG MODULES.

The company comes before the modules, so that they bring the French chart of accounts.
"""

import sys

import orm

import odoo.service.db


def main(config, database, lang, modules):
    """Create it; MODULES are separated by commas."""
    orm.configure(config)
    with orm.managed():
        odoo.service.db.exp_create_database(database, False, lang, country_code="FR")
    check(database)
    orm.install(database, modules.split(","))


def check(database):
    """Refuse a company without a country: Odoo only logs what went wrong."""
    with orm.environment(database) as env:
        if env["res.company"].browse(1).country_id.code != "FR":
            raise SystemExit("Odoo did not finish the database, see above")


if __name__ == "__main__":
    main(*sys.argv[1:])
