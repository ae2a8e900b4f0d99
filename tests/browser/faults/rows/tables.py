# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Tables of a room, which Odoo saves and opens again on any device."""

from expectations import REFUSED, SOLD, Expectation
from fault_injections import tables
from fault_injections.course import waits
from row import FLOOR, OURS, TABLES, Row

PART_SOLD = Expectation("sold", 200, 200, ("approved",))


def row(name, inject, expected, *needs, quick=False):
    return Row(name, TABLES, inject, expected, (OURS, FLOOR, *needs), quick)


ROWS = (
    # One device.
    row("room and back", waits(tables.and_back), SOLD, quick=True),
    row("paid in the room", tables.in_the_room("accept"), SOLD, quick=True),
    row("refused in the room", tables.in_the_room("refuse", "refused"), REFUSED),
    row("reloaded in the room", tables.reloaded_in_the_room, SOLD),
    row("refused after reopening", tables.refused_after_reopening, REFUSED),
    # Two devices.
    row("sent from two devices", tables.paid_on_two_devices, SOLD),
    row("sent by a device that is gone", tables.waits_on_another_device, SOLD),
    row("cancelled on another device", tables.cancelled_on_another_device, SOLD),
    row("rest on another device", tables.rest_on_another_device, PART_SOLD),
    # The order goes away.
    row("part paid, transferred", tables.transferred, PART_SOLD),
    row("waiting, transferred", tables.transferred_while_waiting, SOLD),
)
