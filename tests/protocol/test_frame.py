# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Bytes to fields and back, by the vectors of the protocol manual and by chance."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from caisse_ap.frame import (
    MAX_FRAME_BYTES,
    FrameError,
    FrameReader,
    decode,
    decode_nested,
    encode,
)

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text("utf-8"))
READABLE = [vector for vector in VECTORS if "fields" in vector]
# What is said twice is for operation.py to judge: the bytes are readable.
BROKEN = [
    vector
    for vector in VECTORS
    if vector.get("error", "duplicate_tag") != "duplicate_tag"
]
NESTED = [vector for vector in VECTORS if "nested" in vector]

# The manual files serial framing under bad_tag; the reader tells it apart.
MORE_PRECISE = {"err_serial_framing_over_ip": "serial_framing"}

HEAD = b"CZ0040300"


def by_name(vectors):
    return pytest.mark.parametrize("vector", vectors, ids=lambda each: each["name"])


def bytes_of(vector):
    return vector["frame"].encode("latin-1")


def error_of(vector):
    return MORE_PRECISE.get(vector["name"], vector["error"])


def read(pieces):
    """Return the messages in the pieces, or the code of the error they end in."""
    reader = FrameReader()
    try:
        for piece in pieces:
            reader.feed(piece)
        return reader.close()
    except FrameError as error:
        return error.code


def one_by_one(data):
    return [data[i : i + 1] for i in range(len(data))]


def test_all_vectors_are_there():
    """The file holds the 55 vectors: readable, broken, or one that says two things."""
    assert len(VECTORS) == 55
    assert len(READABLE) + len(BROKEN) == 54


@by_name(READABLE)
def test_vector_is_read_whole(vector):
    """A readable vector gives its fields and its number of messages."""
    messages = decode(bytes_of(vector))
    assert messages[-1] == vector["fields"]
    assert len(messages) == vector.get("frames", 1)


@by_name(READABLE)
def test_vector_is_read_byte_by_byte(vector):
    """A readable vector gives the same when it arrives one byte at a time."""
    assert read(one_by_one(bytes_of(vector))) == decode(bytes_of(vector))


@by_name([vector for vector in READABLE if not vector.get("lenient")])
def test_vector_is_written_again(vector):
    """What was read from a vector gives its bytes back, in the same order."""
    messages = decode(bytes_of(vector))
    assert b"".join(encode(fields) for fields in messages) == bytes_of(vector)


@by_name(NESTED)
def test_vector_is_read_inside(vector):
    """The inside of ZT gives its fields, and they give ZT back."""
    value = vector["fields"]["ZT"]
    pairs = decode_nested(value)
    assert dict(pairs) == vector["nested"]["ZT"]
    assert encode(pairs) == value.encode("latin-1")


@by_name(BROKEN)
def test_broken_vector_is_named(vector):
    """A broken vector gives its error, whole and one byte at a time."""
    data = bytes_of(vector)
    assert read([data]) == error_of(vector)
    assert read(one_by_one(data)) == error_of(vector)


@by_name([vector for vector in BROKEN if "truncated" in vector["error"]])
def test_cut_short_is_not_wrong(vector):
    """While more bytes may come, a frame cut short is only incomplete."""
    reader = FrameReader()
    reader.feed(bytes_of(vector))
    assert not reader.at_boundary


@pytest.mark.parametrize(
    "code, certain",
    [
        ("bad_tag", b"a"),
        ("bad_tag", b"Aa"),
        ("bad_tag", b"\xc9"),
        ("bad_tag", HEAD + b"C "),
        ("bad_tag", b"\ra"),
        ("bad_length", b"CZx"),
        ("bad_length", b"CZ0\xb2"),
        ("bad_length", b"CZ+"),
        ("zero_length", b"CZ000"),
        ("cz_not_first", b"AE002"),
        ("serial_framing", b"\x02"),
        ("serial_framing", b"\x05"),
        ("serial_framing", b"\x06"),
        ("serial_framing", b"\x15"),
    ],
)
def test_error_comes_with_the_byte_that_makes_it_certain(code, certain):
    """The reader is still content one byte before, and raises with this byte."""
    reader = FrameReader()
    reader.feed(certain[:-1])
    with pytest.raises(FrameError) as caught:
        reader.feed(certain[-1:])
    assert caught.value.code == code


def test_broken_stays_broken():
    """More bytes do not mend a broken frame."""
    reader = FrameReader()
    for data in (HEAD + b"AE000", b"AE00210"):
        with pytest.raises(FrameError, match="zero") as caught:
            reader.feed(data)
        assert caught.value.code == "zero_length"


def test_error_tells_where_but_not_what():
    """The text of an error has the place of the fault and none of the bytes."""
    with pytest.raises(FrameError) as caught:
        decode(HEAD + b"AA0164970101234561234??")
    assert caught.value.position == 30
    assert "4970" not in str(caught.value)
    assert str(caught.value).endswith("(byte 30)")


def filled(size):
    """Return a readable frame of exactly this many bytes."""
    field = encode([("ZZ", "z" * 995)])
    count, rest = divmod(size - len(HEAD), len(field))
    return HEAD + field * count + encode([("ZY", "z" * (rest - 5))])


def test_largest_frame():
    """64 kB are read; not one byte more, in one piece or in many."""
    assert decode(filled(MAX_FRAME_BYTES))[0]["ZZ"] == "z" * 995
    larger = filled(MAX_FRAME_BYTES + 1)
    assert read([larger]) == "too_large"
    assert read([larger[:MAX_FRAME_BYTES], larger[MAX_FRAME_BYTES:]]) == "too_large"


def test_reader_keeps_no_more_than_the_limit():
    """A peer that never stops cannot make the reader keep more than 64 kB."""
    reader = FrameReader()
    with pytest.raises(FrameError):
        reader.feed(HEAD + encode([("ZZ", "z" * 995)]) * 1000)
    assert len(reader._data) == MAX_FRAME_BYTES


def test_identical_repeat_is_accepted():
    """The same tag with the same value twice says nothing new."""
    [message] = decode(HEAD + b"AE00210AE00210")
    assert (message, message.repeats) == ({"CZ": "0300", "AE": "10"}, [])


def test_other_repeat_is_noted():
    """The first value of a tag stays; another one is noted beside it."""
    [message] = decode(HEAD + b"AE00210CG0011AE00201CG0012")
    assert message == {"CZ": "0300", "AE": "10", "CG": "1"}
    assert message.repeats == [("AE", "01"), ("CG", "2")]


def test_receipts_may_repeat():
    """Two ZT are joined, so that both receipts can be read one after the other."""
    first, second = encode([("CK", "100")]), encode([("AK", "QQ==")])
    data = HEAD + encode([("ZT", first.decode()), ("ZT", second.decode())])
    assert decode_nested(decode(data)[0]["ZT"]) == [("CK", "100"), ("AK", "QQ==")]


def test_bytes_outside_ascii():
    """Every byte has a character in a value, and comes back as that byte."""
    value = bytes(range(256)).decode("latin-1")
    data = HEAD + encode([("CF", value)])
    assert decode(data)[0]["CF"] == value
    assert encode(decode(data)[0]) == data


def test_line_feed_within_a_value():
    """A line feed inside AK is a byte like another and counts in the length."""
    assert decode_nested("AK005QU\nI=") == [("AK", "QU\nI=")]


@pytest.mark.parametrize("ends", [b"\r", b"\n", b"\r\n", b"\n\n\r\r\n"])
def test_line_ends_after_the_last_field(ends):
    """CR and LF after the last field are no fault and leave no trace."""
    reader = FrameReader()
    reader.feed(HEAD + b"AE00210" + ends)
    assert reader.at_boundary
    assert reader.close() == [{"CZ": "0300", "AE": "10"}]


@pytest.mark.parametrize("ends", [b"\r", b"\n", b"\r\n", b"\n\n\r\r\n"])
def test_line_ends_before_the_first_field(ends):
    """CR and LF before the first field are no fault either, and no answer."""
    assert read([ends + HEAD + b"AE00210"]) == [{"CZ": "0300", "AE": "10"}]
    assert read([ends]) == "empty"
    assert read([ends + b"AE00210"]) == "cz_not_first"
    assert read([ends + b"\x05"]) == "serial_framing"


def test_line_ends_between_two_messages():
    """A second message may follow the line end of the first, but not one more field."""
    assert len(decode(HEAD + b"AE00211\r\n" + HEAD + b"AE00210\r\n")) == 2
    assert read([HEAD + b"\r\nAE00210"]) == "bad_tag"
    assert read(one_by_one(HEAD + b"\r\nCA00201")) == "bad_tag"


def test_new_version_starts_a_message():
    """CZ where a field may begin opens a message, even with the same value."""
    assert decode(HEAD + HEAD) == [{"CZ": "0300"}, {"CZ": "0300"}]


def test_last_message_grows():
    """The messages can be watched while bytes arrive, whole fields only."""
    reader = FrameReader()
    reader.feed(HEAD + b"AE00")
    assert (reader.messages, reader.at_boundary) == ([{"CZ": "0300"}], False)
    reader.feed(b"210")
    assert reader.messages == [{"CZ": "0300", "AE": "10"}]
    assert reader.at_boundary


@pytest.mark.parametrize(
    "value, code",
    [
        ("CK003100AK0", "truncated_header"),
        ("CK003100AK009abc", "truncated_value"),
        ("ck003100", "bad_tag"),
        ("CK000", "zero_length"),
        ("\u20ac", "bad_value"),
    ],
)
def test_broken_inside(value, code):
    """The inside of a constructed value is read as strictly as the outside."""
    with pytest.raises(FrameError) as caught:
        decode_nested(value)
    assert caught.value.code == code


def test_empty_inside():
    """Nothing inside is no field and no fault."""
    assert decode_nested("") == []


@pytest.mark.parametrize(
    "field, code",
    [
        (("cz", "0300"), "bad_tag"),
        (("CZA", "0300"), "bad_tag"),
        (("C", "0300"), "bad_tag"),
        (("\u00c9E", "10"), "bad_tag"),
        (("\u20acE", "10"), "bad_tag"),
        (("CF", "x" * 1000), "bad_length"),
        (("CF", "5 \u20ac"), "bad_value"),
    ],
)
def test_field_that_cannot_be_written(field, code):
    """A field that would break the frame is refused before a byte is made."""
    with pytest.raises(FrameError) as caught:
        encode([field])
    assert caught.value.code == code


def test_field_without_value_is_left_out():
    """An empty value has no field: length zero is forbidden."""
    assert encode({"CZ": "0300", "CC": "", "AE": "10"}) == HEAD + b"AE00210"


tags = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2)
values = st.text(st.characters(max_codepoint=255), min_size=1, max_size=999)


@given(st.dictionaries(tags.filter("CZ".__ne__), values, max_size=20))
def test_written_and_read_again(fields):
    """Whatever fields are written are read back."""
    fields = dict({"CZ": "0300"}, **fields)
    assert decode(encode(fields)) == [fields]


frame_like = st.lists(
    st.one_of(
        st.sampled_from([HEAD, b"AE00210", b"AE00201", b"\r\n", b"ZT00", b"ZT003a\nb"]),
        st.binary(max_size=8),
    )
).map(b"".join)


@given(frame_like, st.lists(st.integers(0, 100)))
@example(HEAD + b"\r\nC", [10])
def test_pieces_make_no_difference(data, cuts):
    """However the bytes are cut, the result is the same, error included."""
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    pieces = [data[start:end] for start, end in zip(places, places[1:])]
    assert read(pieces) == read([data]) == read(one_by_one(data))
