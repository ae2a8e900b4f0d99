# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Tables of a room: orders are saved, opened again, on this device or another."""

from tills import CARD, CASH

from .devices import pay_in_part


def open_again(context):
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
    colleague = second_device(context)
    terminal.play("accept")
    colleague.choose(method)
    colleague.send_chosen()
    colleague.is_told_of_the_other()
    assert not terminal.requests
    colleague.close()
    context.customer("accept")


def waits_on_another_device(context):
    """The page that sent the amount is gone; another device has the table open."""
    context.stand()
    save_table(context)
    colleague = second_device(context)
    context.till.close()
    context.till = colleague
    context.customer("accept")


def cancelled_on_another_device(context):
    """Cancel on a line that another device sent says what to do."""
    context.stand()
    save_table(context)
    colleague = second_device(context)
    colleague.select(CARD)
    colleague.cancel()
    assert colleague.dialog.inner_text()
    colleague.close()
    context.customer("accept")


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
    context.till.transfer_to(3)
    context.close_dialogs()
    context.customer("accept")


def finish(context):
    """Pay what the order of the table still owes in cash."""
    context.till.return_to_payment()
    context.till.choose(CASH)
    context.till.validate()
