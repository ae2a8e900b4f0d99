# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Take the pictures of the guides in docs/: play sales that go well and that do not.

The shop is French; --lang en shows it to people who read Odoo in English.
"""

import argparse
import base64
import contextlib

from office import OFFICES
from pages import served
from playwright.sync_api import expect
from screenshots_agent import the_agent
from sessions import Sessions, running_chromium
from tills import CARD, QUESTION, TILLS
from transactions import Transactions
from translations import read

from caisse_ap_simulator import SimulatedTerminal
from caisse_ap_simulator.threaded import LoopThread
from shop import addon
from shop.cache import REPOSITORY, cache
from shop.installation import IN_VENV
from shop.running import point_terminals, running_shop

IMAGES = REPOSITORY / "docs" / "images"
ODOO_LANGUAGES = {"fr": "fr_FR", "en": "en_US"}
TILL_SIZE = {"width": 1024, "height": 640}
TERMINAL_SIZE = {"width": 1280, "height": 900}
OFFICE_SIZE = {"width": 1360, "height": 860}
FORM_SIZE = {"width": 1360, "height": 1000}
LIST_SIZE = {"width": 1360, "height": 540}
CUSTOMER_SECONDS = 0.2
# What is seen around a dialog: enough to know where one is.
MARGIN = 40

RED_KEY = (
    "The till cannot cancel a payment on the terminal: press the red key on it. If "
    "the customer pays all the same, the payment counts."
)
ORPHAN = "The terminal approved a payment without a sale"
PARTIAL = (
    "The terminal approved %(approved)s of %(asked)s. The rest remains to be paid."
)
METHOD = "pos.payment.method"
ACTION = "action_fr_caisse_ap_ip"
EXAMPLE = {
    "fr_caisse_ap_ip_address": "192.168.1.50",
    "fr_caisse_ap_ip_port": 8888,
    "fr_caisse_ap_ip_free_refund": False,
}
END_OF_DAY = f"{addon.NAME}.action_day_total"

SIDE_BY_SIDE = """
<div style="display: inline-flex; gap: 16px; align-items: center; padding: 8px">
  <img src="data:image/png;base64,{till}" height="600" style="border: 1px solid #ccc">
  <img src="data:image/png;base64,{terminal}" height="600">
</div>
"""


class English(dict):
    """The texts of the addon as the code has them."""

    def __missing__(self, text):
        return text


class Photographer:
    """Opens tills and the back office of a shop, and keeps what is seen there."""

    def __init__(self, shop, terminal, terminal_page, sessions, lang):
        self.shop = shop
        self.transactions = Transactions(shop)
        self.terminal = terminal
        self.terminal_page = terminal_page
        self.sessions = sessions
        self.lang = lang
        self.folder = IMAGES / lang
        self.folder.mkdir(parents=True, exist_ok=True)
        catalogue = shop.installation.addons / addon.NAME / "i18n" / "fr.po"
        self.translations = read(catalogue) if lang == "fr" else English()

    def till(self, number=1):
        """Open a till: number 1 is the cashier's, number 2 the administrator's."""
        owner = (self.shop.cashier, self.shop.admin)[number - 1]
        page = self.sessions.new_page(owner)
        page.set_viewport_size(TILL_SIZE)
        return TILLS[self.shop.series](
            page, self.shop, number, self.translations
        ).open()

    def office(self):
        page = self.sessions.new_page(self.shop.admin)
        page.set_viewport_size(OFFICE_SIZE)
        return OFFICES[self.shop.series](page, self.shop, self.translations)

    def take(self, name, page, around=None):
        """Write a picture of a page, or of a place on it with some margin."""
        page.mouse.move(1, 1)
        clip = around and with_margin(around.bounding_box(), page.viewport_size)
        page.screenshot(
            path=self.folder / f"{name}.png", clip=clip, animations="disabled"
        )
        print(f"  {name}", flush=True)

    def take_dialog(self, name, page):
        self.take(name, page, page.locator(".modal-content").last)


def with_margin(box, size):
    left, top = max(0, box["x"] - MARGIN), max(0, box["y"] - MARGIN)
    right = min(size["width"], box["x"] + box["width"] + MARGIN)
    bottom = min(size["height"], box["y"] + box["height"] + MARGIN)
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


# -- At the till -----------------------------------------------------------------------


def a_sale(camera):
    """A customer who takes his time, a second till that must wait, a cashier too."""
    till = camera.till()
    camera.terminal.play("manual")
    till.sell("Camembert", "Comté", "Café")
    till.pay()
    till.sees("waiting")
    camera.terminal.wait_for(lambda terminal: terminal.current, 30)
    camera.take("till-waiting", till.page)
    take_side_by_side(camera, till.page)
    a_second_till(camera)
    till.cancel()
    till.is_asked(RED_KEY)
    camera.take_dialog("till-cancel", till.page)
    till.is_told(RED_KEY)
    camera.terminal.tap("accept")
    till.sees_sold()
    for scenario in ("accept_contactless", "accept_amex", "accept_conecs"):
        till.next_order()
        camera.terminal.play(scenario)
        till.sell("Croque-monsieur")
        till.pay()
        till.sees_sold()


def a_second_till(camera):
    till = camera.till(2)
    till.sell("Café")
    till.pay()
    till.is_asked("The terminal is busy")
    camera.take_dialog("till-busy", till.page)
    till.page.close()


def a_refusal(camera):
    till = camera.till()
    camera.terminal.play("refuse_with_bank_text")
    till.sell("Pineau")
    till.pay()
    till.is_asked("Payment refused")
    camera.take_dialog("till-refused", till.page)


def a_refund(camera):
    """Give back what was paid; the names of Odoo's filter are French."""
    if camera.lang != "fr":
        return
    till = camera.till()
    till.refund_last_order()
    camera.take("till-refund", till.page)
    till.page.locator(till.refund_button).click()
    till.sees_sold()


def money_without_a_sale(camera):
    """The page is gone with its sale; a new one is told what the terminal took."""
    till = camera.till()
    camera.terminal.play("manual")
    till.sell("Camembert")
    till.pay()
    camera.terminal.wait_for(lambda terminal: terminal.current, 30)
    till.page.close()
    camera.terminal.tap("accept")
    camera.transactions.wait_for_last("approved_cents", 490)
    camera.transactions.forget_pages()
    camera.shop.sql("UPDATE pos_order SET state = 'cancel' WHERE state = 'draft'")
    till = camera.till()
    till.is_asked(ORPHAN, seconds=30)
    till.answers("later")
    till.order("Camembert")
    till.looks_at_waiting()
    till.is_asked(ORPHAN)
    camera.take_dialog("till-orphan", till.page)
    till.answers("later")
    an_unknown_result(camera, till)


def an_unknown_result(camera, till):
    """The answer is lost, the cashier answers later and wants to close the till."""
    camera.terminal.play("close_after_accept")
    till.sell("Couteau")
    till.pay()
    till.is_asked(QUESTION)
    camera.take_dialog("till-unknown", till.page)
    till.answers("later")
    till.sees("unknown")
    camera.take("till-unknown-line", till.page)
    till.looks_at_waiting()
    till.is_asked("Payments to look at")
    camera.take_dialog("till-waiting-list", till.page)
    till.answers("later")
    till.evaluate("void posmodel.caisseAp.checkClosing()")
    till.is_asked("Card terminals in this session")
    camera.take_dialog("closing", till.page)


def money_used_elsewhere(camera):
    """Part of a sale is paid; a manager refunds it, and the till is told."""
    till = camera.till()
    camera.terminal.play("partial:300")
    till.sell("Camembert")
    till.pay()
    till.is_told(PARTIAL)
    camera.transactions.wait_for_last("approved_cents", 300)
    paid = camera.transactions.last()
    said = (paid["reference"], paid["owner_uuid"])
    camera.shop.rpc(METHOD, "fr_caisse_ap_ip_mark_refunded", *said)
    till.is_asked("This payment no longer belongs to this order", seconds=30)
    camera.take_dialog("till-lost", till.page)


def take_side_by_side(camera, till_page):
    """Show the till beside the terminal that waits for a card, for the README."""
    if camera.lang != "fr":
        return
    page = till_page.context.new_page()
    page.set_viewport_size(TERMINAL_SIZE)
    page.goto(f"{camera.terminal_page}?lang={camera.lang}")
    expect(page.locator("#amount")).not_to_be_empty()
    screens = {"till": till_page, "terminal": page.locator("#counter")}
    pictures = {name: as_text(screen) for name, screen in screens.items()}
    page.goto("about:blank")  # the terminal's page shows no pictures of others
    page.set_viewport_size({"width": 1800, "height": 700})
    page.set_content(SIDE_BY_SIDE.format(**pictures))
    page.locator("div").screenshot(path=IMAGES / "till-and-terminal.png")
    page.close()


def as_text(screen):
    return base64.b64encode(screen.screenshot(animations="disabled")).decode()


# -- In the back office ----------------------------------------------------------------


def the_settings(camera):
    """A terminal as shops have them for the picture, ours for the test."""
    office, method = camera.office(), card_method(camera.shop)
    with example_address(camera.shop, method):
        office.page.set_viewport_size(FORM_SIZE)
        office.open_record(METHOD, method)
        camera.take("method", office.page)
        office.page.set_viewport_size(OFFICE_SIZE)
    office.open_record(METHOD, method)
    office.press(f"{ACTION}_test")
    told = office.page.locator(".o_notification")
    expect(told).to_be_visible()
    camera.take("test", office.page, told)


def card_method(shop):
    [method] = shop.rpc(METHOD, "search", [["name", "=", CARD]])
    return method


@contextlib.contextmanager
def example_address(shop, method):
    [kept] = shop.rpc(METHOD, "read", [method], list(EXAMPLE))
    shop.rpc(METHOD, "write", [method], EXAMPLE)
    yield
    shop.rpc(METHOD, "write", [method], {name: kept[name] for name in EXAMPLE})


def the_transactions(camera):
    office, method = camera.office(), card_method(camera.shop)
    # With the button "Query the terminal"; no till is opened after this one.
    repeats = {"fr_caisse_ap_ip_can_duplicate": True}
    camera.shop.rpc(METHOD, "write", [method], repeats)
    office.open_record(METHOD, method)
    office.press(f"{ACTION}_transactions")
    expect(office.rows().first).to_be_visible()
    office.page.set_viewport_size(LIST_SIZE)
    camera.take("transactions", office.page)
    office.rows().filter(has_text=camera.translations["Unknown"]).click()
    resolve = office.page.get_by_role("button", name=camera.translations["Resolve"])
    expect(resolve).to_be_visible()
    office.page.set_viewport_size(OFFICE_SIZE)
    camera.take("transaction", office.page)
    resolve.click()
    expect(office.page.locator(office.dialog_box)).to_be_visible()
    camera.take_dialog("resolve", office.page)


def the_end_of_the_day(camera):
    office = camera.office()
    office.page.goto(f"{camera.shop.url}/odoo/action-{END_OF_DAY}")
    expect(office.page.locator(office.dialog_box)).to_be_visible()
    office.page.evaluate("document.activeElement.blur()")
    camera.take_dialog("end-of-day", office.page)


SCENES = (
    a_sale,
    a_refusal,
    a_refund,
    money_used_elsewhere,
    money_without_a_sale,
    the_settings,
    the_transactions,
    the_end_of_the_day,
    the_agent,
)


# -- All of them -----------------------------------------------------------------------


def main():
    options = parse()
    with running_shop(options.series, odoo=options.odoo) as shop:
        let_people_read(shop, options.lang)
        with running_chromium() as chromium, shown_terminal(shop) as terminal:
            sessions = Sessions(shop, chromium, cache("screenshots"))
            camera = Photographer(shop, *terminal, sessions, options.lang)
            chosen = [scene for scene in SCENES if options.k in scene.__name__]
            for context in chosen:
                context(camera)
                sessions.close_pages()
        shrink(shop.installation)


def parse():
    parser = argparse.ArgumentParser(
        prog="script/screenshots",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "series",
        nargs="?",
        default="19.0",
        choices=sorted(OFFICES),
        help="the series of Odoo (default: 19.0)",
        metavar="SERIES",
    )
    parser.add_argument("--lang", choices=sorted(ODOO_LANGUAGES), default="fr")
    parser.add_argument(
        "-k", metavar="TEXT", default="", help="only what has this in its name"
    )
    parser.add_argument("--odoo", metavar="PATH", help="an Odoo of this series")
    return parser.parse_args()


@contextlib.contextmanager
def shown_terminal(shop):
    """Give a terminal for all methods of the shop, and the address of its page."""
    thread = LoopThread()
    terminal = SimulatedTerminal(delay=CUSTOMER_SECONDS).start(thread)
    point_terminals(shop.installation, shop.database, terminal.port)
    with served(thread, [terminal], port=0) as address:
        yield terminal, address
    terminal.stop()
    thread.stop()


def let_people_read(shop, lang):
    """Show Odoo in a language; what the shop sells keeps its French names."""
    code = ODOO_LANGUAGES[lang]
    known = [["code", "=", code], ["active", "in", [True, False]]]
    languages = shop.rpc("res.lang", "search", known)
    shop.rpc("res.lang", "write", languages, {"active": True})
    users = shop.rpc("res.users", "search", [["login", "in", ["admin", "caisse"]]])
    shop.rpc("res.users", "write", users, {"lang": code})


def shrink(installation):
    """Have the Python of Odoo, which can read pictures, make ours smaller."""
    installation.run(
        "screenshots",
        [installation.python, IN_VENV / "shrink_pictures.py", *IMAGES.glob("**/*.png")],
    )


if __name__ == "__main__":
    main()
