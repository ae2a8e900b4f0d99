# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the simulated terminal writes: templates of answers, and receipts. Pure.

A template is a sequence of (tag, text); the text is filled with the request's fields
({CA}), the amount ({amount:08d}) and the authorisation number ({authorisation}).
A field that stays empty is left out, as the protocol asks (protocol.md 2.2).
"""

import base64
import time
from collections import defaultdict
from string import ascii_uppercase

from caisse_ap.frame import encode

from .money import format_amount

MASKED_CARD = "497010######1234"
# A number for tests only: to prove that no reader lets a full number through.
FULL_CARD = "4970100000021234"
# Banks number refusals too (protocol.md 6.9).
NO_AUTHORISATION = "184118"


def template(*bases, **changes):
    """Merge templates and single fields; a later text replaces an earlier one."""
    fields = {}
    for base in bases:
        fields.update(base)
    fields.update(changes)
    return tuple(fields.items())


# An Ingenico answers with its own version and IPC and a padded amount
# (protocol.md 5.1, 6.1, 6.6, 6.7) ...
INGENICO = template(
    CZ="0301",
    CJ="330538600404",
    CA="{CA}",
    CB="{amount:08d}",
    CD="{CD}",
    CE="{CE}",
)
# ... and fills a CF nobody asked for (6.8).
CARD = template(
    INGENICO,
    AE="10",
    AA=MASKED_CARD,
    CF="1010000000",
    CC="001",
    CI="1",
    AC="{authorisation}",
    AI="A0000000421010",
    CG="1234567",
)
# Another maker repeats the request as it came.
ECHO = template(
    CZ="{CZ}",
    CJ="{CJ}",
    CA="{CA}",
    CB="{amount:02d}",
    CD="{CD}",
    CE="{CE}",
    AE="10",
)
TAKEN = template(ECHO, AE="11")
# Cheques have no card, no reading mode and no authorisation number (5.5).
CHEQUE = template(INGENICO, AE="10", CC="00C")
VOUCHER = template(CARD, AA="", AI="", CF="")
REFUSED = template(INGENICO, AE="01", AF="04")
MINIMAL = template(CZ="0300", AE="01", AF="06")
IDENTIFIED = template(CZ="0301", CJ="330538600404", CA="{CA}", CD="{CD}", AE="10")
REPEATED = template(
    INGENICO,
    AE="10",
    AA="{AA}",
    CC="{CC}",
    CI="{CI}",
    AC="{AC}",
    AI="{AI}",
    CG="{CG}",
)
SILENT = ()
# Valid fields, but more than a reader should ever keep (protocol.md 2.2: 64 kB).
HUGE = CARD + 3 * tuple(("Y" + letter, 999 * ".") for letter in ascii_uppercase)


def compose(entry, scenario, repeated):
    """Return the messages that tell `entry`: lists of (tag, text).

    `repeated` is the Entry that a duplicate tells again, else unused.
    """
    values = _values(entry, repeated)
    messages = [_fill(fields, values) for fields in scenario.messages]
    asked = entry.request.fields.get("CK", "0")
    answer = dict(messages[-1])
    values["refused"] = answer.get("AE") == "01"
    is_asked = asked[0] == "1" and answer.get("AE") == "10"
    if answer.get("CB") and (scenario.card or is_asked):
        card = scenario.card or MASKED_CARD
        messages[-1].append(("ZT", _receipts(asked, values, card)))
    return messages


def _values(entry, repeated):
    """What the templates may name; a duplicate speaks of the entry it repeats."""
    fields = entry.request.fields
    told = repeated if entry.scenario == "duplicate" else entry
    amount = told.moved_cents or told.request.asked_cents or 0
    currency = told.request.fields.get("CE", "")
    return dict(
        dict(told.answer, **fields),
        CE=currency,
        amount=amount,
        authorisation=told.authorisation or NO_AUTHORISATION,
        other_till=_other_till(fields),
    )


def _other_till(fields):
    till = fields.get("CA", "")
    return f"{(int(till) + 1) % 100:02d}" if till.isdecimal() else ""


def _fill(fields, values):
    known = defaultdict(str, values)
    return [(tag, text.format_map(known)) for tag, text in fields]


# Positions 1 to 3 of CK (protocol.md 4.7): returned, for whom, as text.
RECEIPTS = {"0": ["100"], "1": ["110"], "2": ["100", "110"]}
TITLES = {"100": "TICKET CLIENT", "110": "TICKET COMMERÇANT"}


def _receipts(asked, values, card):
    """The value of ZT: one CK, AK pair per receipt that CK ("100") asks for."""
    pairs = []
    for kind in RECEIPTS.get(asked[1:2], RECEIPTS["0"]):
        pairs += [("CK", kind), ("AK", _wrap(receipt_text(kind, values, card)))]
    return encode(pairs).decode("latin-1")


def _wrap(text):
    """Base64 in lines of 76 ended by LF, and the LFs count (protocol.md 5.10)."""
    return base64.encodebytes(text.encode("latin-1")).decode("ascii")


def receipt_text(kind, values, card):
    lines = [
        "CARTE BANCAIRE",
        "CAFÉ DE LA GARE",
        time.strftime("le %d/%m/%Y à %H:%M:%S"),
        "1234567 00001",
        card,
        "N° AUTO : " + values["authorisation"],
        "MONTANT :",
        # A terminal's printer knows no other space.
        format_amount(values["amount"], values["CE"], "fr")
        .replace("\N{NO-BREAK SPACE}", " ")
        .rjust(24),
        "PAIEMENT REFUSÉ" if values["refused"] else "",
        TITLES[kind],
        "À CONSERVER",
    ]
    return "\n".join(lines) + "\n"
