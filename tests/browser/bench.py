# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Measure how quick a till is, and what payments that wait cost the server.

In the browser, with a customer who takes two seconds: from the cashier's click to the
bytes at the terminal, and from the terminal's answer to the line done on the screen.
Then, with two workers: a small call of the server, idle and while many terminals wait
for their customers.
"""

import argparse
import http.client
import json
import statistics
import time
import uuid

from sessions import Sessions, running_chromium
from tills import CARD, PAID, TILLS
from transactions import Transactions

from caisse_ap_simulator import SimulatedTerminals
from shop import series
from shop.cache import cache
from shop.running import running_shop

CUSTOMER_SECONDS = 2
WORKERS = 2
CALLS = 300
# Median milliseconds, and the ratio of two medians, that the addon is held to.
TARGETS = {"click": 60, "answer": 120, "ratio": 1.5}
# Notes when the cashier clicks and when the screen says that it was paid. One clock
# for both: seconds since 1970, as the terminal's.
WATCH = """([paid, receipt]) => {
    const seconds = (milliseconds) => (performance.timeOrigin + milliseconds) / 1000;
    const isPaid = () =>
        document.querySelector(receipt) ||
        [...document.querySelectorAll(".electronic_payment")].some((line) =>
            line.textContent.includes(paid)
        );
    const note = (event) => (window.clickedAt = seconds(event.timeStamp));
    document.addEventListener("click", note, {capture: true, once: true});
    window.paidAt = new Promise((resolve) => {
        const observer = new MutationObserver(() => {
            if (isPaid()) {
                observer.disconnect();
                resolve(seconds(performance.now()));
            }
        });
        const all = {subtree: true, childList: true, characterData: true};
        observer.observe(document.body, all);
    });
}"""
METHOD = "pos.payment.method"
COPY_METHOD = """
    INSERT INTO pos_payment_method
    SELECT (jsonb_populate_record(method, jsonb_build_object(
        'id', nextval('pos_payment_method_id_seq'), 'fr_caisse_ap_ip_port', port
    ))).*
    FROM pos_payment_method method, unnest(%s) port
    WHERE method.name::text LIKE '%%' || %s || '%%'
    RETURNING id
"""
ADD_TO_TILL = """
    INSERT INTO pos_config_pos_payment_method_rel (pos_config_id, pos_payment_method_id)
    SELECT %s, unnest(%s)
"""
PAGE_CLOCK = "(performance.timeOrigin + performance.now()) / 1000"


def main():
    options = parse()
    clicks, answers = payments(options)
    idle, loaded = calls(options)
    ratio = loaded / idle
    print()
    show("click to bytes at the terminal", f"{clicks:7.1f} ms", clicks, "click")
    show("answer to line done on screen", f"{answers:7.1f} ms", answers, "answer")
    print(f"small call, server idle            {idle:7.1f} ms")
    waiting = f"small call, {options.terminals} payments waiting"
    show(waiting, f"{loaded:7.1f} ms", ratio, "ratio", f"x {ratio:.2f}, ")


def parse():
    parser = argparse.ArgumentParser(
        prog="script/bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--series", default="19.0", choices=series.ALL)
    parser.add_argument(
        "--count", type=int, default=12, help="payments in the browser (default: 12)"
    )
    parser.add_argument(
        "--terminals", type=int, default=200, help="that wait (default: 200)"
    )
    parser.add_argument("--odoo", metavar="PATH", help="an Odoo of this series")
    return parser.parse_args()


def show(label, value, measured, target, text=""):
    """Print a line of the table, with what it should be."""
    verdict = "met" if measured <= TARGETS[target] else "MISSED"
    print(f"{label:34} {value}   {text}at most {TARGETS[target]}: {verdict}")


# -- In the browser --------------------------------------------------------------------


def payments(options):
    """Return the median milliseconds of click and answer."""
    settings = {"odoo": options.odoo, "delay": CUSTOMER_SECONDS}
    with running_shop(
        options.series, **settings
    ) as shop, running_chromium() as browser:
        sessions = Sessions(shop, browser, cache("bench"))
        page = sessions.new_page(shop.cashier)
        till = TILLS[options.series](page, shop, 1, {}).open()
        pay(till, shop.terminal)  # what only the first payment of a page costs
        pairs = [pay(till, shop.terminal) for _payment in range(options.count)]
    return [1000 * statistics.median(seconds) for seconds in zip(*pairs)]


def pay(till, terminal):
    """Return the seconds from click to terminal, and from terminal to screen."""
    till.sell("Café")
    if not till.sends_by_itself:
        till.choose(CARD)
    till.page.evaluate(WATCH, [PAID, till.receipt_screen])
    till.send() if not till.sends_by_itself else till.choose(CARD)
    paid_at = till.evaluate("window.paidAt") - clock_offset(till)
    clicked_at = till.evaluate("window.clickedAt") - clock_offset(till)
    till.sees_sold()
    till.next_order()
    request = terminal.requests[-1]
    answered_at = request.answered - time.monotonic() + time.time()
    return request.arrived_at - clicked_at, paid_at - answered_at


def clock_offset(till):
    """Return how many seconds the page's clock is ahead of ours."""
    samples = []
    for _sample in range(5):
        before = time.time()
        there = till.evaluate(PAGE_CLOCK)
        after = time.time()
        samples.append((after - before, there - (before + after) / 2))
    return min(samples)[1]


# -- With many terminals ---------------------------------------------------------------


def calls(options):
    """Return the median milliseconds of a small call, idle and while they wait."""
    settings = {"odoo": options.odoo, "workers": WORKERS}
    terminals = SimulatedTerminals(options.terminals, scenario="manual")
    with running_shop(options.series, **settings) as shop, terminals:
        connection = Connection(shop)
        session = open_session(shop)
        methods = add_methods(shop, [terminal.port for terminal in terminals])
        idle = median_call(connection)
        for method in methods:
            connection.call(METHOD, "fr_caisse_ap_ip_start", method, payload(session))
        for terminal in terminals:
            terminal.wait_for(lambda terminal: terminal.current, 30)
        loaded = median_call(connection)
        assert Transactions(shop).states() == ["sent"] * options.terminals
    return idle, loaded


def open_session(shop):
    """Return the id of an open session of the first till."""
    found = shop.sql("SELECT id FROM pos_session WHERE config_id = %s", shop.tills[:1])
    values = {"config_id": shop.tills[0]}
    session = found[0][0] if found else shop.rpc("pos.session", "create", values)
    shop.sql("UPDATE pos_session SET state = 'opened' WHERE id = %s", [session])
    return session


def add_methods(shop, ports):
    """Return the ids of payment methods of the first till, a terminal for each."""
    methods = [method for (method,) in shop.sql(COPY_METHOD, [ports, CARD])]
    shop.sql(ADD_TO_TILL, [shop.tills[0], methods])
    return methods


def payload(session):
    """Return what a page says of a payment."""
    return {
        "reference": str(uuid.uuid4()),
        "line_uuid": str(uuid.uuid4()),
        "order_uuid": str(uuid.uuid4()),
        "order_name": "",
        "session_id": session,
        "operation": "debit",
        "amount_cents": 200,
        "refunded_lines": [],
    }


class Connection:
    """The calls of a person's page; nobody named is the cashier."""

    def __init__(self, shop, person=None):
        self.shop = shop
        self.cookie = ""
        login, password = person or shop.cashier
        params = {"db": shop.database, "login": login, "password": password}
        answer = self.post("/web/session/authenticate", params)
        self.user = answer["result"]["uid"]

    def call(self, model, method, *args):
        """Return the result of a call that must succeed."""
        answer = self.ask(model, method, *args)
        assert "result" in answer, answer
        return answer["result"]

    def ask(self, model, method, *args):
        """Return the whole answer (dict), which holds a result or an error."""
        return self.post(*self.as_post(model, method, args))

    def call_unheard(self, model, method, *args):
        """Send a call and hang up before its answer."""
        self.send(*self.as_post(model, method, args)).close()

    def as_post(self, model, method, args):
        params = {"model": model, "method": method, "args": args, "kwargs": {}}
        return f"/web/dataset/call_kw/{model}/{method}", params

    def send(self, path, params):
        connection = http.client.HTTPConnection(self.shop.url.split("//")[1])
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        headers = {"Content-Type": "application/json", "Cookie": self.cookie}
        connection.request("POST", path, body, headers)
        return connection

    def post(self, path, params):
        connection = self.send(path, params)
        answer = connection.getresponse()
        self.cookie = self.cookie or answer.getheader("Set-Cookie").split(";")[0]
        content = json.loads(answer.read())
        connection.close()
        return content


def median_call(connection):
    seconds = []
    for _call in range(CALLS):
        began = time.perf_counter()
        connection.call("res.users", "read", [connection.user], ["login"])
        seconds.append(time.perf_counter() - began)
    return 1000 * statistics.median(seconds)


if __name__ == "__main__":
    main()
