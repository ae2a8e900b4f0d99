# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the customer and the terminal can do, as a table: name -> Scenario.

A scenario says whether money moves, what the answer holds and how it is written.
Its name may carry an argument after a colon: `partial:1900` pays 1900 cents,
`slow:3` lets the customer take three seconds.
"""

import re
from dataclasses import dataclass, replace
from typing import Callable, Optional, Tuple

from caisse_ap.tables import STATUS_DETAILS

from . import pieces
from .answers import (
    CARD,
    CHEQUE,
    ECHO,
    FULL_CARD,
    HUGE,
    IDENTIFIED,
    MASKED_CARD,
    MINIMAL,
    REFUSED,
    REPEATED,
    SILENT,
    TAKEN,
    VOUCHER,
    template,
)

APPROVED, REFUSED_BY_TERMINAL, NOTHING = "approved", "refused", "nothing"


def everything(asked_cents, _cents):
    return asked_cents


def part(asked_cents, cents):
    """Pay what is said, or 19/25 as a meal voucher of 19 EUR does for 25 EUR."""
    return max(1, min(asked_cents, cents or asked_cents * 19 // 25))


def more(asked_cents, cents):
    return asked_cents + (cents or 100)


@dataclass(frozen=True)
class Scenario:
    fr: str
    en: str
    decision: str = APPROVED
    messages: Tuple = (CARD,)  # templates; only one answer waits for a second message
    share: Callable = everything  # (asked_cents, cents) -> cents that really move
    cents: Optional[int] = None
    seconds: Optional[float] = None  # the customer's time; None: as the terminal says
    after_till: bool = False  # the customer acts only once the till has hung up
    manual: bool = False  # the customer acts only when told
    card: str = ""  # the number on a receipt that is written without being asked
    pieces: Callable = pieces.whole
    pause: float = 0.02  # seconds between two pieces
    ending: str = "close"  # close, reset, or open: the till must hang up
    argument: str = ""  # the attribute that an argument after the colon sets

    def moved_cents(self, asked_cents):
        """Return what moves (int) when this customer pays an amount."""
        approved = self.decision == APPROVED
        return self.share(asked_cents, self.cents) if approved else 0


def accept(fr, en, base=CARD, changes=(), **attributes):
    """Money moves, and the answer is `base` with the fields in `changes`."""
    messages = (template(base, **dict(changes)),)
    return Scenario(fr, en, **dict({"messages": messages}, **attributes))


def refuse(fr, en, code="04", base=REFUSED, **changes):
    """No money moves; `code` is the whole of AF."""
    messages = (template(base, AF=code, **changes),)
    return Scenario(fr, en, REFUSED_BY_TERMINAL, messages)


def lost(fr, en, **attributes):
    """Money moves, and no answer leaves: what a till must never call refused."""
    return accept(fr, en, pieces=pieces.none, **attributes)


def nothing(fr, en, **attributes):
    """Nobody decides anything, and what leaves is no answer."""
    attributes = dict({"pieces": pieces.none}, **attributes)
    return Scenario(fr, en, NOTHING, (SILENT,), **attributes)


def supplements(code, bank_response, message, check, reason):
    """AF with its four fixed-width supplements (protocol.md 4.4)."""
    return f"{code:2}{bank_response:2}{message:21}{check:2}{reason:2}"


ACCEPTED = {
    "accept": accept("Accepté, CB contact", "Accepted, CB contact"),
    "accept_contactless": accept(
        "Accepté, CB sans contact",
        "Accepted, CB contactless",
        changes={"CC": "00B", "CI": "2"},
    ),
    "accept_amex": accept(
        "Accepté, American Express",
        "Accepted, American Express",
        changes={"CC": "002", "AA": "374500#####1234", "AI": "A00000002501"},
    ),
    "accept_cheque": accept("Chèque accepté", "Cheque accepted", CHEQUE),
    "accept_conecs": accept(
        "Titre-restaurant CONECS accepté",
        "CONECS meal voucher accepted",
        VOUCHER,
        {"CC": "00E"},
    ),
    "accept_conecs_contactless": accept(
        "CONECS accepté sans contact (00E demandé, 10E répondu)",
        "CONECS accepted contactless (00E asked, 10E answered)",
        VOUCHER,
        {"CC": "10E", "CI": "2"},
    ),
    "accept_ancv": accept(
        "Chèque-Vacances Connect accepté",
        "Chèque-Vacances Connect accepted",
        VOUCHER,
        {"CC": "00V"},
    ),
    "accept_minimal": accept(
        "Accepté, réponse sans champ facultatif",
        "Accepted, answer without optional fields",
        ECHO,
    ),
    "accept_with_detail": accept(
        "Accepté, avec AF=01", "Accepted, with AF=01", changes={"AF": "01"}
    ),
    "partial": accept(
        "Paiement partiel (19/25, ou partial:centimes)",
        "Partial payment (19/25, or partial:cents)",
        share=part,
        argument="cents",
    ),
    "slow": accept(
        "Client lent : accepté après 30 s (ou slow:secondes)",
        "Slow customer: accepted after 30 s (or slow:seconds)",
        seconds=30,
        argument="seconds",
    ),
    "late_accept": accept(
        "Accepté seulement après que la caisse a raccroché",
        "Accepted only once the till has hung up",
        after_till=True,
        argument="seconds",
    ),
}

REFUSALS = {
    "refuse": refuse("Refusé", "Refused"),
    "refuse_with_bank_text": refuse(
        "Refusé, avec les compléments de la banque",
        "Refused, with the bank's supplements",
        supplements("04", "51", "PROVISION INSUFFIS.", "00", "01"),
        AC="{authorisation}",
    ),
    "refuse_without_detail": refuse("Refusé, sans AF", "Refused, without AF", ""),
    "refuse_with_receipt": replace(
        refuse("Refusé, ticket joint", "Refused, with a receipt"), card=MASKED_CARD
    ),
    "red_key": refuse(
        "Touche rouge : abandon sans montant",
        "Red key: abandoned, no amount in the answer",
        "11",
        CB="",
    ),
    "abandon_minimal": refuse(
        "Abandon, la plus petite réponse", "Abandoned, smallest answer", "06", MINIMAL
    ),
    "busy": refuse(
        "TPE occupé par une autre opération",
        "Terminal busy with another operation",
        "07",
        CB="",
    ),
}
# One scenario for each other code of AF (protocol.md 4.3).
REFUSAL_NAMES = {
    "00": "refuse_unknown",
    "01": "refuse_authorised",
    "02": "refuse_phone_call",
    "03": "refuse_forcing",
    "05": "refuse_forbidden",
    "06": "refuse_abandoned",
    "07": "refuse_not_completed",
    "08": "refuse_timed_out",
    "09": "refuse_bad_format",
    "10": "refuse_bad_selection",
    "11": "refuse_operator",
    "12": "refuse_unknown_action",
    "13": "refuse_currency",
}
REFUSALS.update(
    (name, refuse(f"Refusé : {label.fr}", f"Refused: {label.en}", code))
    for code, name in REFUSAL_NAMES.items()
    for label in [STATUS_DETAILS[code]]
)

# Accepted, and readable, however oddly it is written.
QUIRKS = {
    "left_open": accept(
        "Accepté, connexion laissée ouverte",
        "Accepted, connection left open",
        ending="open",
    ),
    "byte_by_byte": accept(
        "Accepté, octet par octet",
        "Accepted, byte by byte",
        pieces=pieces.byte_by_byte,
        pause=0.001,
    ),
    "split": accept(
        "Accepté, en trois morceaux",
        "Accepted, in three pieces",
        pieces=pieces.in_three,
    ),
    "split_boundary": accept(
        "Accepté, avec des pauses dans les champs et entre eux",
        "Accepted, with pauses inside fields and between them",
        pieces=pieces.inside_and_between_fields,
        pause=0.1,
    ),
    "padded_cb": accept(
        "Accepté, montant complété par des zéros",
        "Accepted, amount padded with zeros",
        ECHO,
        {"CB": "{amount:012d}"},
    ),
    "own_cz_cj": accept(
        "Accepté, version et IPC du TPE",
        "Accepted, the terminal's own version and IPC",
        ECHO,
        {"CZ": "0320", "CJ": "789300987456"},
    ),
    "unasked_cf": accept(
        "Accepté, CF non demandé",
        "Accepted, CF not asked for",
        ECHO,
        {"CF": "1010000000"},
    ),
    "unknown_fields": accept(
        "Accepté, champs inconnus",
        "Accepted, unknown fields",
        changes={"ID": "1234567890", "XY": "CB00210AE00201"},
    ),
    "trailing_crlf": accept(
        "Accepté, CR/LF à la fin",
        "Accepted, CR/LF at the end",
        pieces=pieces.followed_by(b"\r\n"),
    ),
    "status_first": accept(
        "Accepté, AE seul d'abord, le reste 0,8 s après",
        "Accepted, AE alone first, the rest 0.8 s later",
        template(
            CZ="{CZ}", AE="10", CA="{CA}", CB="{amount:07d}", CD="{CD}", CE="{CE}"
        ),
        {"CC": "001", "CI": "1", "AC": "{authorisation}"},
        pieces=pieces.after_two_fields,
        pause=0.8,
    ),
    "repeated_fields": accept(
        "Accepté, champs facultatifs répétés avec d'autres valeurs",
        "Accepted, optional fields again with other values",
        messages=(CARD + (("CG", "7654321"), ("CI", "2")),),
    ),
    "noise_before_accept": accept(
        "Parasites, puis accepté 0,8 s après",
        "Noise, then accepted 0.8 s later",
        pieces=pieces.preceded_by(b"\x00\xff~noise~"),
        pause=0.8,
    ),
    "ae11_then_10": accept(
        "Pris en compte (AE=11), puis accepté",
        "Taken into account (AE=11), then accepted",
        messages=(TAKEN, CARD),
        pieces=pieces.message_by_message,
        pause=0.1,
    ),
    "ae11_glued_10": accept(
        "AE=11 et AE=10 dans le même envoi",
        "AE=11 and AE=10 in one piece",
        messages=(TAKEN, CARD),
    ),
    "receipt": accept(
        "Accepté, ticket joint sans être demandé",
        "Accepted, with a receipt nobody asked for",
        card=MASKED_CARD,
    ),
    "receipt_full_pan": accept(
        "Accepté, numéro de carte entier sur le ticket",
        "Accepted, full card number on the receipt",
        card=FULL_CARD,
    ),
    "full_pan": accept(
        "Accepté, numéro de carte entier et date de fin",
        "Accepted, full card number and expiry date",
        changes={"AA": FULL_CARD, "AB": "2712"},
    ),
}

# Money moved, and the till cannot know it from what it reads.
UNREADABLE = {
    "accept_then_silence": lost(
        "Accepté, puis silence", "Accepted, then silence", ending="open"
    ),
    "close_after_accept": lost(
        "Accepté, connexion fermée sans réponse",
        "Accepted, connection closed without an answer",
    ),
    "reset_after_accept": lost(
        "Accepté, connexion coupée net (RST)",
        "Accepted, connection reset",
        ending="reset",
    ),
    "truncated_after_accept": accept(
        "Accepté, réponse coupée avant la fin",
        "Accepted, answer cut before its end",
        pieces=pieces.without_end,
    ),
    "noise_after_accept": accept(
        "Accepté, réponse suivie de parasites",
        "Accepted, answer followed by noise",
        pieces=pieces.followed_by(b"\x00\xff~noise~"),
    ),
    "wrong_amount": accept(
        "Accepté, montant zéro dans la réponse",
        "Accepted, amount zero in the answer",
        changes={"CB": "00"},
    ),
    "unreadable_amount": accept(
        "Accepté, montant illisible",
        "Accepted, unreadable amount",
        changes={"CB": "12,50"},
    ),
    "no_amount": accept(
        "Accepté, montant absent", "Accepted, amount missing", changes={"CB": ""}
    ),
    "too_much": accept(
        "Accepté pour plus que demandé (+1,00 ou too_much:centimes)",
        "Accepted for more than asked (+1.00, or too_much:cents)",
        share=more,
        argument="cents",
    ),
    "wrong_till": accept(
        "Accepté, autre numéro de caisse",
        "Accepted, another till number",
        changes={"CA": "{other_till}"},
    ),
    "wrong_currency": accept(
        "Accepté, autre devise", "Accepted, another currency", changes={"CE": "840"}
    ),
    "wrong_operation": accept(
        "Accepté, autre opération", "Accepted, another operation", changes={"CD": "7"}
    ),
    "no_status": accept("Sans AE", "Without AE", changes={"AE": ""}),
    "unknown_status": accept("AE inconnu", "Unknown AE", changes={"AE": "99"}),
    "ae11_only": accept(
        "Pris en compte (AE=11), puis plus rien",
        "Taken into account (AE=11), then nothing",
        TAKEN,
        ending="open",
    ),
    "conflicting": accept(
        "Réponse contradictoire : AE=10 et AE=01",
        "Contradictory answer: AE=10 and AE=01",
        messages=(CARD + (("AE", "01"),),),
    ),
    "noise_then_silence": accept(
        "Parasites, connexion laissée ouverte, accepté sans le dire",
        "Noise, connection left open, accepted without a word",
        pieces=pieces.replaced_by(b"\x00\xff~noise~"),
        ending="open",
    ),
    "huge": accept("Réponse trop grande", "Oversized answer", messages=(HUGE,)),
}

# No money moved, and the till cannot know that either.
LOST = {
    "silence": nothing(
        "Le client ne fait rien, aucune réponse",
        "The customer does nothing, no answer",
        after_till=True,
        ending="open",
    ),
    "close_before": nothing(
        "Connexion fermée avant toute décision",
        "Connection closed before any decision",
    ),
    "reset_before": nothing(
        "Connexion coupée net avant toute décision",
        "Connection reset before any decision",
        ending="reset",
    ),
    "garbage": nothing(
        "N'importe quoi (une page web)",
        "Garbage (a web page)",
        pieces=pieces.replaced_by(b"HTTP/1.1 400 Bad Request\r\n\r\n\x00\xff"),
    ),
    "serial": nothing(
        "Protocole série sur le port IP (ENQ, STX)",
        "Serial protocol on the IP port (ENQ, STX)",
        pieces=pieces.replaced_by(b"\x05\x02"),
    ),
}

# How the scenario is found, instead of a scenario.
CHOICES = {
    "amounts": accept(
        "Selon les centimes du montant, sinon accepté",
        "By the cents of the amount, else accepted",
    ),
    "manual": nothing(
        "Attend qu'on dise ce que fait le client",
        "Waits to be told what the customer does",
        manual=True,
        ending="open",
    ),
}

SCENARIOS = {}
for _table in (ACCEPTED, REFUSALS, QUIRKS, UNREADABLE, LOST, CHOICES):
    SCENARIOS.update(_table)

# What the terminal answers by itself, without any customer.
REPLIES = {
    "identification": Scenario(
        "Identification", "Identification", NOTHING, (IDENTIFIED,)
    ),
    "duplicate": Scenario("Duplicata", "Duplicate", NOTHING, (REPEATED,)),
    "duplicate_failed": refuse(
        "DERNIERE TRANSACTION NON ABOUTIE PAS DE DUPLICATA",
        "Last transaction failed, no duplicate",
        "07",
        CB="",
    ),
    "duplicate_impossible": refuse(
        "DUPLICATA IMPOSSIBLE", "Nothing to duplicate", "07", CB=""
    ),
    "bad_request": refuse("Demande illisible", "Unreadable request", "09", CB="{CB}"),
    "unknown_operation": refuse(
        "Opération inconnue", "Unknown operation", "12", CB="{CB}"
    ),
    "unknown_application": refuse(
        "Application absente", "Application not available", "10"
    ),
    "unknown_currency": refuse(
        "Devise non prise en charge", "Currency not supported", "13"
    ),
}

# The scenario `amounts`: the last two digits of the amount choose. The cents are ones
# that prices seldom have.
MAGIC_CENTS = {
    "01": "refuse",
    "02": "silence",
    "03": "ae11_then_10",
    "04": "refuse_with_bank_text",
    "06": "red_key",
    "07": "accept_then_silence",
    "08": "refuse_timed_out",
    "11": "partial",
    "12": "byte_by_byte",
    "13": "close_after_accept",
    "14": "truncated_after_accept",
    "16": "garbage",
    "17": "slow",
    "18": "late_accept",
    "21": "accept_contactless",
    "22": "accept_amex",
    "23": "receipt",
    "24": "accept_conecs_contactless",
    "26": "too_much",
    "27": "busy",
}

# A till that forces an application gets it, where the scenario is plain `accept`.
ACCEPT_BY_APPLICATION = {
    "00C": "accept_cheque",
    "00D": "accept_amex",
    "002": "accept_amex",
    "00B": "accept_contactless",
    "00E": "accept_conecs",
    "10E": "accept_conecs_contactless",
    "00V": "accept_ancv",
}


def find(text):
    """Return the Scenario for "name" or "name:argument".

    Raise ValueError, with a sentence for a person, when there is none.
    """
    name, colon, argument = text.partition(":")
    if name not in SCENARIOS:
        raise ValueError(f"unknown scenario {text!r}")
    scenario = SCENARIOS[name]
    return _with_argument(scenario, argument, text) if colon else scenario


def _with_argument(scenario, argument, text):
    if not scenario.argument or not re.fullmatch(r"\d{1,9}(\.\d+)?", argument):
        raise ValueError(f"scenario {text!r} takes no such argument")
    number = float(argument)
    value = int(number) if scenario.argument == "cents" else number
    return replace(scenario, **{scenario.argument: value})
