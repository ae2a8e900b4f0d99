# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a page shows, as plain values for JSON, in one language. Reads, never writes.

Card numbers are masked here: nothing that leaves for a page holds a full one.
"""

import time

from caisse_ap.masking import mask_card_number, mask_text
from caisse_ap.receipt import read_receipt
from caisse_ap.tables import APPLICATIONS, OPERATIONS, STATUS_DETAILS, Label

from ..explain import field_rows, read_messages
from ..money import format_amount
from ..scenarios import REPLIES, SCENARIOS
from ..serve import DECISIONS
from .cards import CARDS
from .face import at_once
from .texts import texts

# How much of the past a page gets; the ledger's totals cover all of it.
KEPT = 30
# Enough of what is no frame to recognise it.
UNREADABLE_CHARACTERS = 120
RED_KEY = ("06", "11")


def parts(face, faces, lang):
    """Return the parts of a page that shows one of several terminals."""
    said = texts(lang)
    return {
        "lang": lang,
        "texts": said,
        "terminals": [_tab(each, face) for each in faces],
        "display": display(face, lang),
        "cards": [_card(face, name, lang) for name in CARDS],
        "paper": paper(face.entry, lang),
        "orders": _orders(face.terminal),
        "scenarios": _scenarios(face, lang),
        "exchanges": exchanges(face.terminal, lang),
        "totals": _totals(face.terminal, lang),
    }


def _tab(face, shown):
    terminal = face.terminal
    return {
        "port": terminal.port,
        "name": terminal.name,
        "busy": terminal.current is not None,
        "shown": face is shown,
    }


# The terminal


def display(face, lang):
    """Return step, title, amount, text, hint and tone (ok, bad or nothing)."""
    return dict(
        {"title": "", "amount": "", "text": "", "hint": "", "tone": "", "digits": 0},
        step=face.step,
        **_DISPLAYS[face.step](face, texts(lang), lang),
    )


def _idle(_face, said, _lang):
    return {"title": said["hello"]}


def _asked(face, said, lang):
    request = face.terminal.current or face.entry.request
    return {
        "title": said.get(request.operation, ""),
        "amount": _amount(request.asked_cents, request, lang),
    }


def _present(face, said, lang):
    text = "present_cheque" if face.usable_cards == ["cheque"] else "present"
    return dict(_asked(face, said, lang), text=said[text])


def _code(face, said, lang):
    texts = {"text": said["code"], "hint": said["any_code"], "digits": face.digits}
    return dict(_asked(face, said, lang), **texts)


def _wait(face, said, lang):
    return dict(_asked(face, said, lang), text=said["wait"])


def _result(face, said, lang):
    entry = face.entry
    return {
        "title": _outcome(entry, said),
        "amount": _amount(entry.moved_cents or None, entry.request, lang),
        "text": _detail(entry, said, lang),
        "hint": _take_back(face, said),
        "tone": "ok" if entry.decision == "approved" else "bad",
    }


_DISPLAYS = {
    "idle": _idle,
    "present": _present,
    "code": _code,
    "wait": _wait,
    "result": _result,
}


def _outcome(entry, said):
    operation = entry.request.operation
    if entry.decision == "nothing":
        return said["nothing"]
    if entry.decision == "refused" and entry.answer.get("AF", "")[:2] in RED_KEY:
        return said["abandoned"]
    whole = f"{entry.decision}_{operation}"
    return said.get(whole) or said[entry.decision].format(said.get(operation, ""))


def _detail(entry, said, lang):
    """Why it was refused, or that less was paid than asked."""
    if entry.decision == "refused":
        label = STATUS_DETAILS.get(entry.answer.get("AF", "")[:2], Label("", ""))
        return getattr(label, lang)
    asked = entry.request.asked_cents
    in_part = entry.decision == "approved" and entry.moved_cents < asked
    return in_part and said["in_part"].format(_amount(asked, entry.request, lang)) or ""


def _take_back(face, said):
    held = {"insert": "remove", "slip": "remove_cheque"}
    key = face.card and held.get(CARDS[face.card].how)
    return said[key] if key else ""


def _card(face, name, lang):
    card = CARDS[name]
    return {
        "name": name,
        "label": getattr(card.label, lang),
        "how": card.how,
        "usable": name in face.usable_cards,
        "held": name == face.card,
    }


def paper(entry, lang):
    """Return the number and the text of the customer's receipt, or None."""
    if entry is None or entry.decision == "nothing":
        return None
    said, answer = texts(lang), entry.answer
    application = APPLICATIONS.get(answer.get("CC"), Label("", ""))
    rows = [
        (said["contract"], answer.get("CG")),
        (said["card_number"], mask_card_number(answer.get("AA", ""))),
        (said["authorisation"], "CC" in answer and answer.get("AC")),
    ]
    moment = time.localtime(entry.decided_at)
    lines = [
        said["shop"],
        time.strftime("%d/%m/%Y %H:%M:%S", moment),
        getattr(application, lang).upper(),
        *(f"{name} {value}" for name, value in rows if value),
        "",
        _outcome(entry, said).upper(),
        _amount(entry.moved_cents or None, entry.request, lang),
        _detail(entry, said, lang),
        "",
        said["copy"],
        said["test"],
    ]
    return {"number": entry.number, "text": _without_double_gaps(lines)}


def _without_double_gaps(lines):
    kept = [line for before, line in zip(["", *lines], lines) if line or before]
    return "\n".join(kept)


# Beside it


def _orders(terminal):
    return {
        "scenario": terminal.scenario,
        "delay": terminal.delay,
        "queue": terminal.state()["queue"],
        "playing": terminal.playing,
    }


def _scenarios(face, lang):
    waits = face.terminal.current is not None and face.step != "result"
    return [
        {
            "name": name,
            "text": getattr(scenario, lang),
            "now": waits and at_once(name),
        }
        for name, scenario in SCENARIOS.items()
    ]


def exchanges(terminal, lang):
    """Return the last requests with their answers, the newest first."""
    entries = {id(entry.request): entry for entry in terminal.ledger.entries[-KEPT:]}
    numbered = list(enumerate(terminal.requests, 1))[-KEPT:]
    return [
        _exchange(number, request, entries.get(id(request)), lang)
        for number, request in reversed(numbered)
    ]


def _exchange(number, request, entry, lang):
    operation = OPERATIONS.get(request.fields.get("CD"), Label("?", "?"))
    return dict(
        _decision(entry, lang),
        number=number,
        time=time.strftime("%H:%M:%S", time.localtime(request.arrived_at)),
        operation=getattr(operation, lang),
        asked=_amount(request.asked_cents, request, lang),
        request=_frame(request.data, lang),
        answer=_frame(entry.sent, lang) if entry else None,
    )


def _decision(entry, lang):
    if entry is None:
        return {
            "decision": "",
            "decision_text": "",
            "moved": "",
            "scenario": "",
            "text": "",
        }
    name = entry.scenario.partition(":")[0]
    scenario = SCENARIOS.get(name) or REPLIES[name]
    return {
        "decision": entry.decision,
        "decision_text": getattr(DECISIONS[entry.decision], lang),
        "moved": _amount(entry.moved_cents or None, entry.request, lang),
        "scenario": entry.scenario,
        "text": getattr(scenario, lang),
        "delivered": entry.delivered,
    }


def _frame(data, lang):
    """Return a frame field by field; what is no frame, as text."""
    messages, error = read_messages(data)
    text = mask_text(data.decode("latin-1"))[:UNREADABLE_CHARACTERS]
    return {
        "bytes": len(data),
        "messages": [field_rows(fields, lang) for fields in messages],
        "receipt": "\n\n".join(
            read_receipt(fields["ZT"]) for fields in messages if "ZT" in fields
        ),
        "error": str(error) if error and data else "",
        "unreadable": text if error and data and not messages else "",
    }


def _totals(terminal, lang):
    """Return (operation, amount) of what moved, per currency."""
    names = {"debit": "0", "credit": "1", "reversal": "2"}
    return [
        (getattr(OPERATIONS[names[name]], lang), format_amount(cents, currency, lang))
        for currency, sums in terminal.ledger.totals().items()
        for name, cents in sums.items()
        if cents
    ]


def _amount(cents, request, lang):
    if cents is None:
        return ""
    return format_amount(cents, request.fields.get("CE"), lang)
