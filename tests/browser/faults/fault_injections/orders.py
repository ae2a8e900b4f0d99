# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The order of a payment goes away, or changes, or its session does."""

import contextlib
import xmlrpc.client


def product_removed(context):
    """A product is taken off while the terminal waits for the old total."""
    context.till.sell_more("Café")
    context.stand()
    context.till.show_products()
    context.till.remove_product("Café")
    context.customer("accept")
    context.ended()
    context.hear_news()
    context.till.is_left_open()
    context.till.sell_more("Café")
    context.till.validate()


def session_closed_at_the_till(context):
    """A colleague closes the session while the terminal waits: refused at once."""
    context.stand()
    context.reopen_session_afterwards()
    colleague = context.another_device()
    colleague.close_session()
    colleague.insist_on_closing()
    context.session_stays_open()
    colleague.close()
    context.customer("accept")


def session_closed_by_calls(context):
    """A page that asked nothing makes the calls that close a session."""
    context.stand()
    context.reopen_session_afterwards()
    for method, *args in context.till.closing_calls:
        with contextlib.suppress(xmlrpc.client.Fault):
            login = context.shop.cashier
            context.shop.rpc("pos.session", method, context.session, *args, login=login)
    context.session_stays_open()
    context.customer("accept")
