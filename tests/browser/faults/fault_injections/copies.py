# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Copies of the shop's database, and one terminal under two names."""

NEUTRALIZE = "l10n_fr_pos_caisse_ap_ip/data/neutralize.sql"
UUID = "SELECT value FROM ir_config_parameter WHERE key = 'database.uuid'"
SET_UUID = "UPDATE ir_config_parameter SET value = %s WHERE key = 'database.uuid'"


def neutralized(context):
    """The database is a copy for tests, as ``odoo-bin neutralize`` makes it."""
    confirmed = "SELECT id, fr_caisse_ap_ip_database FROM pos_payment_method"
    restore = (
        "UPDATE pos_payment_method SET fr_caisse_ap_ip_database = %s WHERE id = %s"
    )
    for method, database in context.shop.sql(confirmed):
        context.cleanups.callback(context.shop.sql, restore, [database, method])
    path = context.shop.installation.addons / NEUTRALIZE
    context.shop.sql(path.read_text())
    context.pay()


def duplicated(context):
    """The database is a plain copy: Odoo gives it a new identifier."""
    [[uuid]] = context.shop.sql(UUID)
    context.cleanups.callback(context.restart_with, SET_UUID, [uuid])
    context.restart_with(SET_UUID, ["00000000-0000-0000-0000-000000000000"])
    context.pay()


def two_spellings(context):
    """Another method names the same terminal otherwise: still one payment at a time."""
    context.stand()
    name = context.same_terminal("LocalHost.")
    second = context.new_till(2)
    second.sell("Café")
    second.choose(name)
    second.send_chosen()
    second.is_told("The terminal is busy")
    second.close()
    context.customer("accept")
