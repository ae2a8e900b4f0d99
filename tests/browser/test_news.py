# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How the end of a payment reaches the page: pushed by the bus, or asked for."""

import contextlib

import pytest

ASKED = "**/fr_caisse_ap_ip_status"
# The page speaks to the bus itself; elsewhere Odoo does, where no test can cut it.
CUT_BUS = {
    "14.0": lambda page: page.route("**/longpolling/poll", lambda call: call.abort()),
    "16.0": lambda page: page.route_web_socket("**/websocket", lambda bus: bus.close()),
}


def test_pushed(waiting, terminal):
    """What the bus brings is enough: the page hears of the end though it cannot ask."""
    with no_asking(waiting):
        terminal.tap("accept")
        waiting.sees_sold()


def test_pushed_after_a_reload(waiting, terminal):
    """A page that was loaded again listens again."""
    waiting.write_down()
    waiting.reload()
    waiting.return_to_payment()
    waiting.sees("waiting")
    with no_asking(waiting):
        terminal.tap("accept")
        waiting.sees_sold()


@contextlib.contextmanager
def no_asking(till):
    """Have each call of the page that asks for news fail."""
    till.page.route(ASKED, lambda call: call.abort())
    yield
    till.page.unroute(ASKED)


def test_asked(shop, open_till, terminal):
    """Where the bus cannot be reached, asking is enough."""
    if shop.series not in CUT_BUS:
        pytest.skip("Odoo's own page speaks to the bus")
    till = open_till()
    CUT_BUS[shop.series](till.page)
    terminal.play("accept")
    till.sell("Camembert")
    till.pay()
    till.sees_sold()
