"""Create a database of a French company: create_database.py CONFIG NAME LANG MODULES.

The company comes before the modules, so that they bring the French chart of accounts.
"""

import sys

import orm

import odoo.service.db


def main(config, database, lang, modules):
    """Create it; MODULES are separated by commas."""
    orm.configure(config)
    odoo.service.db.exp_create_database(database, False, lang, country_code="FR")
    orm.install(database, modules.split(","))


if __name__ == "__main__":
    main(*sys.argv[1:])
