# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The till of Odoo 14.0."""

from .names import PAID
from .till_16 import Till16

# The last 14.0 asks this of a line, and then takes a quantity below zero.
TAKES_A_SIGN = '"is_last_line" in posmodel.get_order().get_selected_orderline()'
NAME_OF_PIN = "SELECT name FROM hr_employee WHERE pin = %s"


class Till14(Till16):
    """The till of Odoo 14.0: the cashier validates each order."""

    validates_by_itself = False
    can_refund_orders = False
    logged_out_without_database = True
    can_log_in = True

    close_session_button = None
    open_till_call = "open_session_cb"
    # The first 14.0 finds no French for a text with line breaks around it.
    signs = {
        **Till16.signs,
        "done": f".electronic_payment :text-matches('{PAID}|Payment Successful')",
    }

    def enter(self):
        if self.pin:
            self.page.locator(".select-employee").click()
            [[name]] = self.shop.sql(NAME_OF_PIN, [self.pin])
            self.page.locator(".selection-item", has_text=name).click()
            # A keyboard as quick as ours would be a barcode reader.
            for digit in self.pin:
                keys = self.page.locator(".popup-number .number-char")
                keys.get_by_text(digit, exact=True).click()
            self.page.locator(self.confirm_button).click()
        super().enter()

    def give_back(self, product):
        """Take goods back: early 14.0 adds a line each time one has none left."""
        self.page.locator(self.product, has_text=product).click()
        self.page.locator(".orderline").first.wait_for()
        if self.evaluate(TAKES_A_SIGN):
            self.type_quantity("-1")
        else:
            self.add_lines_of_minus_one(2)
        self.pay_for_goods_given_back()

    def add_lines_of_minus_one(self, number):
        for _line in range(number):
            self.page.locator(".orderline").first.click()
            self.type_quantity("0")

    def delete_order(self):
        """Throw the only open order away; the addon speaks before Odoo does."""
        self.show_orders()
        self.page.locator(self.delete_order_button).click()
