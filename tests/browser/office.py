# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The administrator in the back office, in each series of Odoo."""

from playwright.sync_api import expect
from tills import FIRST_PAGE_MS
from words import pattern


class Office19:
    """The back office of Odoo 19.0; an older series says what is otherwise there."""

    address = "/odoo/%s/%s"
    form = ".o_form_view"
    save_button = ".o_form_button_save"
    dialog_box = ".modal"
    row = ".o_list_view .o_data_row"

    def __init__(self, page, shop, translations):
        self.page = page
        self.shop = shop
        self.translations = translations

    def open_record(self, model, record):
        url = self.shop.url + self.address % (model, record)
        self.page.goto(url, timeout=FIRST_PAGE_MS)
        expect(self.page.locator(self.form)).to_be_visible(timeout=FIRST_PAGE_MS)

    def field(self, name):
        return self.page.locator(f"[name='{name}'] input").first

    def fill(self, name, value):
        self.field(name).fill(value)
        # 16.0 shows the button to save once the field is left.
        self.field(name).blur()

    def save(self):
        self.page.locator(self.save_button).click()

    def is_told(self, english):
        words = pattern(self.translations[english])
        expect(self.page.locator(self.dialog_box).last).to_contain_text(words)

    def press(self, action):
        """Press the button that runs an action of the record."""
        self.page.locator(f"button[name='{action}']").click()

    def rows(self):
        return self.page.locator(self.row)


class Office17(Office19):
    """The back office of Odoo 17.0."""

    address = "/web#model=%s&id=%s&view_type=form"


class Office14(Office17):
    """The back office of Odoo 14.0."""

    def open_record(self, model, record):
        super().open_record(model, record)
        self.page.locator(".o_form_button_edit").click()

    def field(self, name):
        return self.page.locator(f"input[name='{name}']")


OFFICES = {
    "19.0": Office19,
    "18.0": Office19,
    "17.0": Office17,
    "16.0": Office17,
    "14.0": Office14,
}
