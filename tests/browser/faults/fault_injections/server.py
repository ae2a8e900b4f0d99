# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The server of Odoo, and its clock."""

import glob
import os
import signal
import tempfile

# Odoo 14.0 ends once it has answered the long poll of an agent, which it holds for 50.
STOP_SECONDS = 70


def killed(context):
    context.stand()
    context.shop.odoo.kill()
    context.customer("accept")
    context.restart()


def killed_when_written(context):
    """The result is in the database, the page has not heard of it."""
    context.stand()
    context.page_proxy.down()
    context.customer("accept")
    context.ended()
    context.shop.odoo.kill()
    context.restart()
    context.page_proxy.up()


def away(context):
    context.shop.odoo.stop()
    context.pay()
    context.restart()


def workers_killed(context):
    context.stand()
    for pid in workers(context.shop.odoo):
        os.kill(pid, signal.SIGKILL)
    context.customer("accept")


def workers(server):
    """Return the process ids of a server's workers."""
    with open(f"/proc/{server.pid}/task/{server.pid}/children") as children:
        return [int(pid) for pid in children.read().split()]


def worker_recycled(context):
    """Odoo ends the worker that talks to the terminal: it has answered enough calls."""
    with context.another_server(workers=2, limit_request=3) as server:
        context.move_to(server)
        context.stand()
        context.logged(server, "max request")
        context.customer("accept")
        context.ended()
        context.look()


def stopped_in_time(context):
    """The server is asked to stop, and the customer pays before it has to."""
    context.stand()
    context.shop.odoo.popen.terminate()
    context.customer("accept")
    context.shop.odoo.wait(STOP_SECONDS)
    context.restart()


def stopped_too_soon(context):
    """The server is asked to stop twice, which it does at once."""
    context.stand()
    context.shop.odoo.popen.terminate()
    context.shop.odoo.stop()
    context.customer("accept")
    context.restart()


def other_server(context):
    """The page moves to another server while the first one waits for the terminal."""
    context.stand()
    with context.another_server() as server:
        context.move_to(server)
        context.customer("accept")
        context.ended()
        context.look()


def clock_back(context):
    """The clock of the server goes back by an hour."""
    clock = Clock(context.shop.faketime)
    with context.another_server(environment=clock.environment) as server:
        context.move_to(server)
        context.stand()
        clock.set("-1h")
        context.customer("accept")
        context.ended()
        context.look()


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
