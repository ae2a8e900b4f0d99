# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The page, its browser and its connection."""

import contextlib
import time

from playwright.sync_api import Error
from tills import CASH, QUESTION

from .course import plays


def two_clicks(context):
    context.till.pay_twice()


def cut(side, method):
    """The connection of the page's call is cut."""

    def act(context):
        context.page_proxy.cut(side, f"fr_caisse_ap_ip_{method}")
        context.pay()
        context.connection_cut()

    return act


def answered_by_proxy(method):
    """What Odoo answers is lost, and a proxy answers in JSON that is none of Odoo's."""

    def act(context):
        def answer(route):
            route.fetch()
            route.fulfill(json={"error": "the upstream server is away"})

        context.till.page.route(f"**/fr_caisse_ap_ip_{method}", answer, times=1)
        context.pay()

    return act


def start_cut_again(times):
    """No answer reaches the page, however often it asks for the same payment.

    The customer waits so long: news of the payment would have the page stop.
    """

    def act(context):
        context.page_proxy.cut("answer", "fr_caisse_ap_ip_start", times)
        context.stand()
        context.connection_cut(times)
        context.customer("accept")

    return act


def offline_sent(seconds):
    """The page has no network when the cashier sends the amount."""

    def act(context):
        with context.till.offline():
            context.pay()
            time.sleep(seconds)

    return act


def offline_waiting(seconds):
    """The page has no network while the customer pays."""

    def act(context):
        context.stand()
        with context.till.offline():
            context.customer("accept")
            context.ended()
            time.sleep(seconds)

    return act


def cancel_offline(context):
    """The cashier wants out before the request has found the network."""
    with context.till.offline(), context.till.in_vain("fr_caisse_ap_ip_start"):
        context.pay()
        context.till.cancel()
        context.close_dialog()


def reload(context):
    context.till.reload()


def reopen(context):
    context.till.close()
    context.till.open_again()


def closed(context):
    context.stand()
    context.till.close()
    context.customer("accept")
    context.ended()
    context.till.open_again()


def crashed(context):
    context.stand()
    with contextlib.suppress(Error):
        context.till.page.goto("chrome://crash")
    context.customer("accept")
    reopen(context)


def wiped(context):
    """The browser has forgotten everything when it comes back."""
    context.stand()
    context.till.close()
    context.customer("accept")
    context.ended()
    context.transactions.forget_pages()
    context.till = context.new_till(1)


def wiped_and_cash(context):
    """The cashier makes the sale again, in cash, before the customer's card is in."""
    context.stand()
    context.till.close()
    context.till = context.new_till(1)
    context.till.sell("Camembert")
    context.till.choose(CASH)
    context.till.validate()
    context.till.sees_receipt()
    context.customer("accept")
    context.ended()
    context.transactions.forget_pages()
    context.till.next_order()


def second_window(context):
    context.till.page = context.till.context.new_page()
    context.till.open()
    context.till.return_to_payment()


def second_till(context):
    second = context.new_till(2)
    second.sell("Café")
    second.pay()
    second.is_told("The terminal is busy")
    second.close()


def clock_back(context):
    context.till.evaluate(
        "() => { const now = Date.now; Date.now = () => now() - 3600000; }"
    )


def order_cut(side):
    """The paid order is cut off on its way to the server, or the server's answer."""

    def act(context):
        context.stand()
        context.page_proxy.cut(side, context.till.save_call)
        context.customer("accept")
        context.look()  # 14.0 says so before it shows the receipt
        context.connection_cut()
        if not context.paid():
            context.till.reload()  # Odoo sends then what it could not send before

    return act


def word_cut(context):
    """The cashier says "paid", and the server's answer is lost."""
    plays("close_after_accept")(context)
    context.till.is_asked(QUESTION)
    context.page_proxy.cut("answer", "fr_caisse_ap_ip_resolve")
    context.till.answers("approved", authorisation="A12345")
    context.connection_cut()


def at_once(fault):
    """A fault of the page at the very moment the customer pays."""

    def act(context):
        context.stand()
        context.terminal.tap("accept")
        fault(context)

    return act
