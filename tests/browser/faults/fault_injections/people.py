# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a person says and what the terminal says are not the same."""

from tills import CARD, CASH, QUESTION, WITHOUT_SALE

from .page import wiped
from .staff import decide


def said_paid(does):
    """The cashier says "paid", the sale ends; then the customer does otherwise."""

    def act(context):
        context.stand()
        decide(context, "release")
        context.till.is_asked(QUESTION)
        context.till.answers("approved", authorisation="A12345")
        context.till.sees_sold()
        context.saved()
        before = context.transactions.last()
        context.customer(does)
        context.transactions.wait_for_news(before)
        context.till.write_down()  # no person loads a page sooner than Odoo does that
        context.till.reload()

    return act


def paid_twice(context):
    """The cashier says "not paid" and sends again; both are accepted in the end."""
    proxy = context.terminal_proxy()
    context.stand()
    proxy.hold()
    context.customer("accept")
    decide(context, "release")
    context.till.is_asked(QUESTION)
    context.till.answers("refused")
    context.terminal.play("accept")
    context.till.send()
    context.till.sees_sold()
    proxy.release()
    context.ended("approved", "approved")
    # Workers behind one port have no bus: the page asks every half minute.
    told = "The customer has paid twice: the terminal approved this too"
    context.till.is_asked(told, seconds=60)


def reversed_unknown(context):
    """The answer to a reversal is lost; the cashier says that it was done."""
    context.configure(fr_caisse_ap_ip_can_reverse=True)
    context.configure(fr_caisse_ap_ip_fast_payment=False)
    context.reopen_till()
    context.till.choose(CARD)
    context.till.type_amount("2")
    context.till.send()
    context.till.sees("reverse")
    context.terminal.play("close_after_accept")
    context.till.sign("reverse").click()
    context.till.is_asked("Was it reversed? Look at the terminal")
    context.till.answers("approved", authorisation="A12345")
    context.till.sees("reversed")
    context.till.choose(CASH)
    context.till.validate()
    context.till.sees_receipt()


def keys(context):
    """Keys and a barcode reader while a question about money is on the screen."""
    for key in ("Enter", "Enter", "Space", "Enter", "Tab", "Enter"):
        context.till.page.keyboard.press(key)
    context.till.page.keyboard.type("3017620422003")
    context.till.page.keyboard.press("Enter")


def keys_on_question(context):
    lose_answer(context)
    keys(context)


def keys_on_offer(context):
    offer_money(context)
    keys(context)


def closed_by_odoo(question):
    """Odoo closes all its dialogs, as it does when nobody has touched the screen."""

    def act(context):
        question(context)
        context.till.close_all_dialogs()

    return act


def lose_answer(context):
    context.terminal.play("close_after_accept")
    context.pay()
    context.till.is_asked(QUESTION)


def offer_money(context):
    """The cashier is asked about money whose sale is gone with the browser."""
    wiped(context)
    context.till.is_asked(WITHOUT_SALE, seconds=60)


def forgotten_by_the_server(context):
    """The database is an older copy: it never heard of the unknown payment."""
    lose_answer(context)
    context.till.answers("later")
    context.shop.sql("DELETE FROM fr_caisse_ap_ip_transaction")
    context.till.reload()
    context.till.is_asked("The server has no trace of this payment.")


def another_till_since(context):
    """The terminal's last transaction is another till's: it says nothing of ours."""
    context.configure(fr_caisse_ap_ip_can_duplicate=True)
    context.reopen_till()
    lose_answer(context)
    context.till.answers("later")
    other = context.new_till(2)
    other.sell("Camembert")
    context.terminal.play("accept")
    other.pay()
    other.sees_sold()
    other.close()
    context.till.sign("unknown").click()
    context.till.is_asked(QUESTION)
    context.till.page.locator(".caisse-ap-query").click()
    context.till.page.locator(".caisse-ap-query").wait_for()
    same = context.till.french(
        "The amount is the same: compare the time on the receipt."
    )
    assert not same.search(context.till.dialog.inner_text())
