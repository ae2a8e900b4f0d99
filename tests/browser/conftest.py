# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A shop that runs, with a person at the till and a terminal beside it.

CHROMIUM chooses the browser. One server serves all tests; each of them gets a terminal
and a page of its own.
"""

import contextlib

import pytest
from office import OFFICES
from playwright.sync_api import Error
from sessions import Sessions, running_chromium
from tills import CARD, QUESTION, TILLS
from transactions import Transactions
from translations import read

from caisse_ap_simulator import SimulatedTerminal
from shop import addon
from shop.commands import tail
from shop.running import point_terminals

CUSTOMER_SECONDS = 0.2
PICTURE_MS = 5000


@pytest.fixture(scope="session")
def chromium():
    with running_chromium() as chromium:
        yield chromium


@pytest.fixture(scope="session")
def translations(shop):
    """The addon's French texts, by the English ones."""
    return read(shop.installation.addons / addon.NAME / "i18n" / "fr.po")


@pytest.fixture(scope="session")
def sessions(shop, chromium, tmp_path_factory):
    return Sessions(shop, chromium, tmp_path_factory.mktemp("screens"))


@pytest.fixture
def transactions(shop):
    transactions = Transactions(shop)
    yield transactions
    transactions.clear()


@pytest.fixture
def terminal(shop, transactions):
    """A terminal that nobody used yet, for all methods of the shop."""
    with SimulatedTerminal(delay=CUSTOMER_SECONDS) as terminal:
        point_terminals(shop.installation, shop.database, terminal.port)
        yield terminal


@pytest.fixture
def open_till(shop, terminal, sessions, translations):
    """Open a till: number 1 is the cashier's, number 2 the administrator's."""
    owners = {1: shop.cashier, 2: shop.admin}

    def open_till(number=1, pin=None):
        sessions.leave_idle()
        page = sessions.new_page(owners[number])
        return TILLS[shop.series](page, shop, number, translations, pin).open()

    yield open_till
    sessions.close_pages()


@pytest.fixture
def till(open_till, sessions):
    """The cashier at the first till, a fresh order on the screen.

    A page takes seconds to load: after a sale the next test goes on with it.
    """
    till = sessions.idle or open_till()
    sessions.idle = None
    yield till
    sessions.idle = till if till.is_at_end() else None


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
def set_card(shop):
    """Change settings of the method for cards, until the test has ended."""
    [method] = shop.rpc("pos.payment.method", "search", [["name", "=", CARD]])
    before = {}

    def set_card(**settings):
        values = {f"fr_caisse_ap_ip_{name}": settings[name] for name in settings}
        [read] = shop.rpc("pos.payment.method", "read", [method], [*values])
        before.update({name: read[name] for name in values if name not in before})
        shop.rpc("pos.payment.method", "write", [method], values)

    yield set_card
    if before:
        shop.rpc("pos.payment.method", "write", [method], before)


@pytest.fixture
def set_auto_send(set_card):
    """Switch "Send the amount automatically" for cards, until the test has ended."""
    return lambda value: set_card(fast_payment=value)


@pytest.fixture
def office(shop, sessions, translations):
    """The administrator in the back office."""
    page = sessions.new_page(shop.admin)
    yield OFFICES[shop.series](page, shop, translations)
    sessions.close_pages()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Keep what was seen when a test failed, and say where."""
    report = yield
    if report.failed and "sessions" in item.funcargs:
        text = evidence(item.funcargs["sessions"], item.name)
        report.sections.append(("What was seen", text))
    return report


def evidence(sessions, test):
    lines = []
    for number, page in enumerate(sessions.pages(), 1):
        path = sessions.folder / f"{test}-{number}.png"
        lines.append(f"screen {number}: {path} ({page.url})")
        # A page that hangs is no reason to lose the rest.
        with contextlib.suppress(Error):
            page.screenshot(path=path, timeout=PICTURE_MS)
    log = sessions.shop.odoo.log
    return "\n".join([*lines, f"the end of the server's log ({log}):", tail(log, 30)])
