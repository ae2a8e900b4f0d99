# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the cashier, a colleague or a manager does."""

import contextlib
import xmlrpc.client

from tills import CARD, CASH, QUESTION

from . import page

METHOD = "pos.payment.method"


def cancel(context):
    context.till.cancel()
    context.close_dialog()


def split(context):
    """Take two euros in cash; the customer stands at the terminal for the rest."""
    context.till.choose(CASH)
    context.till.type_amount("2")
    context.stand()
    context.till.select(CASH)


def delete_line(context):
    split(context)
    context.till.delete(CARD)
    context.close_dialog()
    with context.as_far_as_possible():
        context.till.select(CARD)
    context.customer("accept")


def delete_order(context):
    context.till.delete_order()
    context.close_dialog()
    page.reopen(context)
    context.till.return_to_payment()


def validate_in_cash(context):
    """The cashier takes more cash and validates while the card is being paid."""
    split(context)
    with context.as_far_as_possible():
        context.till.type_amount("10")
        context.till.validate()
        context.close_dialog()
    with context.as_far_as_possible():
        context.till.select(CARD)
    context.customer("accept")


def close_session(context):
    """The manager closes the session in the back office."""
    with contextlib.suppress(xmlrpc.client.Fault):
        context.shop.rpc(
            "pos.session", "action_pos_session_closing_control", [context.session]
        )


def change_address(context):
    context.configure(fr_caisse_ap_ip_address="192.0.2.1")


def archive(context):
    with contextlib.suppress(xmlrpc.client.Fault):
        context.shop.rpc(METHOD, "write", [context.method], {"active": False})
    context.cleanups.callback(
        context.shop.sql, "UPDATE pos_payment_method SET active = true"
    )


def freed(context):
    """A manager frees the terminal; the customer pays all the same."""
    context.stand()
    decide(context, "release")
    context.ended("unknown")
    context.customer("accept")
    context.ended()


def decide(context, decision):
    """Have a manager decide about the last transaction in the back office."""
    about = context.transactions.last()["id"]
    model = "fr.caisse.ap.ip.resolution"
    values = {"transaction_id": about, "reason": "a test"}
    asked = context.shop.rpc(model, "create", values)
    button = {"fr_caisse_ap_ip_resolution": decision}
    context.shop.rpc(model, "action_apply", [asked], context=button)


def forced(does):
    """The cashier says "paid" with Odoo's Force done, before the terminal answers."""

    def act(context):
        context.stand()
        context.till.force_done()
        context.till.answers("approved", authorisation="A12345")
        context.till.sees_receipt()
        context.customer(does)

    return act


def denied(context):
    """The cashier says "not paid" and takes cash; then the terminal accepts."""
    context.stand()
    decide(context, "release")
    context.till.is_asked(QUESTION)
    context.till.answers("refused")
    context.ended("refused")
    context.till.delete(CARD)
    context.till.choose(CASH)
    context.till.validate()
    context.till.sees_receipt()
    context.customer("accept")
    context.ended("approved")
    # The page may have told of it before the cashier goes on.
    with context.reading_on_the_way():
        context.till.next_order()
