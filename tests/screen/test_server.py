# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The page's server without a browser: its command line, its texts, its guards."""

import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

import caisse_ap_simulator.screen
from caisse_ap_simulator.cli import main
from caisse_ap_simulator.screen.texts import TEXTS

STATIC = Path(caisse_ap_simulator.screen.__file__).with_name("static")


def get(address, **headers):
    request = urllib.request.Request(address, headers=headers)
    with urllib.request.urlopen(request, timeout=10) as page:
        return page.read().decode()


def start(*options):
    """Start `simulate --screen` in a process of its own."""
    words = "-m caisse_ap_simulator simulate --port 0 --screen".split()
    return subprocess.Popen(
        [sys.executable, *words, *options],
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
    )


def test_command_line_says_where_the_page_is():
    """`simulate --screen` prints the address, serves the page, and ends when asked."""
    process = start("--screen-port", "0")
    try:
        assert process.stdout.readline().startswith("LISTENING 127.0.0.1:")
        word, address = process.stdout.readline().split()
        assert word == "SCREEN"
        assert address.startswith("http://127.0.0.1:")
        assert "screen.js" in get(address)
    finally:
        process.terminate()
        process.communicate(timeout=10)
    assert process.returncode == 0


def test_missing_library_is_named(monkeypatch, capsys):
    """Without aiohttp the command says what to install, and ends with status 2."""
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    for name in [
        name for name in sys.modules if name.startswith("caisse_ap_simulator.screen")
    ]:
        monkeypatch.delitem(sys.modules, name)
    assert main(["simulate", "--port", "0", "--screen"]) == 2
    complaint = capsys.readouterr().err
    assert ".[screen]" in complaint
    assert "aiohttp" in complaint


def test_port_taken(address):
    """A page whose port is taken is an error that names the port."""
    port = re.search(":([0-9]+)/", address).group(1)
    process = start("--screen-port", port)
    _out, err = process.communicate(timeout=20)
    assert process.returncode == 2
    assert port in err
    assert "Traceback" not in err


def test_other_sites_are_refused(address):
    """A page of another site cannot steer the terminals from the same browser."""
    with pytest.raises(urllib.error.HTTPError) as refused:
        get(f"{address}live", Origin="http://elsewhere.example")
    assert refused.value.code == 403


@pytest.mark.parametrize(
    "host, status", [("rebound.example", 403), ("localhost:1", 200), ("[::1]", 200)]
)
def test_other_host_names_are_refused(address, host, status):
    """A name that somebody pointed at this machine does not open the page."""
    try:
        get(address, Host=host)
    except urllib.error.HTTPError as refused:
        assert refused.code == status
    else:
        assert status == 200


def test_every_text_is_in_the_table():
    """What page and script name exists in both languages, and no text is left over."""
    page, script = ((STATIC / name).read_text() for name in ("index.html", "screen.js"))
    named = re.findall('data-(?:text|label|hint)="([a-z_]+)"', page)
    named += re.findall(r"texts\.([a-z_]+)", script)
    assert set(named) <= set(TEXTS)
    assert all(label.fr and label.en for label in TEXTS.values())
    french = [label.fr for label in TEXTS.values()]
    assert not [text for text in french if re.search(r"\w [:;!?]|\.\.\.", text)]
    sources = [path for path in STATIC.parent.glob("*.py") if path.stem != "texts"]
    texts = page + script + "".join(path.read_text() for path in sources)
    left_over = {name for name in TEXTS if not re.search(rf"\b{name}\b", texts)}
    assert left_over == {"approved_reversal", "refused_reversal"}  # made of two names
