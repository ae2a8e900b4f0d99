# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The till of Odoo 14.0."""

from .names import PAID
from .till_16 import Till16


class Till14(Till16):
    """The till of Odoo 14.0: the cashier validates each order."""

    validates_by_itself = False
    can_refund_orders = False
    logged_out_without_database = True

    close_session_button = None
    open_till_call = "open_session_cb"
    # The first 14.0 finds no French for a text with line breaks around it.
    signs = {
        **Till16.signs,
        "done": f".electronic_payment :text-matches('{PAID}|Payment Successful')",
    }

    def give_back(self, product):
        """Take goods back: a French till adds a line each time one has none left."""
        self.page.locator(self.product, has_text=product).click()
        for _line in range(2):
            self.page.locator(".orderline").first.click()
            self.type_quantity("0")
        self.pay_for_goods_given_back()

    def delete_order(self):
        """Throw the only open order away; the addon speaks before Odoo does."""
        self.show_orders()
        self.page.locator(self.delete_order_button).click()
