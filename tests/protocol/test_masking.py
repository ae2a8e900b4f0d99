# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""No card number gets out; what is none stays readable. And the text of receipts."""

import base64
import json
import re
import unicodedata
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caisse_ap.frame import FrameError, encode
from caisse_ap.masking import mask_card_number, mask_text
from caisse_ap.operation import judge
from caisse_ap.receipt import read_receipt
from caisse_ap.request import Request

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


CARD = "4970101234567893"
GROUPS = [CARD[i : i + 4] for i in range(0, 16, 4)]


@pytest.mark.parametrize(
    "text, masked",
    [
        (f"CARTE {CARD}", "CARTE 497010######7893"),
        (f"PAN:{CARD}.", "PAN:497010######7893."),
        (f"n\xb0{CARD}\nFIN", "n\xb0497010######7893\nFIN"),
        ("3714 496353 98431", "3714 49#### #8431"),
        ("6759 6498 2643 8453", "6759 64## #### 8453"),
        ("4222222222222", "422222###2222"),
        ("30569309025904", "305693####5904"),
        ("6304000000000000000", "630400#########0000"),
        ("4970\x07101234\x00567893", "497010######7893"),
        ("4970\t1012\t3456\t7893", "4970 10## #### 7893"),
        # beside other digits
        (f"A0000000421010 {CARD}", "A0000000421010 497010######7893"),
        (f"27/11/2026 {CARD} 3,50", "27/11/2026 497010######7893 3,50"),
        (f"184117\n{CARD}\n01 23 45 67 89", "184117\n497010######7893\n01 23 45 67 89"),
        (f"12{CARD}", "12497010######7893"),
        (f"3 {CARD} 3", "3 497010######7893 3"),
        # printed in groups
        *(
            (gap.join(GROUPS), gap.join(["4970", "10##", "####", "7893"]))
            for gap in " -./:_,\n\xa0|"
        ),
        *(
            (gap.join(GROUPS), gap.join(["4970", "10##", "####", "7893"]))
            for gap in ("  ", " - ", "          ", " \n ", "\u200b", ") (")
        ),
        ("4970 1012\n3456 7893", "4970 10##\n#### 7893"),
        (" ".join(CARD), "4 9 7 0 1 0 # # # # # # 7 8 9 3"),
        ("49 70 10 12 34 56 78 93", "49 70 10 ## ## ## 78 93"),
        # masked too little by the terminal
        ("4970101234##7893", "497010######7893"),
        ("4970 1012 **** 7893", "4970 10## **** 7893"),
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
        "A00000002501",
        "A0000003330101010",
        "D6C691E12B70AC40",
        "SIRET 732 829 320 00074",
        "SIRET : 73282932000074",
        "732 829 320 00074",
        "73282932000074",
        "EC3AF69A16BB7438\n655 002 000006  01  C  @",
        "TEL 01 23 45 67 89 / 06 12 34 56 78",
        "0123456789\n0612345678\n+33 1 23 45 67 89",
        "30/12/2022 13:57:22",
        "20221230135722",
        "4970 1012 3456 7894",
        "4970101234567894",
        "497010123412",
        "**** 1234567 ****",
        "------------------------",
        "",
    ],
)
def test_other_numbers_stay(text):
    """Amounts, dates, telephones and short numbers are no card numbers."""
    assert mask_text(text) == text


def luhn_digit(digits):
    """Return the digit (text) that makes a card number of digits (text)."""
    doubled = [int(digit) * (2 - i % 2) for i, digit in enumerate(reversed(digits))]
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


@st.composite
def numbers_of_cards(draw):
    """A number of a card that people hold: its first digits say which."""
    head, length = draw(
        st.sampled_from(
            [("4", 13), ("4", 16), ("4", 19), ("51", 16), ("2221", 16), ("34", 15)]
            + [
                ("37", 15),
                ("36", 14),
                ("305", 14),
                ("6011", 16),
                ("67", 18),
                ("50", 19),
            ]
        )
    )
    size = length - len(head) - 1
    digits = head + draw(st.text("0123456789", min_size=size, max_size=size))
    return digits + luhn_digit(digits)


card_numbers = numbers_of_cards()
separators = st.sampled_from(
    [
        "",
        " ",
        "-",
        ".",
        "  ",
        " - ",
        "\xa0",
        "\n",
        "/",
        ":",
        "_",
        ",",
        " \n ",
        "|",
        "\t",
    ]
)
amounts = st.builds(
    "{}{}{:02}".format,
    st.integers(0, 999999),
    st.sampled_from(".,"),
    st.integers(0, 99),
)
dates = st.builds(
    lambda moment, pattern: moment.strftime(pattern),
    st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)),
    st.sampled_from(
        ["%d/%m/%Y %H:%M:%S", "%d.%m.%Y %H.%M.%S", "%d-%m-%Y %H:%M", "%d/%m/%y"]
        + ["%Y-%m-%d %H:%M:%S", "%Y%m%d%H%M%S", "%H:%M:%S"]
    ),
)
telephones = st.builds(
    lambda gap, pairs: gap.join(["0" + str(pairs[0] % 9 + 1)] + pairs[1]),
    st.sampled_from(["", " ", ".", "-"]),
    st.tuples(
        st.integers(0, 99),
        st.lists(st.integers(0, 99).map("{:02}".format), min_size=4, max_size=4),
    ),
)


@st.composite
def sirets(draw):
    """A SIRET number passes Luhn's check too, and is printed with its name."""
    digits = draw(st.text("0123456789", min_size=13, max_size=13))
    digits += luhn_digit(digits)
    gap = draw(st.sampled_from(["", " "]))
    cuts = ((0, 3), (3, 6), (6, 9), (9, 14))
    number = gap.join(digits[start:end] for start, end in cuts)
    return draw(st.sampled_from(["SIRET ", "SIRET : ", "Siret:"])) + number


authorisations = st.text("0123456789", min_size=4, max_size=10)


@given(st.one_of(amounts, dates, telephones, sirets(), authorisations))
def test_other_numbers_stay_readable(text):
    """An amount, a date, a telephone, SIRET or authorisation number stays as it is."""
    assert mask_text(text) == text


@given(st.lists(st.one_of(dates, telephones, sirets()), max_size=4))
def test_lines_of_other_numbers_stay_readable(lines):
    """Dates, telephone and SIRET numbers one under the other are no card number."""
    text = "\n".join(lines)
    assert mask_text(text) == text


@st.composite
def printings(draw):
    """A card number and a way to print it: groups, gaps, line ends, neighbours."""
    number = draw(card_numbers)
    sizes = draw(st.sampled_from([[1], [2], [3], [4], [5], [4, 6, 5], [6, 4], [19]]))
    gap = draw(separators)
    text, place, turn = "", 0, 0
    while place < len(number):
        size = sizes[turn % len(sizes)]
        text += (gap if place else "") + number[place : place + size]
        place, turn = place + size, turn + 1
    if draw(st.booleans()):
        text = draw(st.sampled_from(["CARTE ", "A0000000421010 ", "No:"])) + text
    return number, text + draw(st.sampled_from(["", "\nMONTANT 3,50", " EUR", "."]))


@given(printings())
def test_no_printing_shows_a_card_number(printing):
    """However a card number is printed, nobody can read it off."""
    number, text = printing
    assert number not in re.sub(r"[\W_]", "", mask_text(text))


@given(card_numbers, st.sampled_from(["A0000000421010", "A0000000031010", "12", "N"]))
def test_card_number_without_a_gap(number, neighbour):
    """What stands beside a card number without a gap does not hide it."""
    assert number not in mask_text(neighbour + number)


@given(card_numbers)
def test_card_number_in_cells(number):
    """A receipt in HTML may spread a number over cells, lines and marks."""
    groups = [number[i : i + 4] for i in range(0, len(number), 4)]
    for page in (
        "<tr>" + "".join(f"<td>{group}</td>" for group in groups) + "</tr>",
        "".join(f"<tr><td>{group}</td></tr>" for group in groups),
        "<td>1</td>" + "".join(f"<td>{group}</td>" for group in [number, "2"]),
        "<br>".join(groups),
        "<b>" + "</b><i></i><b>".join(number) + "</b>",
        "".join(f"&#{ord(digit)};" for digit in number),
        "".join(f"&#{ord(digit) + 0xFF10 - 48};" for digit in number),
    ):
        receipt = unicodedata.normalize("NFKC", read_receipt(container((PAGE, page))))
        assert number not in re.sub(r"[\W_]", "", receipt)


def digits_show(number, verdict):
    """True when the whole number can be read in what a verdict prints."""
    texts = (repr(verdict), str(verdict), json.dumps(verdict.fields), verdict.receipt)
    return any(number in re.sub(r"\\xa0|\\[nt]|[\W_]", "", text) for text in texts)


@given(
    card_numbers,
    separators,
    st.sampled_from(["AA", "AF", "CF", "ZZ", "AC", "CG", "AI", "CC", "CJ", "CB", "AE"]),
)
def test_no_field_shows_a_card_number(number, separator, tag):
    """A card number in any field is in no text of the verdict."""
    text = separator.join(number[i : i + 4] for i in range(0, len(number), 4))
    assert not digits_show(number, judge(DEBIT, [dict(DONE, **{tag: text})]))


@given(card_numbers, separators, st.sampled_from([PLAIN, PAGE]))
def test_no_receipt_shows_a_card_number(number, separator, kind):
    """A card number in a receipt is in no text of the verdict."""
    text = separator.join(number[i : i + 4] for i in range(0, len(number), 4))
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
        ("<b>4970</b>1012<i>3456</i>7893", "497010######7893"),
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
