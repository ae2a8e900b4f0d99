# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Every scenario of the simulator: its bytes, its money, and what our client says."""

from typing import NamedTuple

import pytest
from raw_till import DEBIT, ask, hear, receipts, till

from caisse_ap import Request, exchange
from caisse_ap_simulator import SCENARIOS, SimulatedTerminal

ASKED = 2500
REQUEST = Request("debit", ASKED, "978")
# Shorter than a till would wait; the pauses of the scenarios fit in.
PATIENCE = {"timeout": 1.5, "quiet": 0.25}

HEAD = "CZ0040301CJ012330538600404CA00201"
SALE = HEAD + "CB00800002500CD0010CE003978"
CARD = "AA016497010######1234CF0101010000000CC003001CI0011"
CHIP = "AC006100001AI014A0000000421010CG0071234567"
DONE = SALE + "AE00210" + CARD + CHIP
NO_AMOUNT = HEAD + "CD0010CE003978AE00201"
ECHO = "CZ0040300CJ012012345678901CA00201CB0042500CD0010CE003978AE00210"
TAKEN = ECHO.replace("AE00210", "AE00211")
VOUCHER = SALE + "AE00210CC003{}CI001{}AC006100001CG0071234567"
NOTHING = ""
FULL_CARD = "4970100000021234"


def refused(code):
    return SALE + "AE00201AF002" + code


def done(old, new):
    assert old in DONE
    return DONE.replace(old, new)


class Row(NamedTuple):
    outcome: str
    reason: str
    moved_cents: int
    frame: str
    ending: str = "close"


def paid(frame, ending="close"):
    return Row("approved", "approved", ASKED, frame, ending)


def lost(reason, frame, ending="close", moved_cents=ASKED):
    return Row("unknown", reason, moved_cents, frame, ending)


def turned_down(reason, frame):
    return Row("refused", reason, 0, frame)


# scenario: outcome, reason, money moved (cents), bytes written, how the line ends.
ROWS = {
    "accept": paid(DONE),
    "accept_contactless": paid(done("CC003001CI0011", "CC00300BCI0012")),
    "accept_amex": paid(
        SALE
        + "AE00210AA015374500#####1234CF0101010000000CC003002CI0011"
        + "AC006100001AI012A00000002501CG0071234567"
    ),
    "accept_cheque": paid(SALE + "AE00210CC00300C"),
    "accept_conecs": paid(VOUCHER.format("00E", "1")),
    "accept_conecs_contactless": paid(VOUCHER.format("10E", "2")),
    "accept_ancv": paid(VOUCHER.format("00V", "1")),
    "accept_minimal": paid(ECHO),
    "accept_with_detail": paid(DONE + "AF00201"),
    "partial": Row("approved", "partially_approved", 1900, done("2500", "1900")),
    "partial:7": Row("approved", "partially_approved", 7, done("2500", "0007")),
    "slow:0.1": paid(DONE),
    "late_accept": lost("no_answer", NOTHING, "open"),
    "refuse": turned_down("declined", refused("04")),
    "refuse_with_bank_text": turned_down(
        "declined",
        SALE + "AE00201AF0290451PROVISION INSUFFIS.  0001AC006184118",
    ),
    "refuse_without_detail": turned_down("failed", SALE + "AE00201"),
    "refuse_with_receipt": turned_down("declined", refused("04") + "ZT"),
    "red_key": turned_down("cancelled", NO_AMOUNT + "AF00211"),
    "abandon_minimal": turned_down("cancelled", "CZ0040300AE00201AF00206"),
    "busy": turned_down("failed", NO_AMOUNT + "AF00207"),
    "refuse_unknown": turned_down("failed", refused("00")),
    "refuse_authorised": turned_down("failed", refused("01")),
    "refuse_phone_call": turned_down("failed", refused("02")),
    "refuse_forcing": turned_down("failed", refused("03")),
    "refuse_forbidden": turned_down("declined", refused("05")),
    "refuse_abandoned": turned_down("cancelled", refused("06")),
    "refuse_not_completed": turned_down("failed", refused("07")),
    "refuse_timed_out": turned_down("cancelled", refused("08")),
    "refuse_bad_format": turned_down("failed", refused("09")),
    "refuse_bad_selection": turned_down("failed", refused("10")),
    "refuse_operator": turned_down("cancelled", refused("11")),
    "refuse_unknown_action": turned_down("failed", refused("12")),
    "refuse_currency": turned_down("failed", refused("13")),
    "left_open": paid(DONE, "open"),
    "byte_by_byte": paid(DONE),
    "split": paid(DONE),
    "split_boundary": paid(DONE),
    "padded_cb": paid(ECHO.replace("CB0042500", "CB012000000002500")),
    "own_cz_cj": paid("CZ0040320CJ012789300987456" + ECHO[26:]),
    "unasked_cf": paid(ECHO + "CF0101010000000"),
    "unknown_fields": paid(DONE + "ID0101234567890XY014CB00210AE00201"),
    "trailing_crlf": paid(DONE + "\r\n"),
    "status_first": paid(
        "CZ0040300AE00210CA00201CB0070002500CD0010CE003978CC003001CI0011AC006100001"
    ),
    "repeated_fields": paid(DONE + "CG0077654321CI0012"),
    "noise_before_accept": paid("\x00\xff~noise~" + DONE),
    "ae11_then_10": paid(TAKEN + DONE),
    "ae11_glued_10": paid(TAKEN + DONE),
    "receipt": paid(DONE + "ZT"),
    "receipt_full_pan": paid(DONE + "ZT"),
    "full_pan": paid(done("######", "000002") + "AB0042712"),
    "accept_then_silence": lost("no_answer", NOTHING, "open"),
    "close_after_accept": lost("end_of_stream", NOTHING),
    "reset_after_accept": lost("connection_lost", NOTHING, "reset"),
    "truncated_after_accept": lost("end_of_stream", DONE[:-3]),
    "noise_after_accept": lost("broken_frame", DONE + "\x00\xff~noise~"),
    "wrong_amount": lost("amount_mismatch", done("CB00800002500", "CB00200")),
    "unreadable_amount": lost("amount_mismatch", done("CB00800002500", "CB00512,50")),
    "no_amount": lost("amount_mismatch", done("CB00800002500", "")),
    "too_much": lost("amount_mismatch", done("2500", "2600"), moved_cents=2600),
    "too_much:1": lost("amount_mismatch", done("2500", "2501"), moved_cents=2501),
    "wrong_till": lost("echo_mismatch", done("CA00201", "CA00202")),
    "wrong_currency": lost("echo_mismatch", done("CE003978", "CE003840")),
    "wrong_operation": lost("echo_mismatch", done("CD0010", "CD0017")),
    "no_status": lost("status_missing", done("AE00210", "")),
    "unknown_status": lost("status_unknown", done("AE00210", "AE00299")),
    "ae11_only": lost("only_taken_into_account", TAKEN, "open"),
    "conflicting": lost("conflicting_fields", DONE + "AE00201"),
    "noise_then_silence": lost("broken_frame", "\x00\xff~noise~", "open"),
    "huge": lost("broken_frame", DONE + "YA999"),
    "silence": lost("no_answer", NOTHING, "open", moved_cents=0),
    "close_before": lost("end_of_stream", NOTHING, moved_cents=0),
    "reset_before": lost("connection_lost", NOTHING, "reset", moved_cents=0),
    "garbage": lost(
        "broken_frame",
        "HTTP/1.1 400 Bad Request\r\n\r\n\x00\xff",
        moved_cents=0,
    ),
    "serial": lost("serial_protocol", "\x05\x02", moved_cents=0),
    "amounts": paid(DONE),
}
# Written on purpose beyond what a literal can hold, or with the time of day in it.
LONGER = ("huge", "receipt", "receipt_full_pan", "refuse_with_receipt")

every_scenario = pytest.mark.parametrize("scenario", ROWS)


def test_table_is_complete():
    """No scenario escapes the tests below, `manual` aside: it waits for a hand."""
    tested = {scenario.partition(":")[0] for scenario in ROWS}
    assert tested == set(SCENARIOS) - {"manual"}


@every_scenario
def test_money_and_outcome_agree(scenario):
    """Approved means exactly that money moved; refused or not sent means none did."""
    row = ROWS[scenario]
    with SimulatedTerminal(scenario) as terminal:
        verdict = exchange(REQUEST, terminal.host, terminal.port, **PATIENCE)
        terminal.wait_for(1)
    moved = terminal.ledger.last.moved_cents
    assert (verdict.outcome, verdict.reason) == (row.outcome, row.reason)
    assert moved == row.moved_cents
    if verdict.outcome == "approved":
        assert verdict.approved_cents == moved
    if verdict.outcome in ("refused", "not_sent"):
        assert moved == 0


@every_scenario
def test_bytes_on_the_wire(scenario):
    """A bare socket reads what the table says, and the line ends as it says."""
    row = ROWS[scenario]
    patience = 0.15 if row.ending == "open" else 5
    with SimulatedTerminal(scenario) as terminal, till(terminal, DEBIT) as line:
        data, ending = hear(line, patience)
    text = data.decode("latin-1")
    assert ending == row.ending
    assert text[: len(row.frame)] == row.frame
    assert (text == row.frame) != (scenario in LONGER)


@pytest.mark.parametrize("operation", ["credit", "reversal"])
def test_other_payments_are_judged_alike(operation):
    """A credit or a reversal comes back with its own operation and its amount."""
    request = Request(operation, ASKED, "978")
    with SimulatedTerminal() as terminal:
        verdict = exchange(request, terminal.host, terminal.port)
    assert (verdict.outcome, verdict.approved_cents) == ("approved", ASKED)
    assert terminal.ledger.totals()["978"][operation] == ASKED


def test_nothing_moves_when_no_terminal_listens():
    """A terminal that is off refuses the connection: not sent, nothing recorded."""
    with SimulatedTerminal() as terminal:
        pass
    verdict = exchange(REQUEST, terminal.host, terminal.port)
    assert verdict.outcome == "not_sent"
    assert not terminal.requests


@pytest.mark.parametrize("scenario", ["full_pan", "receipt_full_pan"])
def test_full_card_number_stops_at_the_client(scenario):
    """The terminal tells a full card number, and no part of the verdict holds it."""
    with SimulatedTerminal(scenario) as terminal:
        verdict = exchange(REQUEST, terminal.host, terminal.port)
        answer = ask(terminal, DEBIT)
    assert FULL_CARD in answer + "".join(receipts(answer))
    assert verdict.outcome == "approved"
    assert FULL_CARD not in repr(verdict)


def test_receipt_as_terminals_send_it():
    """A receipt is Latin-1 in base64 lines, and its card number is masked in part."""
    with SimulatedTerminal("receipt") as terminal:
        answer = ask(terminal, DEBIT)
    [text] = receipts(answer)
    assert "CAFÉ DE LA GARE" in text
    assert "497010######1234" in text
    assert "25,00 EUR" in text
    assert "\n" in answer


def test_huge_answer_is_beyond_the_limit():
    """The oversized answer is made of correct fields only: size is its one fault."""
    with SimulatedTerminal("huge") as terminal:
        text = ask(terminal, DEBIT)
    assert len(text) > 65536
    assert text.count("999....") == len(text[len(DONE) :]) // 1004


@pytest.mark.parametrize(
    "name", ["nonsense", "accept:1", "partial:x", "slow:-1", "slow:nan", "partial:", ""]
)
def test_unknown_scenario(name):
    """A name or an argument that makes no sense is refused at once."""
    with pytest.raises(ValueError, match="scenario"):
        SimulatedTerminal(name)
