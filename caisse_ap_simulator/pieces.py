# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How an answer is cut before it is written: messages (bytes) -> pieces (bytes).

TCP keeps bytes in order but not together, so a till must read the same answer
however it arrives (protocol.md 1.5). Each function here is one way to arrive.
"""


def whole(messages):
    return [b"".join(messages)]


def message_by_message(messages):
    return list(messages)


def byte_by_byte(messages):
    return [bytes([byte]) for byte in b"".join(messages)]


def in_three(messages):
    data = b"".join(messages)
    third = len(data) // 3
    return cut(data, [third, 2 * third])


def inside_and_between_fields(messages):
    """Stop in a tag, a length, a value, then after the first and last but one field."""
    data = b"".join(messages)
    ends = field_ends(data)
    return cut(data, [1, 4, 7, ends[0], ends[-2]])


def without_end(messages):
    """Lose the last bytes, inside the last field: everything else was readable."""
    return [b"".join(messages)[:-3]]


def none(_messages):
    return []


def followed_by(tail):
    return lambda messages: [b"".join(messages) + tail]


def preceded_by(head):
    """Write something else first, alone."""
    return lambda messages: [head, b"".join(messages)]


def after_two_fields(messages):
    """Stop after the first two fields, as a terminal that tells its status first."""
    data = b"".join(messages)
    return cut(data, [field_ends(data)[1]])


def replaced_by(data):
    return lambda _messages: [data]


def cut(data, positions):
    starts = [0] + positions
    ends = positions + [len(data)]
    return [data[start:end] for start, end in zip(starts, ends)]


def field_ends(data):
    """The positions where a field of a correct frame ends."""
    ends = []
    position = 0
    while position < len(data):
        position += 5 + int(data[position + 2 : position + 5])
        ends.append(position)
    return ends
