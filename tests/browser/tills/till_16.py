# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The till of Odoo 16.0."""

from playwright.sync_api import expect

from .till_17 import Till17
from .till_18 import Till18


class Till16(Till17):
    """The till of Odoo 16.0."""

    # Odoo leaves its popups alone up to here.
    close_all = None
    room_is_behind_products = False
    orderline = ".order-container .orderline"
    pay_button = ".product-screen .button.pay"
    empty_order = ".order-empty"
    total = ".order .summary .total"
    refund_order_button = ".ticket-screen .button.pay"
    delete_order_button = Till18.delete_order_button

    def ask_to_transfer(self):
        self.page.locator(".control-button:has(.fa-arrow-right)").click()

    def show_orders(self):
        self.page.locator(".ticket-button").click()

    def ask_to_close_session(self):
        self.page.locator(".header-button").click()

    def give_back(self, product):
        """Take goods back: a French till asks for the new quantity."""
        self.page.locator(self.product, has_text=product).click()
        self.type_quantity("-1")
        self.pay_for_goods_given_back()

    def remove_product(self, product):
        """Take a product off: a French till takes it back, on a line of its own."""
        total = self.page.locator(self.total)
        before = total.inner_text()
        self.page.locator(self.orderline, has_text=product).click()
        self.type_quantity("0")
        expect(total).not_to_have_text(before)

    def type_quantity(self, quantity):
        self.press("+/-")
        expect(self.page.locator(self.dialog_box)).to_be_visible()
        self.page.keyboard.type(quantity)
        self.page.locator(self.confirm_button).click()
        expect(self.page.locator(self.dialog_box)).to_have_count(0)
