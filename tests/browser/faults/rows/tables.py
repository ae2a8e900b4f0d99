# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Tables of a room, which Odoo saves and opens again on any device."""

from expectations import ASKED_PAID, ORPHAN, REFUSED, SOLD, Expectation
from fault_injections import tables
from fault_injections.course import waits
from row import CANCELS_ORDERS, DIRECT, FLOOR, MERGES, OURS, SAVES_ASIDE, TABLES, Row

PART_SOLD = Expectation("sold", 200, 200, ("approved",))


def row(name, inject, expected, *needs, quick=False):
    return Row(name, TABLES, inject, expected, (OURS, FLOOR, *needs), quick)


def row_of_both(name, inject, expected, *needs, quick=False):
    """Return a row that the published addon can play too."""
    return Row(name, TABLES, inject, expected, (FLOOR, *needs), quick)


ROWS = (
    # One device.
    row_of_both("room and back", waits(tables.and_back), SOLD, quick=True),
    row_of_both("paid in the room", tables.in_the_room("accept"), SOLD, quick=True),
    row_of_both(
        "refused in the room", tables.in_the_room("refuse", "refused"), REFUSED
    ),
    row_of_both(
        "paid while Odoo saves the table", tables.paid_while_saved, SOLD, SAVES_ASIDE
    ),
    row("unknown in the room", tables.unknown_in_the_room, ASKED_PAID),
    row_of_both("reloaded in the room", tables.reloaded_in_the_room, SOLD),
    row_of_both("refused after reopening", tables.refused_after_reopening, REFUSED),
    row_of_both("cash at another table", tables.cash_at_another_table, SOLD),
    # Two devices.
    row("sent from two devices", tables.paid_on_two_devices, SOLD, DIRECT),
    row("sent by a device that is gone", tables.goes_on_elsewhere("accept"), SOLD),
    row(
        "unknown on another device",
        tables.goes_on_elsewhere("close_after_accept"),
        ASKED_PAID,
    ),
    row("cancelled on another device", tables.cancelled_on_another_device, SOLD),
    row("older state saved", tables.older_state_saved, PART_SOLD),
    row("rest on another device", tables.rest_on_another_device, PART_SOLD),
    # The order goes away.
    row(
        "part paid, cancelled in the office", tables.cancelled_in_the_office, PART_SOLD
    ),
    row(
        "part paid, closing",
        tables.cancelled_when_closing,
        PART_SOLD,
        CANCELS_ORDERS,
    ),
    row("part paid, transferred", tables.transferred, PART_SOLD),
    row_of_both("waiting, transferred", tables.transferred_while_waiting, SOLD),
    row("part paid, merged", tables.merged, PART_SOLD, MERGES),
    row("waiting, merged", tables.merged_while_waiting, SOLD, MERGES),
    row("waiting, table dragged", tables.dragged_while_waiting, SOLD, MERGES),
    Row(
        "merged on another device",
        TABLES,
        tables.merged_on_another_device,
        SOLD,
        (OURS, FLOOR, MERGES),
        quick=True,
        or_expected=ORPHAN,
    ),
    row_of_both(
        "second order at the table", tables.second_order_at_the_table, SOLD, MERGES
    ),
)
