# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What strikes in the rows of the matrix: each function does it to a scene.

Those that take words return such a function. Between two steps a strike waits for
what must have happened, never for a time, but where time is the fault.
"""

import contextlib
import glob
import os
import signal
import socket
import tempfile
import time
import uuid
import xmlrpc.client

from playwright.sync_api import Error
from tills import CARD, CASH

METHOD = "pos.payment.method"
# Seconds that the server waits where the terminal says nothing.
SHORT_TIMEOUT = 3
# Rows of the journal say so when the request may leave.
MARKED_SENT = "NEW.state = 'sent' AND OLD.state = 'pending'"
RESULT = "OLD.state = 'sent' AND NEW.state <> 'sent'"


# -- The usual course ------------------------------------------------------------------


def plays(name):
    """The terminal plays one of its scenarios."""
    argument = {"slow": ":3"}.get(name, "")

    def act(scene):
        if scene.shop.is_ours:  # the published addon has no such setting
            seconds = SHORT_TIMEOUT + 5 * (name == "slow")
            scene.configure(fr_caisse_ap_ip_timeout=seconds)
        scene.terminal.play(name + argument)
        scene.pay()
        if name == "partial":
            pay_rest(scene)

    return act


def pay_rest(scene):
    scene.close_dialog()
    scene.till.choose(CASH)
    scene.till.validate()


def waits(*strikes, then="accept"):
    """They strike one after the other while the customer types; then he acts."""

    def act(scene):
        scene.stand()
        for strike in strikes:
            strike(scene)
        scene.customer(then)

    return act


def sale(*strikes):
    """They strike when everything is over."""

    def act(scene):
        scene.pay()
        scene.till.sees_sold()
        for strike in strikes:
            strike(scene)

    return act


def customer(does):
    return lambda scene: scene.customer(does)


# -- The terminal ----------------------------------------------------------------------


def terminal_off(scene):
    scene.terminal.stop()
    scene.pay()


def at(address):
    """The method names an address where no terminal is."""

    def act(scene):
        scene.configure(fr_caisse_ap_ip_address=address)
        scene.pay()

    return act


def connect_hangs(scene):
    """Somebody listens and has no room: the connection is never made."""
    full = scene.mends.enter_context(socket.socket())
    full.bind(("127.0.0.1", 0))
    full.listen(0)
    first = scene.mends.enter_context(socket.socket())
    first.connect(full.getsockname())
    scene.configure(fr_caisse_ap_ip_port=full.getsockname()[1])
    scene.pay()


# -- The page and its wire -------------------------------------------------------------


def two_clicks(scene):
    scene.till.pay_twice()


def cut(side, method, times=1):
    """The connection of the page's call is cut, once or more often."""

    def act(scene):
        scene.page_wire.cut(side, f"fr_caisse_ap_ip_{method}", times)
        scene.pay()
        scene.wire_cut(times)

    return act


def offline_sent(seconds):
    """The page has no network when the cashier sends the amount."""

    def act(scene):
        with scene.till.offline():
            scene.pay()
            time.sleep(seconds)

    return act


def offline_waiting(seconds):
    """The page has no network while the customer pays."""

    def act(scene):
        scene.stand()
        with scene.till.offline():
            scene.customer("accept")
            scene.settled()
            time.sleep(seconds)

    return act


def cancel_offline(scene):
    """The cashier wants out before the request has found the network."""
    with scene.till.offline(), scene.till.in_vain("fr_caisse_ap_ip_start"):
        scene.pay()
        scene.till.cancel()
        scene.close_dialog()


def reload(scene):
    scene.till.reload()


def reopen(scene):
    scene.till.close()
    scene.till.open_again()


def closed(scene):
    scene.stand()
    scene.till.close()
    scene.customer("accept")
    scene.settled()
    scene.till.open_again()


def crashed(scene):
    scene.stand()
    with contextlib.suppress(Error):
        scene.till.page.goto("chrome://crash")
    scene.customer("accept")
    reopen(scene)


def wiped(scene):
    """The browser has forgotten everything when it comes back."""
    scene.stand()
    scene.till.close()
    scene.customer("accept")
    scene.settled()
    scene.till = scene.new_till(1)


def wiped_and_cash(scene):
    """The cashier makes the sale again, in cash, before the customer's card is in."""
    scene.stand()
    scene.till.close()
    scene.till = scene.new_till(1)
    scene.till.sell("Camembert")
    scene.till.choose(CASH)
    scene.till.validate()
    scene.till.sees_receipt()
    scene.customer("accept")
    scene.settled()
    scene.till.next_order()


def second_window(scene):
    scene.till.page = scene.till.context.new_page()
    scene.till.open()
    scene.till.return_to_payment()


def second_till(scene):
    second = scene.new_till(2)
    second.sell("Café")
    second.pay()
    second.is_told("The terminal is busy")
    second.close()


def page_clock_back(scene):
    scene.till.evaluate(
        "() => { const now = Date.now; Date.now = () => now() - 3600000; }"
    )


def news_cut(scene):
    """The page does not hear the first word of the result."""
    scene.stand()
    scene.customer("accept")
    scene.page_wire.cut("answer", "fr_caisse_ap_ip_status")
    scene.wire_cut()


def order_cut(side):
    """The paid order is cut off on its way to the server, or the server's answer."""

    def act(scene):
        scene.stand()
        scene.page_wire.cut(side, scene.till.save_call)
        scene.customer("accept")
        scene.look()  # 14.0 says so before it shows the receipt
        scene.wire_cut()
        if not scene.paid():
            scene.till.reload()  # Odoo sends then what it could not send before

    return act


def word_cut(scene):
    """The cashier says "paid", and the server's answer is lost."""
    plays("close_after_accept")(scene)
    scene.till.is_asked("Was it paid? Look at the terminal")
    scene.page_wire.cut("answer", "fr_caisse_ap_ip_resolve")
    scene.till.answers("approved", authorisation="A12345")
    scene.wire_cut()


def at_once(strike):
    """It strikes the page at the very moment the customer pays."""

    def act(scene):
        scene.stand()
        scene.terminal.tap("accept")
        strike(scene)

    return act


# -- The server ------------------------------------------------------------------------


def killed(scene):
    scene.stand()
    scene.shop.odoo.kill()
    scene.customer("accept")
    scene.restart()


def killed_when_written(scene):
    """The result is in the database, the page has not heard of it."""
    scene.stand()
    scene.page_wire.down()
    scene.customer("accept")
    scene.settled()
    scene.shop.odoo.kill()
    scene.restart()
    scene.page_wire.up()


def server_away(scene):
    scene.shop.odoo.stop()
    scene.pay()
    scene.restart()


def workers_killed(scene):
    scene.stand()
    for pid in workers(scene.shop.odoo):
        os.kill(pid, signal.SIGKILL)
    scene.customer("accept")


def workers(server):
    """Return the process ids of a server's workers."""
    with open(f"/proc/{server.pid}/task/{server.pid}/children") as children:
        return [int(pid) for pid in children.read().split()]


def worker_recycled(scene):
    """Odoo ends the worker that talks to the terminal: it has answered enough calls."""
    with scene.another_server(workers=2, limit_request=3) as server:
        scene.move_to(server)
        scene.stand()
        scene.logged(server, "max request")
        scene.customer("accept")
        scene.settled()
        scene.look()


def stopped_in_time(scene):
    """The server is asked to stop, and the customer pays before it has to."""
    scene.stand()
    scene.shop.odoo.popen.terminate()
    scene.customer("accept")
    scene.shop.odoo.wait(30)
    scene.restart()


def stopped_too_soon(scene):
    """The server is asked to stop twice, which it does at once."""
    scene.stand()
    scene.shop.odoo.popen.terminate()
    scene.shop.odoo.stop()
    scene.customer("accept")
    scene.restart()


def other_server(scene):
    """The page moves to another server while the first one waits for the terminal."""
    scene.stand()
    with scene.another_server() as server:
        scene.move_to(server)
        scene.customer("accept")
        scene.settled()
        scene.look()


def server_clock_back(scene):
    """The clock of the server goes back by an hour."""
    clock = Clock(scene.shop.faketime)
    with scene.another_server(environment=clock.environment) as server:
        scene.move_to(server)
        scene.stand()
        clock.set("-1h")
        scene.customer("accept")
        scene.settled()
        scene.look()


# -- The database ----------------------------------------------------------------------


def no_row(error):
    """The row of the journal cannot be written: nothing may be sent."""

    def act(scene):
        scene.break_table("INSERT", error)
        scene.pay()
        scene.table_refused()

    return act


def not_marked(error):
    """It cannot be noted that the request is about to leave: it must not."""

    def act(scene):
        scene.break_table("UPDATE", error, times=1, condition=MARKED_SENT)
        scene.pay()
        scene.table_refused()

    return act


def replayed_by_odoo(scene):
    """PostgreSQL refuses twice what Odoo then does again by itself."""
    scene.break_table("INSERT", "40001", times=2)
    scene.pay()
    scene.table_refused()


def no_result(error):
    """The result cannot be written at first."""

    def act(scene):
        scene.stand()
        scene.break_table("UPDATE", error, times=3, condition=RESULT)
        scene.customer("accept")
        scene.table_refused()

    return act


def cut_connections(scene):
    """All connections between Odoo and PostgreSQL are cut."""
    scene.database_wire.drop()


def connections_cut(scene):
    cut_connections(scene)
    scene.pay()


def database_away(scene):
    """There is no database until the cashier has been told."""
    scene.database_wire.down()
    scene.pay()
    scene.close_dialog()
    scene.database_back()


def away_when_answered(seconds):
    """There is no database for a while when the terminal answers."""

    def act(scene):
        scene.stand()
        scene.database_wire.down()
        scene.customer("accept")
        time.sleep(seconds)
        scene.database_back()
        with contextlib.suppress(TimeoutError):  # its end is looked at anyway
            scene.settled()

    return act


def crash_database(scene):
    """One process of PostgreSQL dies: it ends all others and starts anew."""
    query = "SELECT pid FROM pg_stat_activity WHERE datname = %s"
    [victim] = scene.shop.sql(query, [scene.shop.database])[:1]
    os.kill(victim[0], signal.SIGKILL)


# -- People ----------------------------------------------------------------------------


def cancel(scene):
    scene.till.cancel()
    scene.close_dialog()


def split(scene):
    """Take two euros in cash; the customer stands at the terminal for the rest."""
    scene.till.choose(CASH)
    scene.till.type_amount("2")
    scene.stand()
    scene.till.select(CASH)


def delete_line(scene):
    split(scene)
    scene.till.delete(CARD)
    scene.close_dialog()
    scene.till.select(CARD)
    scene.customer("accept")


def delete_order(scene):
    scene.till.delete_order()
    scene.close_dialog()
    reopen(scene)
    scene.till.return_to_payment()


def validate_in_cash(scene):
    """The cashier takes more cash and validates while the card is being paid."""
    split(scene)
    scene.till.type_amount("10")
    scene.till.validate()
    scene.close_dialog()
    scene.till.select(CARD)
    scene.customer("accept")


def close_session(scene):
    """The manager closes the session in the back office."""
    with contextlib.suppress(xmlrpc.client.Fault):
        scene.shop.rpc(
            "pos.session", "action_pos_session_closing_control", [scene.session]
        )


def change_address(scene):
    scene.configure(fr_caisse_ap_ip_address="192.0.2.1")


def archive(scene):
    with contextlib.suppress(xmlrpc.client.Fault):
        scene.shop.rpc(METHOD, "write", [scene.method], {"active": False})
    scene.mends.callback(scene.shop.sql, "UPDATE pos_payment_method SET active = true")


def freed(scene):
    """A manager frees the terminal; the customer pays all the same."""
    scene.stand()
    decide(scene, "release")
    scene.settled("unknown")
    scene.customer("accept")
    scene.settled()


def decide(scene, decision):
    """Have a manager decide about the last transaction in the back office."""
    about = scene.journal.last()["id"]
    model = "fr.caisse.ap.ip.decision"
    values = {"transaction_id": about, "reason": "a test"}
    asked = scene.shop.rpc(model, "create", values)
    button = {"fr_caisse_ap_ip_decision": decision}
    scene.shop.rpc(model, "action_apply", [asked], context=button)


def forced(does):
    """The cashier says "paid" with Odoo's Force done, before the terminal answers."""

    def act(scene):
        scene.stand()
        scene.till.force_done()
        scene.till.answers("approved", authorisation="A12345")
        scene.till.sees_receipt()
        scene.customer(does)

    return act


def denied(scene):
    """The cashier says "not paid" and takes cash; then the terminal accepts."""
    scene.stand()
    decide(scene, "release")
    scene.till.is_asked("Was it paid? Look at the terminal")
    scene.till.answers("refused")
    scene.settled("refused")
    scene.till.delete(CARD)
    scene.till.choose(CASH)
    scene.till.validate()
    scene.till.sees_receipt()
    scene.customer("accept")
    scene.settled("approved")
    scene.till.next_order()


# -- A call that comes again -----------------------------------------------------------


def replayed(reference=""):
    """Somebody sends the page's call again, after the sale."""

    def act(scene):
        with scene.till.page.expect_request(
            lambda request: "fr_caisse_ap_ip_start" in (request.post_data or "")
        ) as calling:
            scene.pay()
        scene.till.sees_sold()
        replay(scene, calling.value.post_data_json["params"]["args"], reference)

    return act


def replay(scene, args, reference):
    method, demand = args
    if reference:
        demand = dict(demand, reference=str(uuid.uuid4()))
    login = scene.shop.cashier
    scene.shop.rpc(METHOD, "fr_caisse_ap_ip_start", method, demand, login=login)


# -- A clock that lies -----------------------------------------------------------------


def find_faketime():
    """Return the path of the library libfaketime, or None."""
    found = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    return found[0] if found else None


class Clock:
    """The clock of a program that starts with this environment.

    The time that only counts seconds (monotonic) goes on, as after ``date -s``.
    """

    def __init__(self, library):
        self.file = tempfile.NamedTemporaryFile("w+")
        self.environment = {
            "LD_PRELOAD": library,
            "FAKETIME_TIMESTAMP_FILE": self.file.name,
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        self.set("+0")

    def set(self, offset):
        self.file.seek(0)
        self.file.truncate()
        self.file.write(f"{offset}\n")
        self.file.flush()
