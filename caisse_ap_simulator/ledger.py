# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What really happened at the simulated terminal: compare it with what a till says."""

import time
from dataclasses import dataclass, field
from typing import Dict, Optional

from caisse_ap.request import OPERATION_CODES, PAYMENTS

OPERATIONS = {code: name for name, code in OPERATION_CODES.items()}


def operation_of(fields):
    """Return the operation (a word) of a request's fields, or ""."""
    return OPERATIONS.get(fields.get("CD"), "")


@dataclass
class Received:
    """One request, from its last byte to the last byte of its answer.

    `arrived` and `answered` are time.monotonic() seconds, `arrived_at` is time.time().
    """

    data: bytes
    fields: Dict[str, str]
    arrived: float
    arrived_at: float
    readable: bool = True
    answered: Optional[float] = None

    @property
    def operation(self):
        return operation_of(self.fields)

    @property
    def asked_cents(self):
        """The amount asked (int), or None: only payments must carry one."""
        amount = self.fields.get("CB", "")
        return int(amount) if amount.isdecimal() else None


@dataclass
class Entry:
    """What the terminal decided about one request.

    `decision` is approved, refused or nothing. `moved_cents` is the money that left
    the customer (debit) or came back (credit, reversal). `delivered` is None until the
    answer is written: then whether all of it was, while the till was still there.
    `sent` is what the terminal wrote, whether or not anybody could read it.
    """

    terminal: str
    request: Received
    scenario: str
    decision: str
    moved_cents: int
    authorisation: str
    number: int = 0
    decided_at: float = 0.0  # time.time()
    answer: Dict[str, str] = field(default_factory=dict, repr=False)
    delivered: Optional[bool] = None
    sent: bytes = field(default=b"", repr=False)

    def as_dict(self):
        """Plain values for JSON; nothing of a card is in it."""
        request = self.request
        return {
            "number": self.number,
            "terminal": self.terminal,
            "arrived_at": request.arrived_at,
            "decided_at": self.decided_at,
            "request": request.fields,
            "operation": request.operation,
            "asked_cents": request.asked_cents,
            "moved_cents": self.moved_cents,
            "currency": request.fields.get("CE", ""),
            "decision": self.decision,
            "scenario": self.scenario,
            "authorisation": self.authorisation,
            "delivered": self.delivered,
        }


class Ledger:
    """Every Entry in order. Only the terminal adds to it; other threads may read."""

    def __init__(self):
        self.entries = []

    def __len__(self):
        return len(self.entries)

    def add(self, entry):
        """Write an entry down as decided now."""
        entry.number = len(self.entries) + 1
        entry.decided_at = time.time()
        self.entries.append(entry)

    @property
    def last(self):
        return self.entries[-1] if self.entries else None

    def totals(self):
        """Return {currency: {operation: cents moved}} of the payments."""
        totals = {}
        for entry in [entry for entry in self.entries if entry.moved_cents]:
            request = entry.request
            sums = dict.fromkeys(PAYMENTS, 0)
            sums = totals.setdefault(request.fields["CE"], sums)
            sums[request.operation] += entry.moved_cents
        return totals
