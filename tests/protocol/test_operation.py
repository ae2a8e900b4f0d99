# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Requests that may be sent, and what is concluded from every kind of answer."""

import dataclasses
import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caisse_ap.frame import FrameError, FrameReader, Message, decode
from caisse_ap.operation import LARGEST_STORED, Verdict, has_result, judge
from caisse_ap.request import Request, RequestError

VECTORS = {
    vector["name"]: vector
    for vector in json.loads(
        Path(__file__).with_name("vectors.json").read_text("utf-8")
    )
}

DEBIT = Request("debit", 350, "978")
DONE = {"CZ": "0301", "CA": "01", "CB": "350", "CD": "0", "CE": "978", "AE": "10"}
NOT_DONE = {"CZ": "0300", "AE": "01"}
TAKEN = {"CZ": "0300", "AE": "11"}


def answer(**changes):
    """Return a complete approval with these fields changed; None leaves one out."""
    fields = dict(DONE, **changes)
    return {tag: text for tag, text in fields.items() if text is not None}


def judge_bytes(data, request=DEBIT, ended_by="end_of_stream"):
    """Judge bytes as the client does after the last of them."""
    reader = FrameReader()
    try:
        reader.feed(data)
        reader.close()
    except FrameError as error:
        return judge(request, reader.messages, error, ended_by)
    return judge(request, reader.messages, None, ended_by)


# Requests


@pytest.mark.parametrize(
    "name, request_, cj",
    [
        ("req_debit_oca_order", DEBIT, "012345678901"),
        ("req_credit", Request("credit", 1000, "978"), "012345678901"),
        ("req_cancellation_reversal", Request("reversal", 350, "978"), "012345678901"),
        ("req_xpf_no_decimals", Request("debit", 1000, "953"), "012345678901"),
        ("req_ancv", Request("debit", 2500, "978", application="00V"), "012345678901"),
        ("req_conecs_contact", Request("debit", 1900, "978", application="00E"), ""),
        ("req_identification", Request("identification"), "012345678901"),
        ("req_duplicata", Request("duplicate", receipt=True), "323540032810"),
        (
            "req_cheque",
            Request("debit", 2500, "978", application="00C"),
            "345351663588",
        ),
    ],
)
def test_request_as_in_the_manual(name, request_, cj):
    """A request has the fields of its vector; its IPC is a setting."""
    request_ = dataclasses.replace(request_, ipc=cj or request_.ipc)
    assert decode(request_.encode()) == [VECTORS[name]["fields"]]


def test_request_is_one_known_frame():
    """The smallest debit is, byte for byte, the one known to work on Ingenico."""
    frame = "CZ0040300CJ012012345678901CA00201CE003978CD0010CB003350"
    assert DEBIT.encode() == frame.encode()


def test_request_with_everything():
    """The optional fields come last, and a receipt asks for version 0320."""
    request = Request(
        "debit", 5, "978", till="07", application="00C", ipc="1" * 12, receipt=True
    )
    assert request.fields() == [
        ("CZ", "0320"),
        ("CJ", "111111111111"),
        ("CA", "07"),
        ("CE", "978"),
        ("CD", "0"),
        ("CB", "05"),
        ("CC", "00C"),
        ("CK", "100"),
    ]


def test_receipt_never_lowers_the_version():
    """A terminal set to a later version is asked in that version."""
    fields = dict(Request("debit", 5, "978", version="0330", receipt=True).fields())
    assert fields["CZ"] == "0330"


@pytest.mark.parametrize(
    "amount_cents, text",
    [(1, "01"), (9, "09"), (10, "10"), (350, "350"), (999999999999, "9" * 12)],
)
def test_amount_has_two_to_twelve_digits(amount_cents, text):
    """An amount is padded to two digits and no further."""
    assert ("CB", text) in Request("debit", amount_cents, "978").fields()


@pytest.mark.parametrize(
    "changes, code",
    [
        ({"amount_cents": 0}, "amount_zero"),
        ({"amount_cents": -1}, "amount_negative"),
        ({"amount_cents": 10**12}, "amount_too_large"),
        ({"amount_cents": True}, "amount_type"),
        ({"amount_cents": 3.5}, "amount_type"),
        ({"amount_cents": 350.0}, "amount_type"),
        ({"amount_cents": "350"}, "amount_type"),
        ({"amount_cents": None}, "amount_type"),
        ({"currency": None}, "currency_unknown"),
        ({"currency": 978}, "currency_unknown"),
        ({"currency": "EUR"}, "currency_unknown"),
        ({"currency": "97"}, "currency_unknown"),
        ({"currency": "9780"}, "currency_unknown"),
        ({"currency": "978\n"}, "currency_unknown"),
        ({"currency": "000"}, "currency_unknown"),
        ({"currency": "\u0669\u0667\u0668"}, "currency_unknown"),
        ({"till": "1"}, "till_invalid"),
        ({"till": 1}, "till_invalid"),
        ({"till": None}, "till_invalid"),
        ({"application": ""}, "application_invalid"),
        ({"application": "00c"}, "application_invalid"),
        ({"version": "0400"}, "version_invalid"),
        ({"ipc": "123"}, "ipc_invalid"),
        ({"operation": "0"}, "operation_invalid"),
        ({"operation": None}, "operation_invalid"),
    ],
)
def test_request_refused_before_it_is_sent(changes, code):
    """What makes no sense is refused by name, in words, while nothing can happen."""
    arguments = dict(operation="debit", amount_cents=350, currency="978")
    with pytest.raises(RequestError) as caught:
        Request(**dict(arguments, **changes))
    assert caught.value.code == code
    assert str(caught.value).startswith("the ")


def test_request_without_amount():
    """Only payments need an amount; one that is given must be right all the same."""
    assert "CB" not in dict(Request("duplicate").fields())
    assert ("CB", "350") in Request("duplicate", 350, "978").fields()
    with pytest.raises(RequestError):
        Request("duplicate", 0, "978")
    with pytest.raises(RequestError):
        Request("duplicate", 350, "EUR")


def test_request_cannot_change():
    """A checked request stays as it was checked."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        DEBIT.amount_cents = 1


# The table of protocol.md section 7


@pytest.mark.parametrize(
    "messages, outcome, reason",
    [
        ([answer()], "approved", "approved"),
        ([answer(CB="00000350")], "approved", "approved"),
        ([answer(CA="1")], "approved", "approved"),
        ([answer(AF="01")], "approved", "approved"),
        ([answer(CZ="0320", CJ="330538600404")], "approved", "approved"),
        ([answer(CC="10E", CF="1010000000")], "approved", "approved"),
        ([answer(CB="349")], "approved", "partially_approved"),
        ([answer(CB="01")], "approved", "partially_approved"),
        ([TAKEN, answer()], "approved", "approved"),
        ([answer(), TAKEN], "approved", "approved"),
        ([answer(), answer(AC="123456")], "approved", "approved"),
        ([answer(), answer(CB="0350")], "approved", "approved"),
        ([dict(NOT_DONE, AF="06")], "refused", "cancelled"),
        ([dict(NOT_DONE, AF="08")], "refused", "cancelled"),
        ([dict(NOT_DONE, AF="11")], "refused", "cancelled"),
        ([dict(NOT_DONE, AF="04")], "refused", "declined"),
        ([dict(NOT_DONE, AF="05")], "refused", "declined"),
        ([dict(NOT_DONE, AF="04148HOLDER INVALID")], "refused", "declined"),
        ([NOT_DONE], "refused", "failed"),
        ([dict(NOT_DONE, AF="07")], "refused", "failed"),
        ([dict(NOT_DONE, AF="99")], "refused", "failed"),
        ([answer(AE="01", AF="04", AC="184118")], "refused", "declined"),
        ([answer(AE="01", CE="953")], "refused", "failed"),
        ([TAKEN, NOT_DONE], "refused", "failed"),
        ([], "unknown", "end_of_stream"),
        ([TAKEN], "unknown", "only_taken_into_account"),
        ([TAKEN, TAKEN], "unknown", "only_taken_into_account"),
        ([answer(AE=None)], "unknown", "status_missing"),
        ([answer(), {"CZ": "0300"}], "unknown", "status_missing"),
        ([answer(AE="00")], "unknown", "status_unknown"),
        ([answer(AE="1")], "unknown", "status_unknown"),
        ([answer(AE="010")], "unknown", "status_unknown"),
        ([answer(CA="02")], "unknown", "echo_mismatch"),
        ([answer(CA=None)], "unknown", "echo_mismatch"),
        ([answer(CA="x")], "unknown", "echo_mismatch"),
        ([answer(CD="1")], "unknown", "echo_mismatch"),
        ([answer(CD=None)], "unknown", "echo_mismatch"),
        ([answer(CE="953")], "unknown", "echo_mismatch"),
        ([answer(CE="0978")], "unknown", "echo_mismatch"),
        ([answer(CE=None)], "unknown", "echo_mismatch"),
        ([answer(CB="351")], "unknown", "amount_mismatch"),
        ([answer(CB="9" * 999)], "unknown", "amount_mismatch"),
        ([answer(CB="00")], "unknown", "amount_mismatch"),
        ([answer(CB=None)], "unknown", "amount_mismatch"),
        ([answer(CB="3.5")], "unknown", "amount_mismatch"),
        ([answer(CB="-35")], "unknown", "amount_mismatch"),
        ([answer(CB=" 350")], "unknown", "amount_mismatch"),
        ([answer(CB="3_5")], "unknown", "amount_mismatch"),
        ([answer(CB="35\xb2")], "unknown", "amount_mismatch"),
        ([answer(), NOT_DONE], "unknown", "conflicting_fields"),
        ([NOT_DONE, answer()], "unknown", "conflicting_fields"),
        ([answer(), answer(CB="349")], "unknown", "conflicting_fields"),
        ([answer(CD="1"), answer()], "unknown", "conflicting_fields"),
        ([answer(CE="953"), answer()], "unknown", "conflicting_fields"),
        ([answer(AE="77"), answer()], "unknown", "conflicting_fields"),
        ([answer(CA="02"), answer()], "unknown", "conflicting_fields"),
        ([answer(CG="1"), answer(CG="2", CI="1")], "approved", "approved"),
    ],
)
def test_answer_to_a_debit(messages, outcome, reason):
    """Each row of the recommended reading gives its outcome and its reason."""
    verdict = judge(DEBIT, messages)
    assert (verdict.outcome, verdict.reason) == (outcome, reason)
    assert bool(verdict.error) == (outcome == "unknown")
    assert (verdict.approved_cents is not None) == (outcome == "approved")


@pytest.mark.parametrize(
    "code, ended_by, reason",
    [
        ("empty", "timed_out", "no_answer"),
        ("empty", "end_of_stream", "end_of_stream"),
        ("empty", "connection_lost", "connection_lost"),
        ("truncated_header", "timed_out", "timed_out"),
        ("truncated_value", "timed_out", "timed_out"),
        ("truncated_value", "end_of_stream", "end_of_stream"),
        ("truncated_value", "connection_lost", "connection_lost"),
        ("bad_tag", "end_of_stream", "broken_frame"),
        ("bad_length", "broken_frame", "broken_frame"),
        ("zero_length", "timed_out", "broken_frame"),
        ("too_large", "broken_frame", "broken_frame"),
        ("cz_not_first", "broken_frame", "broken_frame"),
        ("serial_framing", "broken_frame", "serial_protocol"),
    ],
)
@pytest.mark.parametrize("messages", [[], [answer()], [NOT_DONE]])
def test_unreadable_answer(code, ended_by, reason, messages):
    """Whatever was read before, an answer that is not whole decides nothing."""
    verdict = judge(DEBIT, messages, FrameError(code), ended_by)
    assert (verdict.outcome, verdict.reason) == ("unknown", reason)
    assert verdict.approved_cents is None
    assert str(FrameError(code)) in verdict.error


@pytest.mark.parametrize("ended_by", ["quiet", "timed_out", "connection_lost"])
def test_whole_answer_counts_however_it_ended(ended_by):
    """A whole answer is one, even when the connection broke after it."""
    assert judge(DEBIT, [answer()], None, ended_by).outcome == "approved"
    assert judge(DEBIT, [NOT_DONE], None, ended_by).outcome == "refused"


@pytest.mark.parametrize("operation, code", [("credit", "1"), ("reversal", "2")])
def test_answer_to_money_going_back(operation, code):
    """A credit or a reversal is judged as a debit is, with its own action."""
    request = Request(operation, 350, "978")
    assert judge(request, [answer(CD=code)]).approved_cents == 350
    assert judge(request, [answer()]).reason == "echo_mismatch"
    assert judge(request, [answer(CD=code, CB="351")]).reason == "amount_mismatch"


def test_answer_to_an_identification():
    """A terminal that identifies itself sends no amount and no currency."""
    request = Request("identification")
    frame = VECTORS["ans_identification_ingenico"]["frame"].encode()
    verdict = judge_bytes(frame, request)
    assert (verdict.outcome, verdict.approved_cents) == ("approved", None)
    assert judge(request, [answer(CD="I", CB="00")]).approved_cents is None
    assert judge(request, [answer(CD="I", CB="00")]).outcome == "approved"
    assert judge(request, [answer()]).reason == "echo_mismatch"
    assert judge(request, [NOT_DONE]).outcome == "refused"


@pytest.mark.parametrize(
    "changes, outcome, cents",
    [
        ({}, "approved", 350),
        ({"CD": "3", "CA": "02", "CE": "953", "CB": "99999"}, "approved", 99999),
        ({"CB": None, "CE": None}, "approved", None),
        ({"CB": "00"}, "unknown", None),
        ({"CB": "abc"}, "unknown", None),
        ({"CB": str(LARGEST_STORED)}, "approved", LARGEST_STORED),
        ({"CB": str(LARGEST_STORED + 1)}, "unknown", None),
        ({"CB": "999999999999"}, "unknown", None),
        ({"AE": "01"}, "refused", None),
    ],
)
def test_answer_to_a_duplicate(changes, outcome, cents):
    """A duplicate tells of the last transaction, whichever till made it."""
    verdict = judge(Request("duplicate"), [answer(**changes)])
    assert (verdict.outcome, verdict.approved_cents) == (outcome, cents)


@pytest.mark.parametrize(
    "name, outcome, reason",
    [
        ("ans_debit_accepted_contact_zero_padded", "approved", "approved"),
        ("ans_red_button_no_cb", "refused", "cancelled"),
        ("ans_abandon_minimal", "refused", "cancelled"),
        ("ans_refused_minimal", "refused", "declined"),
        ("ans_input_timeout", "refused", "cancelled"),
        ("ans_bad_format_hipay", "refused", "failed"),
        ("ans_currency_not_supported", "refused", "failed"),
        ("ans_cheque_failed", "refused", "declined"),
        ("ans_intermediate_ae11", "unknown", "only_taken_into_account"),
        ("ans_trap_ae002_inside_value", "refused", "declined"),
        ("ans_trailing_crlf_is_ignored", "approved", "approved"),
        ("ans_cheque_accepted", "unknown", "amount_mismatch"),
        ("err_duplicate_conflicting_ae", "unknown", "conflicting_fields"),
        ("err_serial_framing_over_ip", "unknown", "serial_protocol"),
        ("err_hipay_cf_as_printed", "unknown", "broken_frame"),
        ("err_truncated_in_length", "unknown", "end_of_stream"),
        ("err_empty", "unknown", "end_of_stream"),
    ],
)
def test_vector_is_judged(name, outcome, reason):
    """The answers of the manual, held against a debit of 3.50."""
    verdict = judge_bytes(VECTORS[name]["frame"].encode("latin-1"))
    assert (verdict.outcome, verdict.reason) == (outcome, reason)


def test_partial_approval():
    """A terminal may take less than it was asked for (meal vouchers do)."""
    vector = VECTORS["ans_partial_approval"]
    asked = int(vector["asked_cb"])
    verdict = judge_bytes(
        vector["frame"].encode(), Request("debit", asked, "978", application="00E")
    )
    assert (verdict.reason, verdict.approved_cents) == ("partially_approved", 1900)


def test_last_message_decides():
    """AE=11 and then AE=10 in one read is an approval."""
    vector = VECTORS["ans_ae11_then_ae10_in_one_read"]
    verdict = judge_bytes(vector["frame"].encode(), Request("debit", 1003, "978"))
    assert (verdict.outcome, verdict.fields["AE"]) == ("approved", "10")


@pytest.mark.parametrize(
    "messages, expected",
    [
        ([], False),
        ([{"CZ": "0300"}], False),
        ([TAKEN], False),
        ([TAKEN, {"CZ": "0300"}], False),
        ([answer(), {"CZ": "0300"}], False),
        ([NOT_DONE], True),
        ([TAKEN, answer()], True),
        ([answer(), TAKEN], True),
        ([answer(AE="77")], False),
        ([answer(CA=None)], False),
        ([answer(CD=None)], False),
        ([answer(CE=None)], False),
        ([answer(CB=None)], False),
        ([answer(CE="953", CB="00")], True),
    ],
)
def test_an_answer_may_end_here(messages, expected):
    """Silence ends an answer only when its last message has a whole result."""
    assert has_result(DEBIT, messages) is expected


@pytest.mark.parametrize(
    "operation, whole, missing",
    [("identification", {"CD": "I"}, {}), ("duplicate", {"CB": "350"}, {"CD": "3"})],
)
def test_other_operations_end_with_less(operation, whole, missing):
    """A terminal that identifies itself or repeats says less than a payment does."""
    request = Request(operation)
    assert has_result(request, [dict(whole, AE="10")])
    assert not has_result(request, [dict(missing, AE="10")])
    assert has_result(request, [NOT_DONE])


def repeated(tag, text):
    """Return an approval that names a tag once more."""
    message = Message(answer(CG="1234567", CI="1"))
    message.store(tag, text)
    return message


@pytest.mark.parametrize(
    "tag, text",
    [("AE", "01"), ("CA", "02"), ("CB", "349"), ("CD", "1"), ("CE", "953")],
)
def test_field_that_decides_contradicts_itself(tag, text):
    """Two values of a field that decides: nobody can tell which one is true."""
    verdict = judge(DEBIT, [repeated(tag, text)])
    assert (verdict.reason, verdict.contradiction) == ("conflicting_fields", tag)


@pytest.mark.parametrize(
    "tag, text",
    [("CG", "7654321"), ("CI", "2"), ("CJ", "1" * 12), ("CB", "0350"), ("CA", "1")],
)
def test_other_field_that_comes_twice(tag, text):
    """What does not decide may come twice, and its first value stays."""
    verdict = judge(DEBIT, [repeated(tag, text)])
    assert (verdict.outcome, verdict.contradiction) == ("approved", "")
    assert (verdict.contract, verdict.reading_mode) == ("1234567", "1")


# Properties

tags = st.sampled_from(["CA", "CB", "CD", "CE", "AE", "AF", "CZ", "CC", "ZT", "AA"])
texts = st.one_of(
    st.sampled_from(["01", "1", "350", "0350", "351", "0", "978", "10", "11", "I"]),
    st.text(st.characters(max_codepoint=255), min_size=1, max_size=12),
)
messages_like = st.lists(st.dictionaries(tags, texts), max_size=3)
near_approvals = st.lists(
    st.dictionaries(tags, texts, max_size=2).map(lambda changes: answer(**changes)),
    min_size=1,
    max_size=3,
)


def is_true_approval(fields):
    """Say again, without the code under test, what an approval of DEBIT must hold."""
    return (
        fields["AE"] == "10"
        and int(fields["CA"]) == 1
        and fields["CD"] == "0"
        and fields["CE"] == "978"
        and 0 < int(fields["CB"]) <= 350
    )


@given(st.one_of(messages_like, near_approvals))
def test_nothing_but_an_approval_is_approved(messages):
    """Whatever the messages, approved means status, echoes and amount are right."""
    verdict = judge(DEBIT, messages)
    if verdict.outcome == "approved":
        assert is_true_approval(verdict.fields)
        assert verdict.approved_cents == int(verdict.fields["CB"])
    assert (verdict.outcome == "approved") == (verdict.approved_cents is not None)


@given(st.binary(), st.sampled_from(["end_of_stream", "quiet", "timed_out"]))
def test_no_bytes_are_approved_by_chance(data, ended_by):
    """Bytes without AE00210 in them are never approved, and never raise."""
    verdict = judge_bytes(data, ended_by=ended_by)
    assert verdict.outcome in ("refused", "unknown") or b"AE00210" in data


@given(st.data())
def test_damaged_approval(data):
    """One byte changed in an approval never approves another amount than it names."""
    frame = bytearray(b"CZ0040300CA00201CB003350CD0010CE003978AE00210")
    place = data.draw(st.integers(0, len(frame) - 1))
    frame[place] = data.draw(st.integers(0, 255))
    verdict = judge_bytes(bytes(frame))
    if verdict.outcome == "approved":
        assert is_true_approval(decode(bytes(frame))[-1])


def test_every_cut_of_an_approval():
    """An approval cut anywhere before its last byte is never approved."""
    frame = b"CZ0040300CA00201CB003350CD0010CE003978AE00210"
    outcomes = {judge_bytes(frame[:size]).outcome for size in range(len(frame))}
    assert outcomes == {"unknown"}
    assert judge_bytes(frame).outcome == "approved"


def test_order_of_the_fields_is_free():
    """CZ is first; the order of the rest says nothing."""
    rest = [(tag, text) for tag, text in DONE.items() if tag != "CZ"]
    for order in itertools.permutations(rest):
        messages = [dict([("CZ", "0300"), *order])]
        assert judge(DEBIT, messages).outcome == "approved"


# What a verdict carries


def test_details_of_an_approval():
    """The verdict names what a line and a receipt need."""
    frame = VECTORS["ans_debit_accepted_contact_zero_padded"]["frame"].encode()
    verdict = judge_bytes(frame)
    assert verdict.approved_cents == 350
    assert verdict.application == "001"
    assert verdict.reading_mode == "1"
    assert verdict.authorisation == "123456"
    assert verdict.contract == "1234567"
    assert verdict.card_number == "497010######1234"
    assert verdict.error == ""


def test_supplements_of_the_status():
    """AF carries the bank's own words after its two characters (protocol.md 4.4)."""
    vector = VECTORS["ans_refused_af_with_supplements"]
    verdict = judge_bytes(vector["frame"].encode())
    assert verdict.detail_code == vector["af"]["code"]
    assert verdict.bank_message == vector["af"]["message44"]


def test_message_has_its_place_among_the_supplements():
    """What stands before and after it is not read."""
    complement = "0414" + "CALL THE BANK".ljust(21) + "A1" + "B2" + "future"
    verdict = judge(DEBIT, [dict(NOT_DONE, AF=complement)])
    assert verdict.detail_code == "04"
    assert verdict.bank_message == "CALL THE BANK"


def test_not_sent_needs_no_answer():
    """A verdict on a request that never left has only its reason."""
    verdict = Verdict("not_sent", "no_route", error="no route to host")
    assert (verdict.fields, verdict.receipt, verdict.approved_cents) == ({}, "", None)


def test_fields_are_those_of_the_deciding_message():
    """What is stored is the message that decided, not the AE=11 around it."""
    verdict = judge(DEBIT, [answer(AC="123456"), TAKEN])
    assert verdict.fields == answer(AC="123456")
    assert judge(DEBIT, [TAKEN]).fields == TAKEN
