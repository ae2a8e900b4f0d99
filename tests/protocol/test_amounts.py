# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Amounts, from the payment line in the page to the wire and back, lose nothing."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caisse_ap.frame import decode
from caisse_ap.operation import judge
from caisse_ap.request import Request

PAGE = Path(__file__).resolve().parents[1] / "page"
# Name, ISO 4217 number, decimals.
CURRENCIES = (("XPF", "953", 0), ("EUR", "978", 2), ("TND", "788", 3))
# A row keeps an amount in 32 bits.
MAX_CENTS = 2**31 - 1

every_currency = pytest.mark.parametrize(
    "number, decimals", [rest for _name, *rest in CURRENCIES], ids=["XPF", "EUR", "TND"]
)
# Another process answers, on a machine that may have more to do.
patient = settings(deadline=None)
cents = st.integers(1, MAX_CENTS)


@pytest.fixture(scope="module")
def page():
    """Ask the page's own code for the cents of amounts."""
    node = shutil.which("node")
    if not node:
        pytest.skip("there is no node on this machine")
    command = [node, "--import", PAGE / "odoo_modules.mjs", PAGE / "cents.mjs"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def ask(decimals, amounts):
            process.stdin.write(json.dumps([decimals, amounts]) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield ask
        process.kill()


@every_currency
@patient
@given(amount=cents, other=cents)
def test_line_to_wire(page, number, decimals, amount, other):
    """The amount of a line, or what is left of a total, is that on the wire."""
    unit = 10**decimals
    rest = (amount + other) / unit - other / unit
    told, back = page(decimals, [amount / unit, -amount / unit, rest])
    assert told == back == [amount] * 3
    [fields] = decode(Request("debit", told[0], number).encode())
    assert (int(fields["CB"]), fields["CE"]) == (amount, number)
    assert fields["CB"].isdecimal() and 2 <= len(fields["CB"]) <= 12


@every_currency
@patient
@given(asked=cents, data=st.data())
def test_wire_to_line(page, number, decimals, asked, data):
    """What the terminal accepts, all or a part, comes back to the line as it is."""
    request = Request("debit", asked, number)
    accepted = data.draw(st.integers(1, asked))
    answer = dict(request.fields(), CB=f"{accepted:012}", AE="10")
    verdict = judge(request, [answer])
    assert (verdict.outcome, verdict.approved_cents) == ("approved", accepted)
    told, _back = page(decimals, [verdict.approved_cents / 10**decimals])
    assert told == [accepted]
