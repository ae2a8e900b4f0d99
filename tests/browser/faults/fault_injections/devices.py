# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A second device at the same till while the first one sells, or is gone.

The context's page is the one of the first device, unless a fault says otherwise.
"""

import time

from tills import CASH, QUESTION, WITHOUT_SALE

from shop.polling import wait_until

PRODUCT = "Camembert"
# Longer than a page believes news without asking: FRESH_MS in follower.js.
OLD_NEWS_SECONDS = 6


# -- The page of the sale is gone ------------------------------------------------------


def lose_page(context, does="accept"):
    """The customer acts while the page of the sale is gone, for minutes."""
    context.stand()
    context.till.close()
    context.customer(does)
    context.ended()
    context.transactions.forget_pages()


def sold_again(context):
    """A colleague makes the sale again with that money; the first page comes back."""
    lose_page(context)
    context.another_device().use_money(PRODUCT)
    context.come_back()


def back_before_validation(context):
    """The first page comes back before the colleague validates the sale."""
    lose_page(context)
    colleague = context.another_device()
    colleague.attach_money(PRODUCT)
    context.come_back()
    with context.reading_on_the_way():
        context.till.return_to_payment()
    context.till.sees("free")
    colleague.validate()
    colleague.sees_receipt()


def two_colleagues(context):
    """Two colleagues are offered the money at once: one of them gets it."""
    lose_page(context)
    first, second = context.another_device(), context.another_device(3)
    second.look_at_money(PRODUCT)
    first.use_money(PRODUCT)
    second.offers_not("attach")
    context.till = second
    context.close_dialogs()
    second.choose(CASH)
    second.validate()


def offline_meanwhile(context):
    """The first page is only offline for minutes, and comes back."""
    context.stand()
    with context.till.offline():
        use_elsewhere(context)


def old_news_first(context):
    """As before, and Odoo's bus repeats the acceptance before the page can ask."""
    context.stand()
    with context.till.offline():
        use_elsewhere(context)
        context.page_proxy.cut("request", "fr_caisse_ap_ip_status", times=6)


def use_elsewhere(context):
    """The customer pays, and a colleague uses the money for the sale made again.

    The bus of 17.0 has a worker that Chromium does not take off the network with the
    page: what it may hear is old by then.
    """
    since = time.monotonic()
    context.page_proxy.down()
    context.customer("accept")
    context.ended()
    wait_until(lambda: time.monotonic() - since > OLD_NEWS_SECONDS, 30)
    context.page_proxy.up()
    context.transactions.forget_pages()
    context.another_device().use_money(PRODUCT)


def given_back(context):
    """A colleague gives the money back; the first page comes back."""
    lose_page(context)
    colleague = context.another_device()
    colleague.is_asked(WITHOUT_SALE, seconds=60)
    colleague.answers("refunded")
    context.transactions.wait_for_resolution("refunded")
    context.come_back()


def saved_late(context):
    """The first page was paid but not saved; it saves once the money is used."""
    context.stand()
    context.page_proxy.cut("request", context.till.save_call, times=1000)
    context.customer("accept")
    context.look()  # 14.0 tells that it could not save before it shows the receipt
    context.till.close()
    context.page_proxy.repair()
    context.transactions.forget_pages()
    context.another_device().use_money(PRODUCT)
    context.come_back()
    context.saved(2)


# -- Money that is offered -------------------------------------------------------------


def empty_order(context):
    """Money without a sale is not for an order that owes nothing."""
    lose_page(context)
    context.till = context.another_device()
    context.till.is_asked(WITHOUT_SALE, seconds=60)
    context.till.offers_not("attach")


def smaller_sale(context):
    """The sale on screen owes less than the money: that is asked first."""
    lose_page(context)
    context.till = context.another_device()
    context.till.look_at_money("Café")
    context.till.page.locator(".caisse-ap-attach").click()
    context.till.is_asked("This payment is larger than what the sale on screen owes.")
    context.till.answers("later")


# -- The page of the sale is there -----------------------------------------------------


def paid_in_part(context):
    """A colleague is not offered what an open sale holds."""
    pay_in_part(context)
    context.another_device().is_left_alone()
    context.till.choose(CASH)
    context.till.validate()


def pay_in_part(context, cents=245):
    context.terminal.play(f"partial:{cents}")
    context.pay()
    context.close_dialog()
    context.till.sees("done")


def part_used(context):
    """The page of a sale paid in part is gone; a colleague uses that money."""
    pay_in_part(context)
    context.till.close()
    context.transactions.forget_pages()
    colleague = context.another_device()
    colleague.attach_money(PRODUCT)
    colleague.choose(CASH)
    colleague.validate()
    colleague.sees_receipt()
    context.come_back()


def refused(context):
    """A colleague is not told what concerns another page."""
    context.terminal.play("refuse")
    context.pay()
    context.till.is_asked("Payment refused")
    context.another_device().is_left_alone()


def unknown(context):
    """A colleague is not asked about a payment whose page asks its cashier."""
    context.terminal.play("close_after_accept")
    context.pay()
    context.till.is_asked(QUESTION)
    context.till.answers("later")
    context.another_device().is_left_alone()


def unknown_and_gone(context):
    """The page of an unknown payment is gone: a colleague is asked instead."""
    context.terminal.play("close_after_accept")
    context.pay()
    context.till.is_asked(QUESTION)
    context.till.close()
    context.transactions.forget_pages()
    context.till = context.another_device()
    context.till.is_asked(QUESTION, seconds=60)
    context.till.answers("approved", authorisation="A12345")


# -- Payments that Odoo alone has ------------------------------------------------------


def typed_by_hand(context):
    """Cash is booked as a card payment afterwards: no terminal knows of it."""
    context.till.choose(CASH)
    context.till.validate()
    context.till.sees_receipt()
    context.saved()
    context.change_payment(payment_method_id=context.method)


def changed_amount(context):
    """A card payment is changed to another amount afterwards."""
    context.pay()
    context.till.sees_sold()
    context.saved()
    context.change_payment(amount=3.9)


def changed_method(context):
    """A card payment is changed to cash afterwards: its money has no payment."""
    context.pay()
    context.till.sees_sold()
    context.saved()
    context.change_payment(payment_method_id=context.cash_method)
