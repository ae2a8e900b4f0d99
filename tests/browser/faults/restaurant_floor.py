# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A room with tables for each till, as pos_restaurant has them in each series."""

TABLES = 4
# Odoo's own form refuses to change a till whose session is open.
IS_RESTAURANT = """
    UPDATE pos_config SET module_pos_restaurant = true, iface_splitbill = true
"""
# Up to 16.0 a setting of its own; 14.0 shows the room of a till all the same.
HAS_ROOM = "UPDATE pos_config SET is_table_management = true"


def add_tables(shop):
    """Have each till of a shop begin with its tables, numbered from 1."""
    shop.has_tables = True
    shop.sql(IS_RESTAURANT)
    if is_of_one_till(shop):
        shop.sql(HAS_ROOM)
    fields = shop.rpc("restaurant.table", "fields_get", [], ["type"])
    is_numbered = "table_number" in fields
    for till in shop.tills:
        floor = shop.rpc("restaurant.floor", "create", floor_values(shop, till))
        for number in range(1, TABLES + 1):
            name = {"table_number": number} if is_numbered else {"name": str(number)}
            place = {"position_h": 150 * number, "position_v": 100, "width": 90}
            values = {"floor_id": floor, "height": 90, "seats": 2, **name, **place}
            shop.rpc("restaurant.table", "create", values)


def floor_values(shop, till):
    many = {"pos_config_ids": [[4, till]]}
    tills = {"pos_config_id": till} if is_of_one_till(shop) else many
    return {"name": f"Salle {till}", **tills}


def is_of_one_till(shop):
    """Return whether a room belongs to one till, as up to 16.0."""
    return shop.series in ("14.0", "16.0")
