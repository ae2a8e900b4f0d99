# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Takes card numbers out of what a terminal sends, before anything is stored.

In free text a card number is found as a person finds it: 13 to 19 digits, whatever
blanks, punctuation and line ends stand between them, for which Luhn's check holds.
Only letters end a run of digits. What has a shape of its own stays readable: dates,
times, amounts, telephone and SIRET numbers, and the application identifiers that every
receipt of a chip card must show.
"""

import re

_HEAD, _TAIL = 6, 4  # the most that may stay of a card number
_LENGTHS = range(13, 20)  # digits of a card number
_SHORTEST_MASKED = 12  # of what a terminal itself calls a card number (AA)
_GAPS = " \xa0.-"
_MASKS = "*#Xx"

# A line feed is the one control character that a receipt needs; no database stores NUL.
_CONTROLS = {**dict.fromkeys([*range(9), *range(11, 32), 127]), 9: " "}

_RUN = re.compile(r"\d(?:[\W_]*\d)*")
_GROUP = re.compile(r"\d+")

# A registered provider (five bytes) and what it adds. One that is longer than any in
# use has other digits beside it: they may be a card number.
_APPLICATION = re.compile("(?<![A-Za-z0-9])A0000[0-9]{5}[0-9A-F]*")
_PROVIDER, _LONGEST_APPLICATION = 10, 16

# A number that the terminal has masked in part, maybe too little.
_PARTLY_MASKED = re.compile(r"\d(?:[ \xa0.\-]{0,3}[0-9*#Xx]){10,}\d")

# How the numbers of the cards that people hold begin, by length. One digit in ten
# makes Luhn's check hold by chance, so digits that a person may well read otherwise
# are a card number only if a card can begin like this.
_ISSUED = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|3(?:0[0-59]|[689]\d)\d{11}|3[47]\d{13}"
    r"|(?:2[2-7]|35|8[126]|9[78])\d{14}|(?:5\d|6\d)\d{11,17}"
)
_SIRET = 14  # digits, and Luhn's check holds for them too


def _alone(shape):
    """Return the pattern of a shape that no other digits touch."""
    return re.compile(
        rf"(?<![^\W_])(?<!\d[.,:/_-])(?:{shape})(?![^\W_])(?![.,:/_-]\d)", re.IGNORECASE
    )


def _line(shape):
    """Return the pattern of a shape that no other digits follow on its line."""
    return _alone(rf"(?<!\d[ \xa0])(?:{shape})(?![ \xa0]\d)")


_SHAPES = (
    _alone(r"(?:0?[1-9]|[12]\d|3[01])([/.-])(?:0?[1-9]|1[0-2])\1(?:(?:19|20)?\d\d)"),
    _alone(r"20\d\d([/.-])(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])"),
    _alone(r"(?:[01]?\d|2[0-3])([:.])[0-5]\d(?:\1[0-5]\d)?"),
    _alone(
        r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d{3}"
    ),
    _line(r"\d{1,3}(?:[ \xa0.]?\d{3}){0,2}[.,]\d\d"),  # an amount
    _line(r"0[1-9]([ \xa0.-]?)\d\d(?:\1\d\d){3}"),  # a telephone number
    _line(r"(?:\+|00)33[ \xa0.-]?[1-9]([ \xa0.-]?)\d\d(?:\1\d\d){3}"),
    _line(r"\d{3}([ \xa0.])\d{3}\1\d{3}\1\d{5}"),  # a SIRET number
    re.compile(r"SIRET\W{0,5}(?:\d[ \xa0.]?){13}\d(?!\d)", re.IGNORECASE),
)


def mask_card_number(text):
    """Return a card number with at most its first six and last four characters.

    Mask characters that are already there stay. What is too short for a card number
    keeps its last four characters only.
    """
    text = clean(text).strip()
    places = [place for place, char in enumerate(text) if char not in _GAPS]
    head = _HEAD if len(places) > _SHORTEST_MASKED else 0
    hidden = [place for place in places[head:-_TAIL] if text[place] not in _MASKS]
    return _hide(text, hidden)


def mask_text(text):
    """Return free text, such as a receipt, with the card numbers in it masked."""
    text = clean(text)
    shadow, glued = _without_applications(text)
    shapes = _shapes(shadow)
    hidden = _places_partly_masked(text)
    for run in _RUN.finditer(shadow):
        if run.end() - run.start() >= _LENGTHS[0]:
            hidden.update(_Run(shadow, run, shapes, glued).places_to_hide())
    return _hide(text, hidden)


def masked_fields(fields):
    """Return a copy of the fields that may be stored, shown and logged.

    The expiry (AB) and the receipts (AK, ZT) are left out.
    """
    kept = {tag: text for tag, text in fields.items() if tag not in ("AB", "AK", "ZT")}
    return {tag: _masked(tag, text) for tag, text in kept.items()}


def _masked(tag, text):
    return mask_card_number(text) if tag == "AA" else mask_text(text)


def clean(text):
    """Return text without its control characters, line feeds excepted."""
    return text.translate(_CONTROLS)


def _hide(text, places):
    places = set(places)
    return "".join("#" if i in places else char for i, char in enumerate(text))


def _without_applications(text):
    """Return the text with letters in place of application identifiers, and where
    digits begin that follow one without a gap.
    """
    glued = set()

    def replace(match):
        found = match.group()
        size = len(found) if len(found) <= _LONGEST_APPLICATION else _PROVIDER
        glued.add(match.start() + size)
        return "A" * size + found[size:]

    return _APPLICATION.sub(replace, text), glued


def _shapes(text):
    """Return a dict of place in the text to the (start, end) of the shape there."""
    found = {}
    for pattern in _SHAPES:
        for match in pattern.finditer(text):
            found.update(dict.fromkeys(range(*match.span()), match.span()))
    return found


def _places_partly_masked(text):
    """A number of ten digits can show no more than what may stay of a longer one."""
    hidden = set()
    for match in _PARTLY_MASKED.finditer(text):
        places = [i for i in range(*match.span()) if text[i] not in _GAPS]
        shown = [i for i in places if text[i].isdigit()]
        if _HEAD + _TAIL < len(shown) < len(places):
            hidden.update(set(places[_HEAD:-_TAIL]) & set(shown))
    return hidden


class _Run:
    """Digits that no letter divides, in groups that something else divides."""

    def __init__(self, text, run, shapes, glued):
        self._text = text
        self._places = [i for i in range(*run.span()) if text[i].isdecimal()]
        self._digits = [int(text[i]) for i in self._places]
        self._shapes = [shapes.get(i) for i in self._places]
        self._groups = list(self._find_groups(text, run, glued))

    def places_to_hide(self):
        for start, end in self._card_numbers():
            yield from self._places[start + _HEAD : end - _TAIL]

    def _find_groups(self, text, run, glued):
        """Yield (first, end) of each group; one that must be cut, digit by digit."""
        first = 0
        for group in _GROUP.finditer(text, *run.span()):
            end = first + len(group.group())
            is_loose = group.start() in glued or end - first > _LENGTHS[-1]
            step = 1 if is_loose else end - first
            yield from ((i, i + step) for i in range(first, end, step))
            first = end

    def _card_numbers(self):
        """Yield (start, end) of the digits that are a card number."""
        ends = {end for _start, end in self._groups}
        for start, end in self._groups:
            for stop in (start + length for length in _LENGTHS):
                if stop in ends and self._is_card(start, stop):
                    yield start, stop
            for inner in range(start, end - _LENGTHS[0] + 1):
                for stop in range(inner + _LENGTHS[0], end + 1):
                    if self._is_card(inner, stop, is_cut=True):
                        yield inner, stop

    def _is_card(self, start, end, is_cut=False):
        if not _passes_luhn(self._digits[start:end]):
            return False
        shapes = self._shapes[start:end]
        if all(shapes) or self._cuts_shape(start) or self._cuts_shape(end):
            return False
        is_doubtful = is_cut or any(shapes) or self._reads_otherwise(start, end)
        return not is_doubtful or self._may_be_issued(start, end)

    def _reads_otherwise(self, start, end):
        """Tell whether two lines hold these digits, or one piece as long as a SIRET."""
        first, last = self._places[start], self._places[end - 1]
        return "\n" in self._text[first:last] or last - first + 1 == _SIRET

    def _cuts_shape(self, place):
        """Tell whether digits on both sides of a place are of one shape."""
        inside = 0 < place < len(self._shapes)
        shape = self._shapes[place] if inside else None
        return bool(shape) and self._shapes[place - 1] == shape

    def _may_be_issued(self, start, end):
        return bool(_ISSUED.fullmatch("".join(map(str, self._digits[start:end]))))


def _passes_luhn(digits):
    doubled = (digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
