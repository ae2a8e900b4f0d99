# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A person and the terminal disagree; keys that answer nothing."""

from expectations import ASKED_PAID, ORPHAN, SAID_PAID, SOLD, Expectation
from fault_injections import people
from row import CLOSES_DIALOGS, DIRECT, OURS, PEOPLE, Row

SAID_MORE = Expectation("sold", 245, 490, ("approved",), attention=True)
CHARGED_TWICE = Expectation(
    "orphan", 980, 490, ("approved", "approved"), requests=2, attention=True
)
REVERSED = Expectation("sold", 0, 0, ("approved", "approved"))
FORGOTTEN = Expectation("asked", 490, 0, ())
OTHER_TILL = Expectation(
    "asked",
    980,
    490,
    ("unknown", "approved", "approved"),
    requests=2,
    attention=True,
)


def row(name, inject, expected, *needs, quick=False):
    return Row(name, PEOPLE, inject, expected, (OURS, *needs), quick)


ROWS = (
    row("“paid”, then accepted", people.said_paid("accept"), SOLD),
    row("“paid”, then refused", people.said_paid("refuse"), SAID_PAID, quick=True),
    row("“paid”, then less", people.said_paid("partial:245"), SAID_MORE),
    row("“not paid”, paid twice", people.paid_twice, CHARGED_TWICE, DIRECT),
    row("unknown reversal", people.reversed_unknown, REVERSED),
    row("forgotten by the server", people.forgotten_by_the_server, FORGOTTEN),
    row("another till since", people.another_till_since, OTHER_TILL),
    row("keys: unknown", people.keys_on_question, ASKED_PAID, quick=True),
    row("keys: without a sale", people.keys_on_offer, ORPHAN),
    row(
        "dialogs closed: unknown",
        people.closed_by_odoo(people.lose_answer),
        ASKED_PAID,
        CLOSES_DIALOGS,
    ),
    row(
        "dialogs closed: without a sale",
        people.closed_by_odoo(people.offer_money),
        ORPHAN,
        CLOSES_DIALOGS,
    ),
)
