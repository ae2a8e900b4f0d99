# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""An answer in pieces: when its outcome is told, and what may still change it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caisse_ap.answer import AnswerReader
from caisse_ap.request import Request

DEBIT = Request("debit", 350, "978")
HEAD = b"CZ0040300"
APPROVAL = HEAD + b"CA00201CB003350CD0010CE003978AE00210"
REFUSAL = HEAD + b"AE00201AF00206"
TAKEN = HEAD + b"AE00211"
NOISE = b"~~"


def read(*pieces, ended_by="end_of_stream"):
    """Return what is told of an answer in these pieces, and the Verdict at its end."""
    told = []
    answer = AnswerReader(DEBIT, told.append)
    for piece in pieces:
        answer.feed(piece)
    return told, answer.close(ended_by)


def reasons(*pieces, ended_by="end_of_stream"):
    """Return the reasons that are told, and the one at the end."""
    told, verdict = read(*pieces, ended_by=ended_by)
    return [one.reason for one in told], verdict.reason


@pytest.mark.parametrize(
    "pieces, told, reason",
    [
        ([APPROVAL], ["approved"], "approved"),
        ([APPROVAL[:-1], APPROVAL[-1:]], ["approved"], "approved"),
        ([TAKEN, APPROVAL], ["approved"], "approved"),
        ([APPROVAL, APPROVAL], ["approved"], "approved"),
        ([APPROVAL, b"AC00612", b"3456"], ["approved"], "approved"),
        ([APPROVAL, NOISE], ["approved"], "approved"),
        ([APPROVAL, b"AC00612"], ["approved"], "approved"),
        ([APPROVAL, HEAD], ["approved"], "approved"),
        ([APPROVAL, b"AE00201"], ["approved"], "approved"),
        ([APPROVAL, REFUSAL], ["approved"], "approved"),
        ([APPROVAL, NOISE, REFUSAL], ["approved"], "approved"),
        ([REFUSAL], ["cancelled"], "cancelled"),
        ([REFUSAL, NOISE], ["cancelled"], "cancelled"),
        ([REFUSAL, b"AE00210"], ["cancelled"], "conflicting_fields"),
        ([REFUSAL, APPROVAL], ["cancelled"], "conflicting_fields"),
        ([HEAD + b"AE00201"], [], "failed"),
        ([HEAD + b"AE00201", b"AF00204"], ["declined"], "declined"),
        ([HEAD + b"AE00201", APPROVAL], [], "conflicting_fields"),
        (
            [HEAD + b"AE00210", b"CA00201CB003350CD0010", b"CE003978"],
            ["approved"],
            "approved",
        ),
        ([HEAD + b"AE00210"], [], "echo_mismatch"),
        ([APPROVAL.replace(b"CE003978", b"CE003953")], [], "echo_mismatch"),
        ([APPROVAL + b"AE00201"], [], "conflicting_fields"),
        ([APPROVAL + NOISE], ["broken_frame"], "broken_frame"),
        ([NOISE], ["broken_frame"], "broken_frame"),
        ([NOISE, NOISE], ["broken_frame"], "broken_frame"),
        ([NOISE, APPROVAL], ["broken_frame", "approved"], "approved"),
        ([NOISE, b"\r\n" + APPROVAL], ["broken_frame", "approved"], "approved"),
        ([NOISE, b"A" + APPROVAL], ["broken_frame"], "broken_frame"),
        ([NOISE, REFUSAL], ["broken_frame"], "broken_frame"),
        ([NOISE, REFUSAL, NOISE, APPROVAL], ["broken_frame"], "broken_frame"),
        ([NOISE, NOISE, APPROVAL], ["broken_frame", "approved"], "approved"),
        ([HEAD + b"AE00201" + NOISE, APPROVAL], ["broken_frame"], "broken_frame"),
        ([HEAD + NOISE, APPROVAL], ["broken_frame", "approved"], "approved"),
        ([HEAD + NOISE] * 8 + [APPROVAL], ["broken_frame", "approved"], "approved"),
        ([HEAD + NOISE] * 9 + [APPROVAL], ["broken_frame"], "broken_frame"),
        ([], [], "end_of_stream"),
    ],
)
def test_what_is_told(pieces, told, reason):
    """The outcome is told once it is clear, and only an acceptance changes unknown."""
    assert reasons(*pieces) == (told, reason)


@pytest.mark.parametrize("ended_by", ["quiet", "timed_out", "connection_lost"])
def test_end_does_not_change_what_was_told(ended_by):
    """However the connection ends after a whole result, the result stands."""
    for rest in (b"", b"AC00612", NOISE):
        assert reasons(APPROVAL, rest, ended_by=ended_by) == (["approved"], "approved")


@pytest.mark.parametrize(
    "rest, contradiction",
    [
        (b"AE00201", "AE"),
        (b"CB003349CE003953", "CB CE"),
        (REFUSAL, "AE"),
        (APPROVAL.replace(b"CA00201", b"CA00202"), "CA"),
        (APPROVAL.replace(b"CB003", b"CB0040"), ""),
        (b"CG0011CG0012", ""),
    ],
)
def test_contradiction_after_an_approval(rest, contradiction):
    """An acceptance that was told stands; what contradicts it is named."""
    _told, verdict = read(APPROVAL, rest)
    assert (verdict.outcome, verdict.approved_cents) == ("approved", 350)
    assert verdict.contradiction == contradiction


def test_details_are_added():
    """What follows a result completes it."""
    told, verdict = read(APPROVAL, b"AC006123456CC003001")
    assert (told[0].authorisation, verdict.authorisation) == ("", "123456")
    assert (verdict.application, verdict.error) == ("001", "")


def test_detail_cut_short_is_noted():
    """A detail that is not whole leaves the result alone and is named for support."""
    _told, verdict = read(APPROVAL, b"AC00612", ended_by="timed_out")
    assert (verdict.outcome, verdict.authorisation) == ("approved", "")
    assert "within the value" in verdict.error


def test_what_was_said_after_a_broken_frame_is_kept():
    """A person who must decide sees the terminal's last clear words."""
    _told, verdict = read(NOISE, REFUSAL)
    assert (verdict.outcome, verdict.fields["AE"]) == ("unknown", "01")


@pytest.mark.parametrize(
    "pieces, may_end, is_known",
    [
        ([HEAD], False, False),
        ([HEAD + b"AE00201"], True, False),
        ([APPROVAL], True, True),
        ([APPROVAL, b"A"], False, True),
        ([APPROVAL, NOISE], True, True),
        ([NOISE], False, False),
        ([NOISE, HEAD + b"AE00201"], True, False),
    ],
)
def test_silence_may_end_it(pieces, may_end, is_known):
    """Silence ends a whole result; never a broken frame, nor the middle of a field."""
    answer = AnswerReader(DEBIT)
    for piece in pieces:
        answer.feed(piece)
    assert (answer.may_end, answer.is_known) == (may_end, is_known)


def test_broken_answer_to_an_inquiry_may_end():
    """Nobody pays while a terminal identifies itself: silence ends noise too."""
    answer = AnswerReader(Request("identification"))
    answer.feed(NOISE)
    assert answer.may_end


pieces_like = st.lists(
    st.one_of(
        st.sampled_from(
            [HEAD, APPROVAL, REFUSAL, TAKEN, b"AE00210", b"AE00201", NOISE]
        ),
        st.binary(max_size=8),
    )
)


@given(pieces_like)
def test_no_acceptance_is_lost_and_no_refusal_invented(pieces):
    """Whatever comes: what was approved stays so, and a refusal was never in doubt."""
    told, verdict = read(*pieces)
    outcomes = [one.outcome for one in told]
    assert outcomes in (
        [],
        ["approved"],
        ["refused"],
        ["unknown"],
        ["unknown", "approved"],
    )
    if "approved" in outcomes:
        assert (verdict.outcome, verdict.approved_cents) == ("approved", 350)
    if verdict.outcome == "refused":
        assert "unknown" not in outcomes
        assert not verdict.contradiction
