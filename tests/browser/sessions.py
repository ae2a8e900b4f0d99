# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Whoever sits at a screen of the shop."""

import contextlib
import os

from playwright.sync_api import expect, sync_playwright

from shop import browser

# Generous: other programs may need the same processors.
PATIENCE_MS = 30_000
SCREEN = {"width": 1280, "height": 800}
ARGUMENTS = ["--disable-gpu", "--disable-background-networking", "--disable-sync"]


@contextlib.contextmanager
def running_chromium():
    """Give a browser: the one that CHROMIUM names, or one of this machine."""
    path = os.environ.get("CHROMIUM") or browser.installed()
    # Chromium has no sandbox for the administrator of a machine.
    arguments = ARGUMENTS + ["--no-sandbox"] * (os.geteuid() == 0)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=arguments)


class Sessions:
    """Whoever is logged in: a browser context each, kept from test to test.

    Somebody may use several devices, each with a context of its own. A context
    remembers Odoo's scripts, which take seconds to load, and what a till wrote down:
    `new_page` starts without the latter. `folder` is for pictures, `idle` a till that
    has sold and may go on.
    """

    def __init__(self, shop, chromium, folder):
        self.shop = shop
        self.chromium = chromium
        self.folder = folder
        self.contexts = {}
        self.idle = None

    def context(self, person, device=1):
        if (person, device) not in self.contexts:
            context = self.chromium.new_context(viewport=SCREEN, locale="fr-FR")
            context.set_default_timeout(PATIENCE_MS)
            self.log_in(context, person)
            self.contexts[person, device] = context
        return self.contexts[person, device]

    def log_in(self, context, person):
        login, password = person
        params = {"db": self.shop.database, "login": login, "password": password}
        url = f"{self.shop.url}/web/session/authenticate"
        answer = context.request.post(url, data={"jsonrpc": "2.0", "params": params})
        assert answer.json()["result"]["uid"]

    def is_logged_out(self, context):
        """Return whether Odoo does not know any more who sits there."""
        url = f"{self.shop.url}/web/session/check"
        answer = context.request.post(url, data={"jsonrpc": "2.0", "params": {}})
        return "error" in answer.json()

    def new_page(self, person, device=1):
        page = self.context(person, device).new_page()
        kept = {"origin": self.shop.url, "storageTypes": "indexeddb,local_storage"}
        session = page.context.new_cdp_session(page)
        session.send("Storage.clearDataForOrigin", kept)
        session.detach()
        return page

    def pages(self):
        return [page for context in self.contexts.values() for page in context.pages]

    def close_pages(self, but=None):
        for context in self.contexts.values():
            context.set_offline(False)
        for page in self.pages():
            if page != but and (not self.idle or page != self.idle.page):
                page.close()

    def leave_idle(self):
        """Close the page of the till that might go on."""
        if self.idle:
            self.idle.page.close()
        self.idle = None
