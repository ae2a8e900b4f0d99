# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A shop that runs, with a person at the till and a terminal beside it.

SHOP_SERIES chooses the series of Odoo, SHOP_ODOO where it lies, CHROMIUM the browser.
One server serves all tests; each of them gets a terminal and a page of its own.
"""

import os

import pytest
from journal import Journal
from playwright.sync_api import expect, sync_playwright
from tills import CARD, QUESTION, TILLS
from words import read

from caisse_ap.simulator import SimulatedTerminal
from shop import addon, browser
from shop.commands import tail
from shop.running import point_terminals, running_shop

# Generous: other programs may need the same processors.
PATIENCE_MS = 30_000
SCREEN = {"width": 1280, "height": 800}
ARGUMENTS = ["--disable-gpu", "--disable-background-networking", "--disable-sync"]
CUSTOMER_SECONDS = 0.2


@pytest.fixture(scope="session")
def shop():
    series = os.environ.get("SHOP_SERIES", "19.0")
    with running_shop(series, odoo=os.environ.get("SHOP_ODOO")) as shop:
        yield shop


@pytest.fixture(scope="session")
def chromium():
    path = os.environ.get("CHROMIUM") or browser.installed()
    # Chromium has no sandbox for the administrator of a machine.
    arguments = ARGUMENTS + ["--no-sandbox"] * (os.geteuid() == 0)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=arguments)


@pytest.fixture(scope="session")
def translations(shop):
    """The addon's French words, by the English ones."""
    return read(shop.installation.addons / addon.NAME / "i18n" / "fr.po")


class People:
    """Whoever is logged in: a browser context each, kept from test to test.

    A context remembers Odoo's scripts, which take seconds to load, and what a till
    wrote down: `new_page` starts without the latter. `folder` is for pictures.
    """

    def __init__(self, shop, chromium, folder):
        self.shop = shop
        self.chromium = chromium
        self.folder = folder
        self.contexts = {}

    def context(self, person):
        if person not in self.contexts:
            context = self.chromium.new_context(viewport=SCREEN, locale="fr-FR")
            context.set_default_timeout(PATIENCE_MS)
            self.log_in(context, person)
            self.contexts[person] = context
        return self.contexts[person]

    def log_in(self, context, person):
        login, password = person
        params = {"db": self.shop.database, "login": login, "password": password}
        url = f"{self.shop.url}/web/session/authenticate"
        answer = context.request.post(url, data={"jsonrpc": "2.0", "params": params})
        assert answer.json()["result"]["uid"]

    def new_page(self, person):
        page = self.context(person).new_page()
        kept = {"origin": self.shop.url, "storageTypes": "indexeddb,local_storage"}
        session = page.context.new_cdp_session(page)
        session.send("Storage.clearDataForOrigin", kept)
        session.detach()
        return page

    def pages(self):
        return [page for context in self.contexts.values() for page in context.pages]

    def close_pages(self):
        for context in self.contexts.values():
            context.set_offline(False)
        for page in self.pages():
            page.close()


@pytest.fixture(scope="session")
def people(shop, chromium, tmp_path_factory):
    return People(shop, chromium, tmp_path_factory.mktemp("screens"))


@pytest.fixture
def journal(shop):
    journal = Journal(shop)
    yield journal
    journal.clear()


@pytest.fixture
def terminal(shop, journal):
    """A terminal that nobody used yet, for all methods of the shop."""
    with SimulatedTerminal(delay=CUSTOMER_SECONDS) as terminal:
        point_terminals(shop.installation, shop.database, terminal.port)
        yield terminal


@pytest.fixture
def open_till(shop, terminal, people, translations):
    """Open a till: number 1 is the cashier's, number 2 the administrator's."""
    owners = {1: shop.cashier, 2: shop.admin}

    def open_till(number=1):
        page = people.new_page(owners[number])
        return TILLS[shop.series](page, shop, number, translations).open()

    yield open_till
    people.close_pages()


@pytest.fixture
def till(open_till):
    """The cashier at the first till, a fresh order on the screen."""
    return open_till()


@pytest.fixture
def waiting(till, terminal):
    """The till whose customer stands at the terminal and does nothing by himself."""
    terminal.play("manual")
    till.sell("Camembert")
    till.pay()
    till.sees("waiting")
    terminal.wait_for(lambda terminal: terminal.current, 30)
    return till


@pytest.fixture
def unknown(till, terminal):
    """The till whose customer paid while the answer of the terminal was lost."""
    terminal.play("close_after_accept")
    till.sell("Camembert")
    till.pay()
    till.is_asked(QUESTION)
    return till


@pytest.fixture
def set_auto_send(shop):
    """Switch "Send the amount at once" for cards, until the test has ended."""
    field = "fr_caisse_ap_ip_fast_payment"
    [method] = shop.rpc("pos.payment.method", "search", [["name", "=", CARD]])
    [before] = shop.rpc("pos.payment.method", "read", [method], [field])

    def write(value):
        shop.rpc("pos.payment.method", "write", [method], {field: value})

    yield write
    write(before[field])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Keep what was seen when a test failed, and say where."""
    report = yield
    if report.failed and "people" in item.funcargs:
        words = evidence(item.funcargs["people"], item.name)
        report.sections.append(("What was seen", words))
    return report


def evidence(people, test):
    lines = []
    for number, page in enumerate(people.pages(), 1):
        path = people.folder / f"{test}-{number}.png"
        page.screenshot(path=path)
        lines.append(f"screen {number}: {path} ({page.url})")
    log = people.shop.odoo.log
    return "\n".join([*lines, f"the server's last words ({log}):", tail(log, 30)])
