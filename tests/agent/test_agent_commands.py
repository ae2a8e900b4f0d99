# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""`caisse-ap agent` as a person uses it."""

import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest
from fake_odoo import CODE, TOKEN

from caisse_ap_agent import install
from caisse_ap_agent.cli_texts import TEXTS
from caisse_ap_agent.config import Terminal, check_url, load
from caisse_ap_agent.discovery import find_terminals, private_network
from caisse_ap_simulator.cli import main


@pytest.fixture
def agent(tmp_path, capsys):
    """Run a command in the agent's folder; return its status and what it wrote."""

    def agent(*words):
        words = ["agent", "--lang", "en", "--folder", tmp_path, *words]
        status = main([str(word) for word in words])
        captured = capsys.readouterr()
        return status, captured.out + captured.err

    return agent


def test_pairing(agent, odoo, tmp_path):
    """A code becomes a token, in a file that only its owner may read."""
    status, written = agent("pair", odoo.url, CODE)
    assert (status, "Paired with Odoo" in written) == (0, True)
    assert load(tmp_path).token == TOKEN
    if os.name == "posix":
        assert (tmp_path / "agent.ini").stat().st_mode & 0o077 == 0
    assert TOKEN not in written


def test_wrong_code(agent, odoo, tmp_path):
    """A code that Odoo refuses leaves everything as it was."""
    status, written = agent("pair", odoo.url, "WRONG222")
    assert (status, "refuses this code" in written) == (2, True)
    assert not (tmp_path / "agent.ini").exists()


def test_pairing_while_odoo_is_away(agent, odoo, tmp_path):
    """A wrong address or a line that is down is told in one line."""
    odoo.unplug()
    status, written = agent("pair", odoo.url, CODE)
    odoo.plug()
    assert (status, "Odoo does not answer" in written) == (2, True)
    assert not (tmp_path / "agent.ini").exists()


@pytest.mark.parametrize("part", ["run", "status", "install"])
def test_not_paired(agent, part):
    """Without a token the program says what to do first."""
    status, written = agent(part)
    assert (status, "not paired" in written) == (2, True)


def test_status(agent, odoo):
    """It says whether Odoo answers."""
    agent("pair", odoo.url, CODE)
    assert "Odoo answers: “Shop”" in agent("status")[1]
    odoo.unplug()
    status, written = agent("status")
    assert (status, "does not answer" in written) == (1, True)
    odoo.plug()


def test_terminals(agent, simulated_terminal, tmp_path):
    """Terminals are added by name, tried, and removed."""
    host, port = simulated_terminal.host, simulated_terminal.port
    status, written = agent("terminals", "--add", "counter", host, "--port", port)
    assert (status, f"{host}:{port}  answers" in written) == (0, True)
    assert load(tmp_path).terminals == {"counter": Terminal(host, port)}
    assert agent("terminals", "--remove", "kitchen")[0] == 2
    assert "No terminal" in agent("terminals", "--remove", "counter")[1]


def test_settings_survive_pairing_anew(agent, odoo, tmp_path):
    """The list and the limit belong to the shop: another token keeps them."""
    agent("pair", odoo.url, CODE)
    config = load(tmp_path)
    config.refund_limit = 15000
    config.terminals["counter"] = Terminal("192.168.1.50", 8888)
    config.save()
    agent("pair", odoo.url, CODE)
    assert load(tmp_path) == config


def test_discovery_finds_what_identifies_itself(simulated_terminal):
    """On a private network, and nothing but an identification is sent."""
    network = private_network("127.0.0.1/32")
    found = find_terminals(network, simulated_terminal.port)
    assert [address for address, _verdict in found] == ["127.0.0.1"]
    assert [each.operation for each in simulated_terminal.requests] == [
        "identification"
    ]


@pytest.mark.parametrize("text", ["8.8.8.0/24", "10.0.0.0/8", "shop"])
def test_discovery_asks_private_addresses_only(text):
    """Nobody else's machines are asked, nor a whole company's."""
    with pytest.raises(ValueError):
        private_network(text)


@pytest.mark.parametrize(
    "url, checked",
    [
        ("shop.example.com/", "https://shop.example.com"),
        ("http://127.0.0.1:8069", "http://127.0.0.1:8069"),
        ("http://shop.example.com", None),
        ("ftp://shop.example.com", None),
    ],
)
def test_address_of_odoo(url, checked):
    """Without TLS a token goes nowhere but to this machine."""
    if checked:
        assert check_url(url) == checked
    else:
        with pytest.raises(ValueError):
            check_url(url)


def test_unit_of_systemd(tmp_path):
    """The unit starts this Python with this folder, and again after any end."""
    folder = tmp_path / 'la "boutique" 100% à 5 $'
    text = install.unit(folder, is_root=True)
    [command] = re.findall(r"^ExecStart=(.*)$", text, re.M)
    [writable] = re.findall(r"^ReadWritePaths=(.*)$", text, re.M)
    program = [sys.executable, "-m", "caisse_ap_simulator", "agent"]
    command = command.replace("%%", "%").replace("$$", "$")
    assert shlex.split(command) == [*program, "--folder", str(folder), "run"]
    assert shlex.split(writable.replace("%%", "%")) == [str(folder)]
    assert "Restart=always" in text


@pytest.mark.parametrize(
    "user_id, refused, status",
    [(0, False, 0), (1000, False, 0), (1000, True, 1)],
    ids=["root", "user", "user without polkit"],
)
def test_install_outlives_the_session(
    agent, odoo, tmp_path, monkeypatch, user_id, refused, status
):
    """A user's agent lingers, or he is told what root has to do."""
    agent("pair", odoo.url, CODE)
    ran = []

    def run(command, check=False):
        ran.append(command)
        return subprocess.CompletedProcess(command, int(refused and not check))

    monkeypatch.setattr(install.subprocess, "run", run)
    monkeypatch.setattr(install.os, "geteuid", lambda: user_id)
    monkeypatch.setattr(install, "unit_path", lambda is_root: tmp_path / "unit")
    monkeypatch.setattr("getpass.getuser", lambda: "marie")
    told, written = agent("install")
    asked = ["loginctl", "enable-linger", "marie"]
    assert (told, asked in ran) == (status, user_id != 0)
    assert (" ".join(asked) in written) == refused


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_unit_is_understood(tmp_path):
    """systemd finds no fault in it."""
    path = tmp_path / f"{install.SERVICE}.service"
    for is_root in (True, False):
        path.write_text(install.unit(tmp_path / "la boutique", is_root))
        command = ["systemd-analyze", "verify", path]
        told = subprocess.run(command, stderr=subprocess.PIPE, text=True)
        assert path.name not in told.stderr


def test_french_texts_keep_their_signs():
    """No line of a French text can begin with a colon or the like."""
    french = [label.fr for label in TEXTS.values()]
    assert not [text for text in french if re.search(r" [:;!?»]|« |\.\.\.", text)]
