# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Takes card numbers out of what a terminal sends, before anything is stored."""

import re

_HEAD, _TAIL = 6, 4  # the most that may stay of a card number
_SHORTEST_CARD = 12  # digits; printed in groups: one more

# Digits, and what terminals print instead of them (protocol.md section 3, AA). Card
# numbers are printed in one piece or in groups of four and more. Amounts, dates,
# telephone and authorisation numbers are not, so they stay readable. So do application
# identifiers (AI), which every receipt of a chip card must show.
_DIGIT = "[0-9*#Xx]"
_GAP = r"[ \xa0.\-]{1,3}"
_CARD_LIKE = re.compile(
    "(?P<application>A00000[0-9A-F]{5,27})"
    f"|{_DIGIT}{{4,}}(?:{_GAP}{_DIGIT}{{4,}})+(?:{_GAP}{_DIGIT}{{1,3}})?"
    f"|{_DIGIT}{{12,}}"
)
_GAPS = " \xa0.-"
_MASKS = "*#Xx"

# A line feed is the one control character that a receipt needs; no database stores NUL.
_CONTROLS = dict.fromkeys([*range(10), *range(11, 32), 127])


def mask_card_number(text):
    """Return a card number with at most its first six and last four characters.

    Mask characters that are already there stay. What is too short for a card number
    keeps its last four characters only.
    """
    return _hide(clean(text).strip())


def mask_text(text):
    """Return free text, such as a receipt, with the card numbers in it masked."""
    return _CARD_LIKE.sub(_hide_card, clean(text))


def clean(text):
    """Return text without its control characters, line feeds excepted."""
    return text.translate(_CONTROLS)


def _hide_card(match):
    return _hide(match.group()) if _is_card(match) else match.group()


def _is_card(match):
    """A number of ten digits can show no more than what may stay of a longer one."""
    text = match.group()
    shown = sum(char.isdigit() for char in text)
    shortest = _SHORTEST_CARD + any(gap in text for gap in _GAPS)
    long_enough = len(_places(text)) >= shortest and shown > _HEAD + _TAIL
    return long_enough and not match.group("application")


def _hide(text):
    places = _places(text)
    head = _HEAD if len(places) > _SHORTEST_CARD else 0
    hidden = {place for place in places[head:-_TAIL] if text[place] not in _MASKS}
    return "".join("#" if i in hidden else char for i, char in enumerate(text))


def _places(text):
    """Where the digits (or what stands for them) are: everything but the gaps."""
    return [place for place, char in enumerate(text) if char not in _GAPS]
