# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The till of Odoo 19.0."""

import contextlib
import re

import pytest
from playwright.sync_api import TimeoutError, expect
from translations import pattern

from shop.polling import wait_until

from .names import CARD, FIRST_PAGE_MS, PAID, READY, WITHOUT_SALE

OPEN_AT_TABLES = """
    posmodel.models["pos.order"].filter((one) => one.table_id && !one.finalized).length
"""
# Older series do it at once.
WRITE_DOWN = """
    async () => { await window.posmodel?.data?.synchronizeLocalDataInIndexedDB?.(); }
"""
# The call of a series that opens a session.
OPENED = re.compile("set_opening_control|set_cashbox_pos")
# How long Odoo takes to save an order, if it has one to save.
SAVED_MS = 3000
# Where a dragged table is held beside the middle of another one, and what touches it.
ASIDE = 10
TOUCH_PIXELS = 2


def middle(box):
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


class Till19:
    """The till of Odoo 19.0.

    An older series inherits from the next newer one and says what is otherwise there.
    """

    has_authorisation_field = True
    sends_by_itself = True
    validates_by_itself = True
    can_refund_orders = True
    logged_out_without_database = False
    can_log_in = True

    product = "article.product"
    backspace = "⌫"
    back_button = ".payment-screen .back-button"
    orderline = ".order-container .orderline"
    table = ".floor-map .table"
    tables_button = ".table-button"
    pay_button = ".pay-order-button"
    empty_order = ".product-screen:not(:has(.order-container))"
    total = ".order-summary .total"
    key = ".numpad button"
    next_order_button = ".receipt-screen .button.next"

    order_filter = ".pos-search-bar .filter"
    order_row = ".ticket-screen .order-row"
    refund_order_button = ".ticket-screen .pay-order-button"
    delete_order_button = ".ticket-screen .order-row .delete-column button"
    cancel_orders_button = "Annuler les commandes"
    close_session_button = ".modal .btn-primary:has-text('Fermer la caisse')"

    payment_screen = ".payment-screen"
    method = ".paymentmethod"
    line = ".paymentline"
    chosen_line = ".paymentline.selected"
    delete_button = ".delete-button"
    refund_button = ".send_refund_request"
    force_done_button = ".send_force_done"
    validate_button = ".validation-button.next"
    signs = {
        "waiting": ".send_payment_cancel",
        "free": ".send_payment_request",
        "unknown": ".send_payment_resolve",
        "done": f".electronic_payment:has-text('{PAID}')",
        "given back": ".electronic_payment:has-text('réussi')",
        "reverse": ".send_payment_reversal",
        "reversed": ".electronic_payment :text-matches('annulé|reversed|contre-passé')",
    }

    pay_split_button = ".pay-split-order"
    more_button = ".control-buttons .more-btn"

    receipt_screen = ".receipt-screen"
    receipt = ".pos-receipt"

    dialog_box = ".modal"
    ok_button = ".modal .btn-primary"
    confirm_button = ".modal .btn-primary"
    open_button = ".modal .btn-primary"
    # Whatever closes a dialog that asks nothing.
    any_ok_button = ".modal .btn-primary, .caisse-ap-ok"

    ready = READY
    # How the page sends a paid order to the server, and closes a session.
    save_call = "sync_from_ui"
    closing_calls = (
        ("update_closing_control_state_session", ""),
        ("close_session_from_ui",),
    )
    close_all = "posmodel.dialog.closeAll()"

    def __init__(self, page, shop, number, translations, pin=None):
        """``pin``: of the employee who logs in, where employees do (pos_hr)."""
        self.page = page
        self.context = page.context
        self.shop = shop
        self.number = number
        self.translations = translations
        self.pin = pin

    # -- Coming and going ------------------------------------------------------------

    def open(self):
        """Open the page and come to the products."""
        self.page.goto(self.shop.till_url(self.number), timeout=FIRST_PAGE_MS)
        self.page.wait_for_function(self.ready, timeout=FIRST_PAGE_MS)
        self.enter()
        return self

    def enter(self):
        """Pass what Odoo shows before the first order of a day, or of a window."""
        self.page.locator(".open-register-btn").click()
        if self.pin:
            self.page.locator(".screen-login input").press_sequentially(self.pin)
            self.page.keyboard.press("Enter")
        self.open_session(self.evaluate("posmodel.session.state"))

    def open_session(self, state):
        """Count the cash if the session is not open yet, and come to the products."""
        if state == "opening_control":
            # Odoo goes on before the server has opened it, and we are quicker still.
            with self.page.expect_response(OPENED):
                self.page.locator(self.open_button).click()
        self.begin_order()

    def begin_order(self):
        """Come to the products of an order, at a table where there are some."""
        products = self.page.locator(self.product).first
        expect(products.or_(self.page.locator(self.table).first)).to_be_visible()
        if not products.is_visible():
            self.open_table()

    def open_table(self, number=1):
        """Open the order of a table."""
        self.table_numbered(number).locator(".label").click()
        shown = self.page.locator(self.product).first
        expect(shown.or_(self.page.locator(self.method).first)).to_be_visible()

    def transfer_to(self, number):
        """Put the order on screen on another table."""
        self.show_products()
        self.ask_to_transfer()
        self.page.locator(self.table).first.wait_for()
        self.table_numbered(number).locator(".label").click()

    def drag_onto(self, number, other):
        """Drag a table of the room onto another one until Odoo links them; drop it."""
        mouse = self.page.mouse
        mouse.move(*middle(self.box(number)))
        mouse.down()
        x, y = middle(self.box(other))
        mouse.move(x - ASIDE, y, steps=10)
        wait_until(lambda: self.touch_while_dragged(number, other), 30)
        mouse.up()

    def touch_while_dragged(self, number, other):
        """Tremble, and return whether the dragged table has jumped beside the other."""
        x, y = middle(self.box(other))
        self.page.mouse.move(x - 2 * ASIDE, y)
        self.page.mouse.move(x - ASIDE, y)
        dragged = self.box(number)
        right = dragged["x"] + dragged["width"]
        return abs(right - self.box(other)["x"]) < TOUCH_PIXELS

    def box(self, number):
        return self.table_numbered(number).bounding_box()

    def table_numbered(self, number):
        name = re.compile(rf"^\s*{number}\s*$")
        label = self.page.locator(".label", has_text=name)
        return self.page.locator(self.table, has=label)

    def ask_to_transfer(self):
        self.page.locator(self.more_button).click()
        self.page.locator(".modal button:has(.oi-arrow-right)").first.click()

    def show_tables(self):
        self.page.locator(self.tables_button).click()
        expect(self.page.locator(self.table).first).to_be_visible()

    @contextlib.contextmanager
    def save_unheard(self):
        """Hold back the answer to the next order that Odoo saves."""
        held = []

        def hold(route):
            held.append((route, route.fetch()))

        self.page.route(f"**/*{self.save_call}", hold, times=1)
        yield
        for route, response in held:
            route.fulfill(response=response)

    def leave_table(self):
        """Go back to the room, and wait until Odoo has saved the order of the table.

        What is paid while a new order is being saved waits for the next time it is.
        """
        with contextlib.suppress(TimeoutError):  # there may be nothing to save
            with self.page.expect_response(self.is_save, timeout=SAVED_MS):
                self.page.locator(self.tables_button).click()
        expect(self.page.locator(self.table).first).to_be_visible()

    def is_save(self, response):
        return self.save_call in response.url

    def reload(self):
        self.page.reload()
        self.page.wait_for_function(self.ready)

    def write_down(self):
        """Wait until the page has kept its orders; Odoo does so a little later."""
        self.evaluate(WRITE_DOWN)

    def close(self):
        self.page.close()

    def open_again(self):
        """Open another page, which finds what the last one wrote down."""
        self.page = self.context.new_page()
        return self.open()

    @contextlib.contextmanager
    def offline(self):
        """Cut this window off the network as long as the block."""
        self.context.set_offline(True)
        yield
        self.context.set_offline(False)

    @contextlib.contextmanager
    def in_vain(self, method):
        """Expect that a call of the server fails in the block: nobody is there."""
        with self.page.expect_event(
            "requestfailed", lambda request: request.url.endswith(method)
        ):
            yield

    def return_to_payment(self):
        """Show the payments of the order again, wherever Odoo has put us."""
        screen = self.page.locator(self.method).first
        pay = self.page.locator(self.pay_button)
        order = self.page.locator(self.order_row).first
        table = self.page.locator(self.table).first
        expect(screen.or_(pay).or_(order).or_(table).first).to_be_visible()
        if table.is_visible():
            self.open_table()
        if order.is_visible():
            order.dblclick()
            expect(screen.or_(pay).first).to_be_visible()
        if not screen.is_visible():
            pay.click()
        expect(screen).to_be_visible()

    # -- Selling ---------------------------------------------------------------------

    def order(self, *products):
        """Put products into the order."""
        for name in products:
            self.page.locator(self.product, has_text=name).click()

    def sell(self, *products):
        """Put products into the order and go to the payment screen."""
        self.order(*products)
        self.page.locator(self.pay_button).click()
        expect(self.page.locator(self.method).first).to_be_visible()

    def show_products(self):
        """Leave the payment screen for the products, if we are there."""
        if self.page.locator(self.method).first.is_visible():
            self.page.locator(self.back_button).first.click()
        expect(self.page.locator(self.product).first).to_be_visible()

    def sell_more(self, product):
        """Put one more product into an order, and come back to its payment."""
        self.show_products()
        self.sell(product)

    def remove_product(self, product):
        """Take a product off the order on screen."""
        line = self.page.locator(self.orderline, has_text=product)
        line.click()
        for _key in range(2):
            self.press(self.backspace)
        expect(line).to_have_count(0)

    def split(self, product):
        """Put a product on a bill of its own, and go to its payment."""
        self.ask_to_split()
        bill = self.page.locator(".splitbill-screen")
        bill.locator(".orderline", has_text=product).click()
        bill.locator(self.pay_split_button).click()
        expect(self.page.locator(self.method).first).to_be_visible()

    def ask_to_split(self):
        self.page.locator(self.more_button).click()
        self.page.locator(".modal button:has(.fa-files-o)").click()

    def return_to_rest_of_bill(self):
        """Go from a receipt to the payment of what the bill still holds."""
        self.page.locator(".receipt-screen [name='resume']").first.click()
        self.page.locator(self.pay_split_button).click()
        expect(self.page.locator(self.method).first).to_be_visible()

    def choose(self, method):
        self.page.locator(self.method, has_text=method).click()

    def pay(self, method=CARD):
        """Have the terminal asked for the amount, as a cashier of this series does."""
        self.choose(method)
        if not self.sends_by_itself:
            self.send()

    def send(self):
        self.sign("free").click()

    def send_chosen(self):
        """Send the line that was chosen, where choosing alone does not, and it may."""
        if not self.sends_by_itself:
            expect(self.sign("free").or_(self.dialog)).to_be_visible()
            if self.sign("free").is_visible():
                self.send()

    def pay_twice(self):
        """Click as an impatient cashier does: where one click is enough, twice."""
        if self.sends_by_itself:
            self.page.locator(self.method, has_text=CARD).dblclick()
        else:
            self.choose(CARD)
            self.sign("free").dblclick()

    def type_amount(self, euros):
        """Type a whole number of euros for the chosen line."""
        for digit in euros:
            self.press(digit)
        line = self.page.locator(self.chosen_line)
        expect(line).to_contain_text(f"{euros},00")

    def press(self, key):
        """Press a key of the numpad on the screen."""
        self.page.locator(self.key).get_by_text(key, exact=True).click()

    def cancel(self):
        self.sign("waiting").click()

    def force_done(self):
        self.page.locator(self.force_done_button).click()

    def give_back(self, product):
        """Take goods back in an order of its own, and go to the payment screen."""
        self.page.locator(self.product, has_text=product).click()
        self.press("+/-")
        self.pay_for_goods_given_back()

    def pay_for_goods_given_back(self):
        expect(self.page.locator(self.total)).to_contain_text("-")
        self.page.locator(self.pay_button).click()
        expect(self.page.locator(self.method).first).to_be_visible()

    def refund_last_order(self):
        """Choose the order sold last, refund it and go to the payment screen."""
        self.show_orders()
        self.page.locator(self.order_filter).click()
        self.page.locator(self.order_filter).get_by_text("Payé", exact=True).click()
        self.page.locator(self.order_row).first.click()
        self.page.locator(self.refund_order_button).click()
        self.return_to_payment()

    def delete_order(self):
        """Throw the only open order away, and mean it."""
        self.show_orders()
        self.page.locator(self.delete_order_button).click()
        self.page.locator(self.confirm_button).last.click()

    def show_orders(self):
        self.page.locator(".orders-button").click()

    def pay_back(self, method=CARD):
        """Have the terminal give back what an order was paid with."""
        self.choose(method)
        self.page.locator(self.refund_button).click()

    def send_refund(self, amount):
        """Have the terminal give back what is proposed."""
        expect(self.page.locator(self.chosen_line)).to_contain_text(amount)
        self.page.locator(self.refund_button).click()

    def delete(self, method):
        line = self.page.locator(self.line, has_text=method).first
        line.locator(self.delete_button).click()

    def select(self, method):
        self.page.locator(self.line, has_text=method).first.click()

    def validate(self):
        self.page.locator(self.validate_button).first.click()

    def close_session(self):
        """Ask for the popup that closes the session, and confirm it."""
        self.ask_to_close_session()
        self.page.locator(self.close_session_button).click()

    def insist_on_closing(self):
        """Say that the session is to be closed, if the addon asks."""
        close = self.page.locator(".caisse-ap-close")
        expect(close.or_(self.dialog)).to_be_visible()
        if close.is_visible():
            close.click()
            expect(close).to_have_count(0)

    def close_all_the_same(self):
        """Say yes to what Odoo asks about the cash, and then to the addon."""
        go_on = self.page.get_by_role("button", name="Poursuivre")
        close = self.page.locator(".caisse-ap-close")
        expect(go_on.or_(close)).to_be_visible()
        if go_on.is_visible():
            go_on.click()
        close.click()

    def cancel_open_orders(self):
        """Do what Odoo proposes where open orders keep a session from closing."""
        self.page.get_by_text(self.cancel_orders_button, exact=True).click()

    def ask_to_close_session(self):
        self.page.locator(".pos-rightheader button:has(.fa-bars)").click()
        menu = self.page.locator(".pos-burger-menu-items")
        menu.get_by_text("Fermer la caisse").click()

    def next_order(self):
        self.page.locator(self.next_order_button).first.click()
        self.begin_order()

    def next_order_elsewhere(self):
        """Leave the receipt for the room."""
        self.page.locator(self.next_order_button).first.click()
        products = self.page.locator(self.product).first
        expect(products.or_(self.page.locator(self.table).first)).to_be_visible()
        if products.is_visible():
            self.leave_table()

    def is_at_end(self):
        """Come to a fresh order after a sale; False where the page is not so far."""
        is_sold = not self.page.is_closed() and (
            self.page.locator(self.receipt_screen).is_visible()
        )
        if is_sold:
            self.next_order()
        return is_sold

    # -- What the screen shows -------------------------------------------------------

    def sign(self, status):
        """Return what shows that the chosen line has this status."""
        return self.page.locator(self.signs[status])

    def sees(self, status):
        expect(self.sign(status)).to_be_visible()

    def sees_not(self, status):
        expect(self.sign(status)).to_be_hidden()

    def sees_sold(self):
        """Expect the order to end as it does in this series: by itself, if it can."""
        if not self.validates_by_itself:
            self.sees("done")
            self.validate()
        self.sees_receipt()

    def sees_receipt(self):
        expect(self.page.locator(self.receipt_screen)).to_be_visible()

    def reads(self, *english):
        """Expect text of the addon on the payment screen."""
        for text in map(self.french, english):
            expect(self.page.locator(self.payment_screen)).to_contain_text(text)

    def receipt_text(self):
        return self.page.locator(self.receipt).inner_text()

    # -- What the cashier is told, and says ------------------------------------------

    @property
    def dialog(self):
        return self.page.locator(self.dialog_box).last

    def french(self, english):
        """Return an expression that finds this text of the addon on the screen."""
        return pattern(self.translations[english])

    def is_asked(self, *english, also=(), seconds=None):
        """Expect text of the addon, and others, in a dialog."""
        timeout = seconds and 1000 * seconds
        for text in [*map(self.french, english), *also]:
            expect(self.dialog).to_contain_text(text, timeout=timeout)

    def is_told(self, *english, also=()):
        """Expect text of the addon, and others, in a dialog, and leave it."""
        self.is_asked(*english, also=also)
        self.page.locator(self.ok_button).last.click()
        expect(self.page.locator(self.dialog_box)).to_have_count(0)

    def is_left_alone(self, seconds=8):
        """Expect no dialog, as long as it takes to ask what others do."""
        self.comes_not(self.dialog_box, seconds)

    def is_left_open(self, seconds=6):
        """Expect that the order is not validated by itself."""
        self.comes_not(self.receipt_screen, seconds)

    def comes_not(self, selector, seconds):
        with pytest.raises(TimeoutError):
            self.page.locator(selector).first.wait_for(timeout=1000 * seconds)

    def offers_not(self, choice):
        expect(self.page.locator(f".caisse-ap-{choice}")).to_have_count(0)

    def attach_money(self, product):
        """Have money without a sale pay a product, and stop before the validation."""
        self.look_at_money(product)
        self.answers("attach")
        self.sees("done")

    def look_at_money(self, product):
        """Sell a product, and open the question about money without a sale."""
        self.is_asked(WITHOUT_SALE, seconds=60)
        self.answers("later")
        self.sell(product)
        self.looks_at_waiting()
        self.is_asked(WITHOUT_SALE)

    def use_money(self, product):
        """Sell a product that money without a sale pays."""
        self.attach_money(product)
        self.validate()
        self.sees_receipt()

    def is_told_of_the_other(self):
        """Expect to be told that the order is being paid, by Odoo too, and leave it."""
        expect(self.dialog).to_be_visible()
        self.page.locator(self.any_ok_button).last.click()

    def close_all_dialogs(self):
        """Have Odoo close what is open, as it does for reasons of its own.

        A question is back after a second: the page itself looks whether it was gone.
        """
        self.page.evaluate(self.close_all)
        self.page.wait_for_function(f"!document.querySelector('{self.dialog_box}')")

    def answers(self, choice, authorisation=None):
        """Answer the question about a payment: approved, refused or later."""
        self.page.locator(f".caisse-ap-{choice}").click()
        if authorisation is not None:
            self.page.locator(".caisse-ap-input").fill(authorisation)
            self.page.locator(".caisse-ap-apply").click()
        expect(self.page.locator(self.dialog_box)).to_have_count(0)

    def looks_at_waiting(self):
        """Open the payments that wait for a person."""
        self.page.locator(".caisse-ap-mark").click()

    def knows_orders_at_tables(self, number):
        """Wait until so many open orders at tables have reached the page."""
        self.page.wait_for_function(f"{OPEN_AT_TABLES} === {number}")

    def evaluate(self, script):
        """Ask the page what its screen cannot tell."""
        return self.page.evaluate(script)
