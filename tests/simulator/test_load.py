# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Many tills at once against one simulator process."""

import os
import selectors
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack

import pytest
from raw_till import DEBIT

from caisse_ap_simulator import SimulatedTerminal

TILLS = 500
DELAY = 0.5
LIMIT = 0.05
# The machine may be busy with something else once: what counts is what it can do.
ROUNDS = 5


def call(ports):
    """Connect a till to each port and send all at once; return (answer, seconds) each.

    The seconds run from the till's own sending to the first byte it reads.
    """
    with ExitStack() as tills, selectors.DefaultSelector() as selector:
        lines = [
            tills.enter_context(socket.create_connection(("127.0.0.1", port)))
            for port in ports
        ]
        answers, sent = dict.fromkeys(lines, b""), {}
        heard = {}
        for line in lines:
            selector.register(line, selectors.EVENT_READ)
        for line in lines:
            sent[line] = time.monotonic()
            line.sendall(DEBIT)
        while selector.get_map():
            for key, _events in selector.select():
                data = key.fileobj.recv(4096)
                heard.setdefault(key.fileobj, time.monotonic())
                answers[key.fileobj] += data
                if not data:
                    selector.unregister(key.fileobj)
        return [(answers[line], heard[line] - sent[line]) for line in lines]


def test_five_hundred_tills_are_answered_in_time(record_property):
    """Every till has its answer within 50 ms beyond the customer's delay."""
    options = f"--port 0 --terminals {TILLS} --scenario accept --delay {DELAY} --quiet"
    process = subprocess.Popen(
        [sys.executable, "-m", "caisse_ap_simulator", "simulate", *options.split()],
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)),
        stdout=subprocess.PIPE,
    )
    slowest = []
    try:
        lines = [process.stdout.readline() for _number in range(TILLS)]
        ports = [int(line.split(b":")[-1]) for line in lines]
        while len(slowest) < ROUNDS and min(slowest, default=1) > LIMIT:
            answers = call(ports)
            assert all(b"AE00210" in answer for answer, _seconds in answers)
            slowest.append(max(seconds for _answer, seconds in answers) - DELAY)
    finally:
        process.terminate()
        process.communicate()
    record_property("slowest answer beyond the delay (s), by round", slowest)
    if min(slowest) > LIMIT and os.getloadavg()[0] > os.cpu_count():
        pytest.skip("others use this machine: its speed says nothing about ours")
    assert min(slowest) <= LIMIT


def test_five_hundred_tills_on_one_terminal():
    """One till is served, the others are told at once that the terminal is busy."""
    with SimulatedTerminal("manual") as terminal:
        others_away = threading.Thread(
            target=lambda: (terminal.wait_for(TILLS - 1), terminal.tap("accept"))
        )
        others_away.start()
        answers = [answer for answer, _seconds in call([terminal.port] * TILLS)]
        others_away.join()
    assert sum(b"AE00210" in answer for answer in answers) == 1
    assert sum(b"AE00201AF00207" in answer for answer in answers) == TILLS - 1
    assert terminal.ledger.totals()["978"]["debit"] == 2500
