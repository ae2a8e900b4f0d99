# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The till of Odoo 17.0."""

import contextlib
from xmlrpc.client import Fault

from playwright.sync_api import expect

from .till_18 import Till18


class Till17(Till18):
    """The till of Odoo 17.0."""

    has_authorisation_field = False
    sends_by_itself = False
    can_log_in = False
    room_is_behind_products = True

    # A French till of this series deletes no order.
    delete_order_button = None
    close_all = (
        "Object.values(posmodel.env.services.popup.popups)"
        ".map((one) => one.props.close())"
    )
    close_session_button = ".close-pos-popup .button.highlight"

    back_button = ".payment-screen .button.back"
    tables_button = ".floor-button"
    pay_split_button = ".pay-button .button"

    dialog_box = ".popup"
    ok_button = ".caisse-ap-ok"
    confirm_button = ".popup .confirm"
    open_button = ".opening-cash-control footer .button"
    any_ok_button = ".caisse-ap-ok, .popup .button"

    save_call = "create_from_ui"
    # Its page needs a session, and a test before may have closed it.
    open_till_call = "open_ui"

    def open(self):
        query = "SELECT 1 FROM pos_session WHERE config_id = %s AND state <> 'closed'"
        till = self.shop.tills[self.number - 1]
        if not self.shop.sql(query, [till]):
            owner = self.shop.cashier if self.number == 1 else self.shop.admin
            # XML-RPC cannot carry the None in what it returns.
            with contextlib.suppress(Fault):
                self.shop.rpc("pos.config", self.open_till_call, [till], login=owner)
        return super().open()

    def enter(self):
        self.open_session(self.evaluate("posmodel.pos_session.state"))

    def leave_table(self):
        """Go back to the room, which is two steps away from a payment."""
        if self.room_is_behind_products:
            self.show_products()
        super().leave_table()

    def ask_to_transfer(self):
        self.page.locator(".control-button:has(.oi-arrow-right)").click()

    def ask_to_split(self):
        self.page.locator(".order-split").click()

    def return_to_rest_of_bill(self):
        self.next_order()
        self.show_orders()
        self.page.locator(self.order_row).first.dblclick()
        self.page.locator(self.pay_button).click()
        expect(self.page.locator(self.method).first).to_be_visible()

    def show_orders(self):
        self.page.locator(".menu-button").click()
        self.page.locator(".ticket-button").click()

    def ask_to_close_session(self):
        self.page.locator(".menu-button").click()
        self.page.locator(".close-button").click()
