# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The till of Odoo 18.0."""

from playwright.sync_api import expect

from .names import CARD
from .till_19 import Till19

QUANTITY = "posmodel.get_order().get_selected_orderline().get_quantity()"


class Till18(Till19):
    """The till of Odoo 18.0."""

    validate_button = ".payment-screen .button.next"
    force_done_button = None
    cancel_orders_button = None
    tables_button = ".navbar-menu .back-button"
    more_button = ".control-buttons button:has-text('Actions')"  # no class in 2024
    delete_order_button = ".ticket-screen .order-row .delete-button"

    def show_orders(self):
        self.page.locator(".pos-rightheader button:has(.fa-bars)").click()
        self.page.locator(".pos-burger-menu-items").get_by_text("Commandes").click()

    def give_back(self, product):
        """Take goods back: in early 18.0 the first key means that none are sold."""
        self.page.locator(self.product, has_text=product).click()
        self.press("+/-")
        self.page.wait_for_function(f"{QUANTITY} <= 0")
        if self.evaluate(QUANTITY) == 0:
            self.press("1")
        self.pay_for_goods_given_back()

    def pay_back(self, method=CARD):
        self.choose(method)
        self.send()

    def send_refund(self, amount):
        expect(self.page.locator(self.chosen_line)).to_contain_text(amount)
        self.send()
