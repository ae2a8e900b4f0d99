# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The pytest fixture that the installed package brings."""

import os
import subprocess
import sys

TEST = """
from caisse_ap import Request, exchange

def test_refused_sale(simulated_terminal):
    simulated_terminal.play("refuse")
    request = Request("debit", amount_cents=2500, currency="978")
    verdict = exchange(request, simulated_terminal.host, simulated_terminal.port)
    assert verdict.outcome == simulated_terminal.ledger.last.decision == "refused"
"""


def test_fixture(tmp_path):
    """A test of somebody's till gets a terminal by naming it."""
    (tmp_path / "test_till.py").write_text(TEST)
    words = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "caisse_ap_simulator.pytest_plugin",
    ]
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path))
    done = subprocess.run(
        words, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, timeout=60
    )
    assert done.returncode == 0, done.stdout.decode()
    assert b"1 passed" in done.stdout
