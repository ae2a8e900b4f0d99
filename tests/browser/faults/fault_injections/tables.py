# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Tables of a room: orders are saved, opened again, on this device or another."""

import contextlib
import xmlrpc.client

from tills import CARD, CASH, QUESTION

from .devices import pay_in_part

NOT_MERGED = (
    "Order %(order)s cannot be cancelled, deleted or merged: its card payment was "
    "approved, or may still be. %(payments)s. Finish the sale, or refund the customer "
    "first."
)


def open_again(context):
    with context.as_far_as_possible():
        context.till.open_table()
        context.till.return_to_payment()


def and_back(context):
    context.till.leave_table()
    open_again(context)


def in_the_room(does, *states):
    """The till shows the room while the customer acts; then the table is opened."""

    def act(context):
        context.stand()
        context.till.leave_table()
        context.customer(does)
        context.ended(*states)
        context.hear_news()
        open_again(context)

    return act


def reloaded_in_the_room(context):
    context.stand()
    context.till.leave_table()
    context.till.reload()
    open_again(context)
    context.customer("accept")


def unknown_in_the_room(context):
    """The answer is lost while the till shows the room."""
    context.stand()
    context.till.leave_table()
    context.customer("close_after_accept")
    context.ended("unknown")
    context.till.is_asked(QUESTION)
    context.till.answers("later")
    open_again(context)


def cash_at_another_table(context):
    """Another table pays in cash meanwhile."""
    context.stand()
    with context.as_far_as_possible():
        context.till.leave_table()
        context.till.open_table(2)
        context.till.sell("Café")
        context.till.choose(CASH)
        context.till.validate()
        context.till.sees_receipt()
    context.customer("accept")
    context.ended()
    with context.as_far_as_possible():
        context.till.next_order_elsewhere()
    open_again(context)


def paid_while_saved(context):
    """Odoo has saved the table, and its answer comes after that of the terminal."""
    context.stand()
    with context.till.save_unheard():
        context.till.show_tables()
        open_again(context)
        context.customer("accept")
        context.ended()
        context.hear_news()


def refused_after_reopening(context):
    context.stand()
    and_back(context)
    context.customer("refuse")


# -- Two devices -----------------------------------------------------------------------


def second_device(context):
    """Open the table on another device."""
    colleague = context.another_device()
    colleague.return_to_payment()
    return colleague


def device_of_a_waiting_table(context):
    """Open the table on another device, which is told who pays its order."""
    colleague = second_device(context)
    colleague.is_told("This order is being paid already")
    return colleague


def save_table(context):
    """Have Odoo save the order of the table, and come back to its payment."""
    and_back(context)


def paid_on_two_devices(context):
    """Both devices send the table's amount, to a terminal each."""
    terminal, method = context.second_terminal()
    context.reopen_till()
    save_table(context)
    context.stand()
    save_table(context)
    colleague = device_of_a_waiting_table(context)
    terminal.play("accept")
    colleague.choose(method)
    colleague.send_chosen()
    colleague.is_told_of_the_other()
    assert not terminal.requests
    colleague.close()
    context.customer("accept")


def goes_on_elsewhere(does):
    """The page that sent the amount is gone; another device has the table open."""

    def act(context):
        context.stand()
        save_table(context)
        colleague = device_of_a_waiting_table(context)
        context.till.close()
        context.till = colleague
        context.customer(does)

    return act


def cancelled_on_another_device(context):
    """Cancel on a line that another device sent says what to do."""
    context.stand()
    save_table(context)
    colleague = device_of_a_waiting_table(context)
    colleague.select(CARD)
    colleague.cancel()
    assert colleague.dialog.inner_text()
    colleague.close()
    context.customer("accept")


def older_state_saved(context):
    """The server holds what another device saved before the acceptance."""
    part_paid(context)
    context.change_payment(payment_status="waiting")
    context.till.reload()
    with context.reading_on_the_way():
        context.till.return_to_payment()
        context.till.select(CARD)
        context.till.sees("done")
    context.close_dialogs()
    finish(context)


def rest_on_another_device(context):
    """One device pays a part, another one the rest."""
    pay_in_part(context, 200)
    save_table(context)
    context.till.close()
    context.till = second_device(context)
    context.till.choose(CASH)
    context.till.validate()


# -- The order of the table goes away --------------------------------------------------


def part_paid(context):
    """A guest pays two euros by card, and the table is saved."""
    pay_in_part(context, 200)
    save_table(context)


def transferred(context):
    part_paid(context)
    context.till.transfer_to(3)
    context.close_dialogs()
    finish(context)


def transferred_while_waiting(context):
    context.stand()
    with context.as_far_as_possible():
        context.till.transfer_to(3)
    context.close_dialogs()
    context.customer("accept")


def cancelled_in_the_office(context):
    """The order is cancelled in the back office: refused."""
    part_paid(context)
    order = context.saved_order()
    with contextlib.suppress(xmlrpc.client.Fault):
        context.shop.rpc("pos.order", "action_pos_order_cancel", [order])
    finish(context)


def cancelled_when_closing(context):
    """The popup that closes the session proposes to cancel open orders: refused."""
    part_paid(context)
    context.reopen_session_afterwards()
    context.till.leave_table()
    context.till.close_session()
    context.till.close_all_the_same()
    context.till.cancel_open_orders()
    context.till.is_asked("A card payment of this order was approved")
    context.session_stays_open()
    context.till.reload()
    finish(context)


def merged(context):
    """The order would go to the table of another one: refused."""
    part_paid(context)
    context.till.leave_table()
    order_at_second_table(context.till)
    merge(context.till)
    context.till.is_asked("A card payment of this order was approved")
    context.till.answers("later")
    context.till.leave_table()
    finish(context)


def merged_while_waiting(context):
    context.stand()
    context.till.leave_table()
    order_at_second_table(context.till)
    merge(context.till)
    context.till.is_told("A card payment is not finished")
    context.till.leave_table()
    open_again(context)
    context.customer("accept")


def dragged_while_waiting(context):
    """The table is dragged onto another one: both stay, each with its own order."""
    context.stand()
    context.till.leave_table()
    order_at_second_table(context.till)
    context.till.drag_onto(1, 2)
    refusal = context.till.french("A card payment is not finished")
    dialogs = context.till.page.locator(context.till.dialog_box)
    dialogs.filter(has_text=refusal).wait_for()
    # Odoo tells a cashier that only a manager may link tables, once more later on.
    context.close_dialogs()
    with context.reading_on_the_way():
        open_again(context)
    context.customer("accept")


def merged_on_another_device(context):
    """Another device, which knows no payment of the order, would merge it: refused."""
    save_table(context)
    colleague = context.another_device()
    context.stand()
    colleague.leave_table()
    order_at_second_table(colleague)
    merge(colleague)
    colleague.is_told(NOT_MERGED)
    colleague.close()
    context.customer("accept")


def order_at_second_table(till):
    """Have a second table order a coffee, and come back to the room."""
    till.open_table(2)
    till.order("Café")
    till.leave_table()


def merge(till):
    """Put the order of the first table on the second one."""
    till.open_table(1)
    till.transfer_to(2)


def second_order_at_the_table(context):
    """Another device saves an order for the table whose order is being paid."""
    colleague = context.another_device()
    context.stand()
    colleague.order("Café")
    colleague.leave_table()
    colleague.close()
    with context.as_far_as_possible():
        context.till.knows_orders_at_tables(2)
    context.customer("accept")


def finish(context):
    """Pay what the order of the table still owes in cash."""
    context.till.return_to_payment()
    context.till.choose(CASH)
    context.till.validate()
