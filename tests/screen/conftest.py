# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Two simulated terminals on a page, a browser, and tills that ask for money.

CHROMIUM names the browser; else it is one of this machine.
"""

import contextlib
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from pages import served
from playwright.sync_api import expect, sync_playwright

from caisse_ap import Request, exchange
from caisse_ap_simulator import SimulatedTerminal
from caisse_ap_simulator.threaded import LoopThread
from shop import browser

PATIENCE_MS = 20_000
TILL_SECONDS = 20.0
DESKTOP = {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def chromium():
    path = os.environ.get("CHROMIUM") or browser.installed()
    if not path:
        pytest.skip("there is no Chromium on this machine")
    # Chromium has no sandbox for the administrator of a machine.
    arguments = ["--disable-gpu"] + ["--no-sandbox"] * (os.geteuid() == 0)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=arguments)


@pytest.fixture
def thread():
    thread = LoopThread()
    yield thread
    thread.stop()


@pytest.fixture
def terminals(thread):
    """Two terminals whose customers wait for a card to be tapped."""
    with contextlib.ExitStack() as stack:
        terminals = [SimulatedTerminal("manual", delay=0.1) for _number in range(2)]
        for terminal in terminals:
            terminal.start(thread)
            stack.callback(terminal.stop)
        yield terminals


@pytest.fixture
def terminal(terminals):
    return terminals[0]


@pytest.fixture
def address(thread, terminals):
    with served(thread, terminals, port=0) as address:
        yield address


@pytest.fixture
def visit(chromium, address):
    """Open the page as somebody: a language of the browser, the size of a screen."""
    contexts = []

    def visit(locale="en-GB", viewport=DESKTOP, query=""):
        context = chromium.new_context(locale=locale, viewport=viewport)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.goto(address + query)
        expect(page.locator("#title")).not_to_be_empty()
        return page

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture
def page(visit):
    return visit()


@pytest.fixture
def ask(terminal):
    """Have a till ask a terminal; return a future of its Verdict."""
    with ThreadPoolExecutor() as tills:

        def ask(
            cents=2500, at=terminal, operation="debit", timeout=TILL_SECONDS, **how
        ):
            request = Request(operation, cents, "978", **how)
            return tills.submit(exchange, request, at.host, at.port, timeout)

        yield ask
