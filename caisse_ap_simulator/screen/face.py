# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The front of one terminal: where its customer is, and what his hands do.

    idle -> present -> (code) -> result -> idle

The terminal decides about the money; this only leads the customer to that decision.
"""

import asyncio

from ..scenarios import find
from .cards import CARDS, usable

RESULT_SECONDS = 6.0
CODE_DIGITS = 4
# With these the card in the hand says what happens; another one was ordered.
CARD_DECIDES = ("manual", "accept", "amounts")


class Face:
    """`changed`: called without arguments at every change."""

    def __init__(self, terminal, changed):
        self.terminal = terminal
        self.step = "idle"  # idle, present, code, wait, result
        self.card = None  # the name in CARDS that lies in the terminal or touches it
        self.digits = 0
        self.entry = None  # what the customer last got to read
        self._changed = changed
        self.leave = terminal.observe(self._follow)

    @property
    def usable_cards(self):
        """The names of the cards that the terminal would take now."""
        request = self.terminal.current
        waits = self.step == "present" and request
        return usable(request.fields.get("CC", "")) if waits else []

    def present(self, name):
        """The customer holds out a card. Raise ValueError for an unknown one."""
        if name not in CARDS:
            raise ValueError(f"unknown card {name!r}")
        if name not in self.usable_cards:
            return
        self.card, self.digits = name, 0
        if CARDS[name].asks_code:
            self.step = "code"
        else:
            self._pay()
        self._changed()

    def press(self, key):
        """A finger on a key: a digit, yellow (correct), red or green."""
        if key == "red" and self.terminal.current:
            self.terminal.tap("red_key")
        elif self.step == "code":
            self._type(key)
        elif key in ("red", "green") and self.step == "result":
            self._rest(self.entry)
        self._changed()

    def _type(self, key):
        if key == "green" and self.digits == CODE_DIGITS:
            self._pay()
        elif key == "yellow":
            self.digits = 0
        elif len(key) == 1 and key.isdecimal():
            self.digits = min(CODE_DIGITS, self.digits + 1)

    def _pay(self):
        """What was ordered happens, or what the card is made for.

        A scenario with a time of its own is not hurried.
        """
        playing = self.terminal.playing
        self.step = "wait"
        if playing in CARD_DECIDES:
            self.terminal.tap(CARDS[self.card].scenario)
        elif at_once(playing):
            self.terminal.tap(playing)

    def _follow(self, terminal, event, subject):
        """Called by the terminal at every change."""
        if event == "waiting":
            self.step, self.card, self.entry = "present", None, None
        elif event == "decided" and subject.request is terminal.current:
            self.step, self.entry = "result", subject
            loop = asyncio.get_event_loop()
            loop.call_later(RESULT_SECONDS, self._rest, subject)
        elif event == "idle" and self.step != "result":
            self.step = "idle"
        self._changed()

    def _rest(self, entry):
        """Say hello again, unless something newer is on the display."""
        if self.step == "result" and self.entry is entry:
            self.step, self.card = "idle", None
            self._changed()


def at_once(name):
    """Return whether a scenario needs no time of its own: it can be told to happen."""
    scenario = find(name)
    return not (scenario.after_till or scenario.manual or scenario.seconds is not None)
