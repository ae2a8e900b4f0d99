# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""`caisse-ap` as a person or a script uses it, in processes of its own."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from raw_till import DEBIT, till

from caisse_ap_simulator import SimulatedTerminal, Terminal
from caisse_ap_simulator.cli import main, user_language
from caisse_ap_simulator.control import obey

MODULE = [sys.executable, "-m", "caisse_ap_simulator"]
ANSWER = (
    "CZ0040301CA00201CB00800000350CD0010CE003978AE00210AA0164970100000021234"
    "AB0042712CC00300B"
)


def run(*arguments, **options):
    """Run one command to its end; return status, stdout and stderr."""
    process = start(*arguments)
    out, err = process.communicate(timeout=30, **options)
    return process.returncode, out, err


def start(*arguments):
    pipe = subprocess.PIPE
    environment = dict(
        os.environ,
        PYTHONPATH=os.pathsep.join(sys.path),
        LANG="C.UTF-8",
        LC_ALL="",
        PYTHONIOENCODING="utf-8",
    )
    return subprocess.Popen(
        MODULE + [str(argument) for argument in arguments],
        env=environment,
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        universal_newlines=True,
        encoding="utf-8",
    )


def status_of(arguments):
    """Return the exit status of a command that does not get as far as a socket."""
    try:
        return main(arguments)
    except SystemExit as end:
        return end.code


class Simulator:
    """`caisse-ap simulate` in a process, with its control channel."""

    def __init__(self, *arguments):
        self.process = start(
            "simulate", "--port", 0, "--control-port", 0, "--delay", 0, *arguments
        )
        self.ports = []
        word, address = self.line().split()
        while word == "LISTENING":
            self.ports.append(int(address.rpartition(":")[2]))
            word, address = self.line().split()
        assert word == "CONTROL"
        self.host, self.port = "127.0.0.1", self.ports[0]
        place = ("127.0.0.1", int(address.rpartition(":")[2]))
        self.control = socket.create_connection(place, 5)
        self.answers = self.control.makefile()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.stop()

    def line(self):
        return self.process.stdout.readline().rstrip("\n")

    def order(self, **commands):
        return self.send(json.dumps(commands))

    def send(self, text):
        self.control.sendall(text.encode() + b"\n")
        return json.loads(self.answers.readline())

    def stop(self):
        """End the process as a shell does; return its status and what it complained."""
        self.answers.close()
        self.control.close()
        self.process.send_signal(signal.SIGINT)
        _out, err = self.process.communicate(timeout=10)
        return self.process.returncode, err


def at(terminal):
    return ("--host", terminal.host, "--port", terminal.port)


# simulate


def test_simulator_announces_payments():
    """The simulator says where it listens, and one readable line per transaction."""
    with Simulator("--scenario", "refuse", "--lang", "fr") as simulator:
        assert run("pay", "25,00", *at(simulator))[0] == 1
        line = simulator.line()
        assert simulator.stop() == (0, "")
    _time, place, words = line.split(" ", 2)
    assert place == f"127.0.0.1:{simulator.port}"
    assert words == "#1 Débit 25,00 EUR caisse 01 -> refusé [refuse] Refusé"


def test_simulator_says_that_an_answer_was_lost():
    """A payment whose answer never arrived stands out in the output."""
    with Simulator("--scenario", "close_after_accept") as simulator:
        assert run("pay", "25", *at(simulator))[0] == 3
        assert simulator.line().endswith("(answer not delivered)")


def test_simulator_keeps_a_ledger_file(tmp_path):
    """Each ledger entry becomes a line of JSON, appended to what is there."""
    path = tmp_path / "ledger.jsonl"
    path.write_text("{}\n")
    with Simulator("--ledger", path) as simulator:
        run("pay", "12.50", *at(simulator))
        simulator.line()
        told = simulator.order(ledger=True)["ledger"]
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert lines == [{}] + told
    assert told[0]["moved_cents"] == 1250


def test_port_taken_is_an_error():
    """A taken port ends the simulator with status 2 and names the port."""
    with SimulatedTerminal() as terminal:
        status, _out, err = run("simulate", "--port", terminal.port)
    assert status == 2
    assert str(terminal.port) in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--scenario", "acept"],
        ["--busy", "accept"],
        ["--port", "65536"],
        ["--port", "http"],
        ["--ledger", "/no/such/folder/ledger.jsonl"],
    ],
)
def test_simulator_refuses_nonsense(arguments, capsys):
    """Options that make no sense end with status 2 and a sentence."""
    assert status_of(["simulate", *arguments]) == 2
    assert capsys.readouterr().err


# The control channel


def test_orders_change_the_terminal():
    """Queue, scenario, delay and busy behaviour change while it runs."""
    with Simulator() as simulator:
        ordered = simulator.order(
            play=["refuse"], set="partial", delay=0.5, busy="silence"
        )
        assert ordered == {"ok": True}
        [state] = simulator.order(state=True)["state"]
    assert state["queue"] == ["refuse"]
    assert (state["scenario"], state["delay"]) == ("partial", 0.5)
    assert state["busy"] == "silence"


def test_order_to_the_customer():
    """A tap tells how many customers were there to obey."""
    with Simulator("--scenario", "manual") as simulator:
        assert simulator.order(tap="accept") == {"ok": True, "tap": 0}
        with till(simulator, DEBIT) as line:
            end = time.monotonic() + 5
            while not simulator.order(tap="accept")["tap"]:
                assert time.monotonic() < end
            assert b"AE00210" in line.recv(4096)


def test_orders_to_one_of_several_terminals():
    """With a port only that terminal obeys; without one all do."""
    with Simulator("--terminals", 3) as simulator:
        simulator.order(set="refuse")
        simulator.order(set="accept", port=simulator.ports[1])
        states = simulator.order(state=True)["state"]
        assert [state["scenario"] for state in states] == ["refuse", "accept", "refuse"]
        assert len(simulator.order(state=True, port=simulator.ports[2])["state"]) == 1


@pytest.mark.parametrize(
    "line, complaint",
    [
        ('{"set": "refuse", "bogus": 1}', "bogus"),
        ('{"set": "acept"}', "acept"),
        ('{"play": 5}', "int"),
        ('{"delay": "soon"}', "soon"),
        ('{"delay": NaN}', "nan"),
        ('{"port": 1, "set": "refuse"}', "port 1"),
        ("[]", ""),
        ("{", ""),
    ],
)
def test_senseless_orders(line, complaint):
    """A line that makes no sense gets an error and changes nothing."""
    terminal = Terminal()
    answer = obey([terminal], line.encode())
    assert answer["ok"] is False
    assert complaint in answer["error"]
    assert (terminal.scenario, terminal.state()["queue"]) == ("accept", [])


def test_conversation_goes_on_after_a_senseless_order():
    """The control channel survives what it does not understand."""
    with Simulator() as simulator:
        assert simulator.order(set="acept")["ok"] is False
        assert simulator.order(set="refuse")["ok"] is True


def test_web_page_cannot_give_orders():
    """What a browser posts begins with HTTP: nothing of it is obeyed."""
    body = b'{"set": "accept"}\n'
    head = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 18\r\n\r\n"
    with Simulator("--scenario", "refuse") as simulator:
        with socket.create_connection(simulator.control.getpeername(), 5) as page:
            page.sendall(head + body)
            with contextlib.suppress(ConnectionError):
                assert page.recv(4096) == b""
        [state] = simulator.order(state=True)["state"]
    assert state["scenario"] == "refuse"


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["--help", "--lang", "fr"], "Un TPE simulé, et une caisse"),
        (["simulate", "--lang", "fr", "--help"], "réponse à une seconde caisse"),
        (["pay", "--lang=en", "--help"], "ask for the customer's receipt"),
    ],
)
def test_help_in_the_language_asked_for(arguments, sentence, capsys):
    """The help speaks the language that --lang asks for, wherever it stands."""
    assert status_of(arguments) == 0
    assert sentence in " ".join(capsys.readouterr().out.split())


# The till


@pytest.mark.parametrize(
    "scenario, status, words",
    [
        ("accept", 0, "APPROVED 25.00 EUR"),
        ("partial", 0, "APPROVED 19.00 EUR (partially_approved)"),
        ("refuse_with_bank_text", 1, "REFUSED (declined: Refused) PROVISION INSUFFIS."),
        ("close_after_accept", 3, "UNKNOWN (end_of_stream)"),
    ],
)
def test_pay(scenario, status, words):
    """The exit status and the words tell the outcome; the request is explained."""
    with SimulatedTerminal(scenario) as terminal:
        result = run("pay", "25.00", *at(terminal))
    assert result[0] == status
    assert words in result[1]
    assert "CB  amount                           2500           25.00 EUR" in result[1]
    assert "Connected. Waiting" in result[1]
    assert result[2] == ""


def test_refund_in_another_currency():
    """A refund is a credit; a currency without decimals keeps its units."""
    with SimulatedTerminal() as terminal:
        status, out, _err = run("refund", "1000", "--currency", "XPF", *at(terminal))
    assert (status, terminal.ledger.totals()["953"]["credit"]) == (0, 1000)
    assert "1000 XPF" in out


def test_till_options_reach_the_terminal():
    """Till number, application and receipt are sent as asked."""
    with SimulatedTerminal() as terminal:
        options = ("--till", "07", "--application", "00E", "--receipt")
        _status, out, _err = run("pay", "5", *options, *at(terminal))
    fields = terminal.requests[0].fields
    assert [fields[tag] for tag in ("CA", "CC", "CK")] == ["07", "00E", "100"]
    assert "| CAFÉ DE LA GARE" in out


def test_identify_and_duplicate():
    """Both need no amount, and a duplicate tells the last payment again."""
    with SimulatedTerminal() as terminal:
        assert run("identify", *at(terminal))[0] == 0
        assert run("duplicate", *at(terminal))[0] == 1
        run("pay", "25", *at(terminal))
        status, out, _err = run("duplicate", *at(terminal))
    assert status == 0
    assert "APPROVED 25.00 EUR" in out


def test_nobody_there():
    """A refused connection is not sent, status 4, in the language asked for."""
    with SimulatedTerminal() as terminal:
        pass
    status, out, _err = run("pay", "1", "--lang", "fr", *at(terminal))
    assert status == 4
    assert "NON ENVOYÉ" in out
    assert "on peut recommencer" in out


def test_interrupted_payment_is_unknown():
    """Ctrl-C after the request has left says that the customer may still pay."""
    with SimulatedTerminal("silence") as terminal:
        process = start("pay", "1", *at(terminal))
        terminal.wait_for(lambda each: each.current)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, err) == (3, "")
    assert "may still pay" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ["pay"],
        ["pay", "0"],
        ["pay", "-1"],
        ["pay", "12.505"],
        ["pay", "lots"],
        ["pay", "10.5", "--currency", "XPF"],
        ["pay", "1", "--till", "first"],
        ["pay", "1", "--port", "0"],
        ["lend", "1"],
        [],
    ],
)
def test_till_refuses_nonsense(arguments, capsys):
    """What cannot be sent ends with status 2 and a sentence."""
    assert status_of(arguments) == 2
    assert capsys.readouterr().err


# decode


@pytest.mark.parametrize("source", ["argument", "stdin"])
def test_decode(source):
    """A frame is explained field by field, and card data stays hidden."""
    if source == "argument":
        status, out, err = run("decode", "--lang", "fr", ANSWER)
    else:
        status, out, err = run("decode", "--lang", "fr", input=ANSWER + "\n")
    assert (status, err) == (0, "")
    assert "3,50 EUR" in out
    assert "CB sans contact" in out
    assert "4970100000021234" not in out
    assert "2712" not in out


def test_decode_a_broken_frame():
    """What can be read is shown, then where it breaks, with status 1."""
    status, out, err = run("decode", "CZ0040301AE00210CB00")
    assert status == 1
    assert "Operation done" in out
    assert "byte 16" in err


def test_decode_a_receipt():
    """A receipt inside ZT is printed as text."""
    with SimulatedTerminal("receipt_full_pan") as terminal, till(
        terminal, DEBIT
    ) as line:
        frame = line.makefile("rb").read().decode("latin-1")
    status, out, _err = run("decode", input=frame)
    assert status == 0
    assert "| CAFÉ DE LA GARE" in out
    assert "4970100000021234" not in out


def test_scenarios_are_listed():
    """Every scenario has a line in the language asked for."""
    _status, out, _err = run("scenarios", "--lang", "fr")
    assert "red_key                      Touche rouge" in out


@pytest.mark.parametrize(
    "environment, language",
    [
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LC_ALL": "C", "LANG": "fr_FR.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "fr_FR.UTF-8"}, "fr"),
        ({}, "en"),
    ],
)
def test_language_of_the_user(environment, language):
    """The environment chooses French or English, as for any other program."""
    assert user_language(environment) == language
