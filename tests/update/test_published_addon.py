# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A shop with OCA's published addon of the same name changes over to ours."""

import dataclasses

import pytest

from shop.published import published_addons

CONFIGURED = {
    "use_payment_terminal": "fr-caisse_ap_ip",
    "fr_caisse_ap_ip_mode": "check",
    "fr_caisse_ap_ip_address": "192.0.2.44",
    "fr_caisse_ap_ip_port": 9999,
}


@pytest.fixture
def published(installation, name):
    """An Odoo of the same series whose addons path holds the published addon."""
    return dataclasses.replace(installation, addons=published_addons(name))


def test_settings_are_kept(installation, published, install, shop, module):
    """Replace the folder, update the module: address, port and mode are the same."""
    install(published)
    method = configure(installation, shop)
    installation.update(shop)
    columns = ", ".join(CONFIGURED)
    query = f"SELECT {columns} FROM pos_payment_method WHERE id = %s"
    [kept] = installation.sql(shop, query, [method])
    assert kept == list(CONFIGURED.values())
    state, version = module()
    assert state == "installed"
    assert version.split(".")[2:] == ["2", "0", "0"]


def configure(installation, shop):
    """Link a payment method to a terminal, as the published addon stores it."""
    changes = dict(CONFIGURED)
    if "payment_method_type" in columns_of_method(installation, shop):
        changes["payment_method_type"] = "terminal"
    [[method]] = installation.sql(shop, "SELECT min(id) FROM pos_payment_method")
    if not method:
        query = "INSERT INTO pos_payment_method (name, payment_method_type)"
        words = '{"en_US": "Card"}'
        query = f"{query} VALUES (%s, 'terminal') RETURNING id"
        [[method]] = installation.sql(shop, query, [words])
    assignments = ", ".join(f"{column} = %s" for column in changes)
    query = f"UPDATE pos_payment_method SET {assignments} WHERE id = %s"
    installation.sql(shop, query, [*changes.values(), method])
    return method


def columns_of_method(installation, shop):
    query = """
        SELECT column_name FROM information_schema.columns
        WHERE table_name = 'pos_payment_method'
    """
    return [column for [column] in installation.sql(shop, query)]
