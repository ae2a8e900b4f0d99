# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a customer can hold in his hand. A table, no logic but what fits."""

from typing import NamedTuple, Tuple

from caisse_ap import Label


class Card(NamedTuple):
    """`how`: insert, tap or slip. `applications`: what a till may force (CC)."""

    label: Label
    how: str
    scenario: str
    applications: Tuple[str, ...]

    @property
    def asks_code(self):
        return self.how == "insert"


CARDS = {
    "contactless": Card(
        Label("CB sans contact", "CB contactless"),
        "tap",
        "accept_contactless",
        ("00B",),
    ),
    "contact": Card(Label("CB à puce", "CB chip"), "insert", "accept", ("001",)),
    "amex": Card(
        Label("American Express", "American Express"),
        "insert",
        "accept_amex",
        ("002", "00D"),
    ),
    "conecs": Card(
        Label("Titre-restaurant CONECS", "CONECS meal voucher"),
        "insert",
        "accept_conecs",
        ("00E", "10E"),
    ),
    "ancv": Card(
        Label("Chèque-Vacances Connect", "Chèque-Vacances Connect"),
        "insert",
        "accept_ancv",
        ("00V",),
    ),
    "cheque": Card(Label("Chèque", "Cheque"), "slip", "accept_cheque", ("00C",)),
}


def usable(application):
    """Return the names of the cards that pay, given the CC a till forced or ""."""
    fitting = [name for name, card in CARDS.items() if application in card.applications]
    return fitting or list(CARDS)
