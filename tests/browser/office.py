# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The administrator in the back office, in each series of Odoo."""

from playwright.sync_api import expect
from tills import FIRST_PAGE_MS
from words import pattern


class Office19:
    """The back office of Odoo 19.0; an older series says what is otherwise there."""

    form = ".o_form_view"
    save_button = ".o_form_button_save"
    dialog_box = ".modal"
    row = ".o_list_view .o_data_row"

    def __init__(self, page, shop, translations):
        self.page = page
        self.shop = shop
        self.translations = translations

    def open_record(self, model, record):
        url = f"{self.shop.url}/odoo/{model}/{record}"
        self.page.goto(url, timeout=FIRST_PAGE_MS)
        expect(self.page.locator(self.form)).to_be_visible(timeout=FIRST_PAGE_MS)

    def field(self, name):
        return self.page.locator(f"[name='{name}'] input").first

    def fill(self, name, value):
        self.field(name).fill(value)

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


OFFICES = {"19.0": Office19}
