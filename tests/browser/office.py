# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The administrator in the back office, in each series of Odoo."""

from playwright.sync_api import expect
from tills import FIRST_PAGE_MS
from translations import pattern

ADDON = "l10n_fr_pos_caisse_ap_ip"


class Office19:
    """The back office of Odoo 19.0; an older series says what is otherwise there."""

    address = "/odoo/%s/%s"
    action_address = f"/odoo/action-{ADDON}.%s"
    form = ".o_form_view"
    save_button = ".o_form_button_save"
    saved_form = ".o_form_saved"
    dialog_box = ".modal"
    notification = ".o_notification"
    row = ".o_list_view .o_data_row"
    search_input = ".o_searchview_input"
    search_choices = ".o_searchview_autocomplete"

    def __init__(self, page, shop, translations):
        self.page = page
        self.shop = shop
        self.translations = translations

    # -- Coming and going ------------------------------------------------------------

    def open(self, path):
        # Only a part after a hash changes: the page would stay.
        self.page.goto("about:blank")
        self.page.goto(self.shop.url + path, timeout=FIRST_PAGE_MS)

    def read_record(self, model, record):
        """Open the form of a record."""
        self.open(self.address % (model, record))
        expect(self.page.locator(self.form)).to_be_visible(timeout=FIRST_PAGE_MS)

    def open_record(self, model, record):
        """Open the form of a record to change it."""
        self.read_record(model, record)

    def open_action(self, name):
        """Open what a menu of the addon opens."""
        self.open(self.action_address % name)

    # -- Forms -----------------------------------------------------------------------

    def field(self, name):
        return self.page.locator(f"[name='{name}'] input").first

    def fill(self, name, value):
        self.field(name).fill(value)
        # 16.0 shows the button to save once the field is left.
        self.field(name).blur()

    def value(self, name):
        """Return what shows a field of a form that is read."""
        return self.page.locator(f"{self.form} [name='{name}']").first

    def save(self):
        self.page.locator(self.save_button).click()

    def sees_saved(self):
        expect(self.page.locator(self.saved_form)).to_be_visible()

    def press(self, action):
        """Press the button that runs an action of the record."""
        self.page.locator(f"button[name='{action}']").first.click()

    @property
    def title(self):
        return self.page.locator(".o_control_panel")

    @property
    def dialog(self):
        return self.page.locator(self.dialog_box).last

    def french(self, english):
        """Return an expression that finds this text of the addon on the screen."""
        return pattern(self.translations[english])

    def is_told(self, english):
        expect(self.dialog).to_contain_text(self.french(english))

    def is_notified(self, english):
        notification = self.page.locator(self.notification)
        text = notification.filter(has_text=self.french(english))
        expect(text.first).to_be_visible()

    def decide(self, choice, reason):
        """Decide about the transaction whose form is open, in the addon's language."""
        self.page.get_by_role("button", name=self.french("Resolve")).click()
        self.dialog.locator("[name='reason'] input, input[name='reason']").fill(reason)
        self.dialog.get_by_role("button", name=self.french(choice)).click()
        expect(self.page.locator(self.dialog_box)).to_have_count(0)

    # -- Lists -----------------------------------------------------------------------

    def rows(self):
        return self.page.locator(self.row)

    def search(self, field, text):
        """Search in one field, named as in the addon."""
        self.page.locator(self.search_input).press_sequentially(text)
        choices = self.page.locator(self.search_choices)
        choices.get_by_text(self.french(field)).first.click()

    def search_nothing(self):
        self.page.locator(".o_facet_remove").first.click()

    def show(self, view):
        """Change to the pivot or the graph of what is listed."""
        self.page.locator(f".o_switch_view.o_{view}").click()

    def type_in_row(self, row, name, text):
        """Type into a cell of a list, and go on to the next one."""
        self.cell_in_row(row, name).click()
        self.field_in_row(row, name).fill(text)
        self.page.keyboard.press("Tab")

    def cell_in_row(self, row, name):
        return row.locator(f"td[name='{name}']")

    def field_in_row(self, row, name):
        return row.locator(f"[name='{name}'] input")


class Office17(Office19):
    """The back office of Odoo 17.0 and 16.0."""

    address = "/web#model=%s&id=%s&view_type=form"
    action_address = f"/web#action={ADDON}.%s"


class Office14(Office17):
    """The back office of Odoo 14.0: a form is read until its button Edit is pressed."""

    saved_form = ".o_form_readonly"

    def open_record(self, model, record):
        super().open_record(model, record)
        self.page.locator(".o_form_button_edit").click()

    def field(self, name):
        return self.page.locator(f"input[name='{name}']")

    def cell_in_row(self, row, name):
        # Cells have no name: the one that can be changed.
        return row.locator("td.o_data_cell:not(.o_readonly_modifier)").first


OFFICES = {
    "19.0": Office19,
    "18.0": Office19,
    "17.0": Office17,
    "16.0": Office17,
    "14.0": Office14,
}
