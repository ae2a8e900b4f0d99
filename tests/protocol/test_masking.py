# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""No card number gets out; what is none stays readable. And the text of receipts."""

import base64
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caisse_ap.frame import FrameError, encode
from caisse_ap.masking import mask_card_number, mask_text
from caisse_ap.operation import Request, judge
from caisse_ap.receipt import read_receipt

VECTORS = {
    vector["name"]: vector
    for vector in json.loads(
        Path(__file__).with_name("vectors.json").read_text("utf-8")
    )
}

DEBIT = Request("debit", 350, "978")
DONE = {"CZ": "0301", "CA": "01", "CB": "350", "CD": "0", "CE": "978", "AE": "10"}
PLAIN, PAGE = "100", "101"


def container(*receipts):
    """Return a ZT value with a receipt for each (CK, text)."""
    pairs = []
    for kind, text in receipts:
        packed = base64.b64encode(text.encode("latin-1")).decode()
        pairs += [("CK", kind), ("AK", packed)]
    return encode(pairs).decode("latin-1")


@pytest.mark.parametrize(
    "text, masked",
    [
        ("497010######1234", "497010######1234"),
        ("***********0674", "***********0674"),
        ("XXXXXXXXXXXX2897", "XXXXXXXXXXXX2897"),
        ("4970101234561234", "497010######1234"),
        ("49701012####1234", "497010######1234"),
        ("4970 1012 3456 1234", "4970 10## #### 1234"),
        ("371449635398431", "371449#####8431"),
        ("6759649826438453123", "675964#########3123"),
        ("TOKEN-8F3A77C1D2E4", "TOKEN-8#######D2E4"),
        ("497010123412", "########3412"),
        ("12345", "#2345"),
        ("1234", "1234"),
        ("  4970101234561234 ", "497010######1234"),
        ("4970\x001012\x0034561234", "497010######1234"),
        ("", ""),
    ],
)
def test_card_number(text, masked):
    """At most the first six and the last four characters stay (AA)."""
    assert mask_card_number(text) == masked


@pytest.mark.parametrize(
    "text, masked",
    [
        ("CARTE 4970101234561234", "CARTE 497010######1234"),
        ("4970 1012 3456 1234", "4970 10## #### 1234"),
        ("4970-1012-3456-1234", "4970-10##-####-1234"),
        ("4970.1012.3456.1234", "4970.10##.####.1234"),
        ("4970  1012  3456  1234", "4970  10##  ####  1234"),
        ("4970\xa01012\xa03456\xa01234", "4970\xa010##\xa0####\xa01234"),
        ("4970 - 1012 - 3456 - 1234", "4970 - 10## - #### - 1234"),
        ("3714 496353 98431", "3714 49#### #8431"),
        ("6759 6498 2643 8453 123", "6759 64## #### ###3 123"),
        ("4970101234##1234", "497010######1234"),
        ("4970 1012 **** 1234", "4970 10## **** 1234"),
        ("PAN:4970101234561234.", "PAN:497010######1234."),
        ("n\xb04970101234561234\nFIN", "n\xb0497010######1234\nFIN"),
        ("497010123412", "########3412"),
        ("4970\x0710123456\x001234", "497010######1234"),
    ],
)
def test_card_number_in_text(text, masked):
    """A card number in a receipt is masked however it is printed."""
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "MONTANT : 123,45 EUR",
        "MONTANT 1234567.89 EUR",
        "1 234 567,89",
        "***** 1234.56 *****",
        "Le 19/12/2022 a 13:57:22",
        "19.12.2022 13.57.22",
        "2023-05-04 12:48:30",
        "2023-05-04-010",
        "TEL 01 23 45 67 89",
        "TEL 0123456789",
        "NUM AUTO : 184117",
        "005 001 000010 C @",
        "655 002 000006  01  C",
        "1234567 0042",
        "1234567 12345",
        "CARTE ############6368",
        "CARTE 497010######1234",
        "4970 10## #### 1234",
        "A0000000041010",
        "D6C691E12B70AC40",
        "**** 1234567 ****",
        "------------------------",
        "",
    ],
)
def test_other_numbers_stay(text):
    """Amounts, dates, telephones and short numbers are no card numbers."""
    assert mask_text(text) == text


@given(st.integers(1, 99999999), st.sampled_from([".", ","]), st.booleans())
def test_amounts_stay(amount_cents, point, stars):
    """No amount up to 999,999.99 is taken for a card number."""
    text = f"{amount_cents // 100}{point}{amount_cents % 100:02}"
    line = f"**** {text} ****" if stars else f"MONTANT : {text} EUR"
    assert mask_text(line) == line


@given(st.datetimes())
def test_dates_stay(moment):
    """No usual way to print a date and a time is taken for a card number."""
    for pattern in ("%d/%m/%Y %H:%M:%S", "%d.%m.%Y %H.%M.%S", "%d-%m-%Y %H:%M"):
        text = moment.strftime(pattern)
        assert mask_text(text) == text


card_numbers = st.text("0123456789", min_size=16, max_size=16)
separators = st.sampled_from(["", " ", "-", ".", "  ", " - ", "\xa0"])


def digits_show(number, verdict):
    """True when the whole number can be read in what a verdict prints."""
    texts = (repr(verdict), str(verdict), json.dumps(verdict.fields), verdict.receipt)
    return any(number in re.sub(r"\\xa0|[\s.-]", "", text) for text in texts)


@given(
    card_numbers,
    separators,
    st.sampled_from(["AA", "AF", "CF", "ZZ", "AC", "CG", "AI", "CC", "CJ", "CB", "AE"]),
)
def test_no_field_shows_a_card_number(number, separator, tag):
    """A card number in any field is in no text of the verdict."""
    text = separator.join(number[i : i + 4] for i in range(0, 16, 4))
    assert not digits_show(number, judge(DEBIT, [dict(DONE, **{tag: text})]))


@given(card_numbers, separators, st.sampled_from([PLAIN, PAGE]))
def test_no_receipt_shows_a_card_number(number, separator, kind):
    """A card number in a receipt is in no text of the verdict."""
    text = separator.join(number[i : i + 4] for i in range(0, 16, 4))
    zt = container((kind, f"CARTE <b>{text}</b>\nMONTANT 3,50 EUR"))
    verdict = judge(DEBIT, [dict(DONE, ZT=zt, AK=text, AB="2712")])
    assert "3,50" in verdict.receipt
    assert not digits_show(number, verdict)


@given(card_numbers)
def test_no_error_shows_a_card_number(number):
    """A broken frame around a card number does not quote it."""
    error = FrameError("bad_tag", 9)
    verdict = judge(DEBIT, [dict(DONE, AA=number)], error, "broken_frame")
    assert not digits_show(number, verdict)


def test_card_field_is_masked_however_it_is_written():
    """AA is a card number by its tag, even where a text would hide its shape."""
    verdict = judge(DEBIT, [dict(DONE, AA="49 70 10 12 34 56 12 34")])
    assert verdict.card_number == "49 70 10 ## ## ## 12 34"
    assert verdict.fields["AA"] == verdict.card_number


def test_what_is_not_kept():
    """Expiry and raw receipts are not in the fields; amount and IPC stay as sent."""
    fields = dict(DONE, CJ="330538600404", CB="000000000350", AB="2712", AK="x", ZT="x")
    verdict = judge(DEBIT, [fields])
    assert verdict.fields == dict(DONE, CJ="330538600404", CB="000000000350")


def test_control_characters_are_not_kept():
    """A database stores no NUL, so no field and no receipt has one."""
    zt = container((PLAIN, "A\x00B\x1b\nC\r\nD"))
    verdict = judge(DEBIT, [dict(DONE, CF="A\x00B\x1b", ZT=zt)])
    assert verdict.fields["CF"] == "AB"
    assert verdict.receipt == "AB\nC\nD"


# Receipts


def test_receipt_of_the_manual():
    """The receipt printed in the manual is read, dots and all."""
    zt = VECTORS["ans_debit_accepted_contactless_with_receipt_hipay"]["fields"]["ZT"]
    lines = read_receipt(zt).split("\n")
    assert lines[0].strip() == "CARTE BANCAIRE"
    assert "A0000000041010" in lines
    assert "############6368" in lines
    assert "NUM AUTO : 184117" in lines
    assert "         123,45 EUR" in lines
    assert lines[-1] == "A CONSERVER"


def test_receipt_of_a_refusal():
    """A refused payment has its receipt too."""
    vector = VECTORS["ans_debit_refused_with_ac_and_receipt_hipay"]
    verdict = judge(DEBIT, [vector["fields"]])
    assert "ABANDON DEBIT" in verdict.receipt


def test_receipt_in_wrapped_base64():
    """Line feeds inside the base64 belong to the wrapping, not to the text."""
    zt = VECTORS["ans_accepted_receipt_base64_wrapped_at_76"]["fields"]["ZT"]
    lines = read_receipt(zt).split("\n")
    assert lines[0] == "TARJETA BANCARIA"
    assert "655 002 000006  01  C  @" in lines


def test_receipt_outside_ascii():
    """The text is Latin-1 (protocol.md 5.10)."""
    zt = container((PLAIN, "D\xc9BIT \xe0 conserver"))
    assert read_receipt(zt) == "D\xc9BIT \xe0 conserver"


def test_several_receipts():
    """A blank line stands between two receipts, and an empty one leaves no gap."""
    zt = container((PLAIN, "CLIENT\n"), (PLAIN, "\n"), (PLAIN, "COMMERCANT"))
    assert read_receipt(zt) == "CLIENT\n\nCOMMERCANT"


def test_unknown_field_beside_a_receipt():
    """What else stands in ZT is passed over."""
    assert read_receipt("CK003100ZZ003newAK004QUJD") == "ABC"


@pytest.mark.parametrize(
    "zt",
    [
        "",
        "CK003100",
        "CK003100AK004????",
        "CK003100AK003QUI",
        "CK003100AK005QU?JD",
        "CK003100AK999QUJD",
        "not a field",
    ],
)
def test_receipt_that_cannot_be_read(zt):
    """An unreadable receipt is empty and changes nothing about the payment."""
    verdict = judge(DEBIT, [dict(DONE, ZT=zt)])
    assert (verdict.outcome, verdict.receipt) == ("approved", "")


@pytest.mark.parametrize(
    "page, text",
    [
        ("<p>CARTE</p><p>3,50&nbsp;EUR</p>", "CARTE\n3,50 EUR"),
        ("D&eacute;bit<br/>\n\n  merci  !<BR>", "D\xe9bit\nmerci !"),
        ("<html><head><title>x</title></head><body>A</body></html>", "A"),
        ("<style>b {}</style><script>x<y</script><!-- < -->A<b class='c'>B</b>", "AB"),
        ("<tr><td>TOTAL</td> <td>3,50</td></tr><div>X</div>Y", "TOTAL 3,50\nX\nY"),
        ("<![if x]><!-- open <p>A", "A"),
        ("<b>4970</b>1012<i>3456</i>1234", "497010######1234"),
    ],
)
def test_receipt_as_a_page(page, text):
    """A receipt in HTML is reduced to its words before card numbers are masked."""
    assert read_receipt(container((PAGE, page))) == text


@given(st.text(st.characters(max_codepoint=255), min_size=1, max_size=999))
def test_no_receipt_raises(value):
    """Whatever stands in ZT, the payment is judged."""
    assert judge(DEBIT, [dict(DONE, ZT=value)]).outcome == "approved"


@given(st.text(st.characters(max_codepoint=255), min_size=1, max_size=500))
def test_no_page_raises(page):
    """Whatever the page, some text comes out."""
    assert isinstance(read_receipt(container((PAGE, "<" + page))), str)
