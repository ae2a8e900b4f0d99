# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Whatever a browser sends to the public methods: a message, and no change."""

import pytest
from connection import METHOD, Connection, payload
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as any_of

# What Odoo shows as a message, without its traceback.
MESSAGES = {"UserError", "AccessError", "MissingError", "ValidationError"}
EXAMPLES = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
NUMBERS = any_of.integers(-(2**63), 2**63) | any_of.integers(-2, 2)
SIMPLE = (
    any_of.none() | any_of.booleans() | NUMBERS | any_of.floats(allow_nan=False)
) | any_of.text(max_size=80)
ANYTHING = any_of.recursive(
    SIMPLE,
    lambda more: any_of.lists(more, max_size=5)
    | any_of.dictionaries(any_of.text(max_size=20), more, max_size=5),
    max_leaves=10,
)
# The identifiers of records that a page may name: ours, others', none.
RECORDS = any_of.integers(-1, 60) | any_of.lists(any_of.integers(-1, 60), max_size=3)
FIELDS = sorted(payload(0))


class Caller(Connection):
    """A logged-in browser that calls what it likes."""

    def refused(self, method, *args):
        """Return the name of the exception that answers a call, or nothing."""
        error = self.ask(METHOD, f"fr_caisse_ap_ip_{method}", *args).get("error")
        return error and error["data"]["name"].rpartition(".")[2]


@pytest.fixture(scope="module")
def till(shop):
    return Caller(shop, shop.cashier)


@pytest.fixture(scope="module")
def stranger(shop):
    """Somebody who works in the company and has nothing to do with its tills."""
    person = ("etranger", "etranger")
    values = {"name": "Étranger", "login": person[0], "password": person[1]}
    stranger = shop.rpc("res.users", "create", values)
    # Up to 18.0 a new user has the rights of a template; 19.0 renamed the field.
    field = "group_ids" if shop.series == "19.0" else "groups_id"
    query = "SELECT res_id FROM ir_model_data WHERE module = 'base' AND name = %s"
    [employees] = shop.sql(query, ["group_user"])
    shop.rpc("res.users", "write", [stranger], {field: [[6, 0, employees]]})
    return Caller(shop, person)


@pytest.fixture
def unchanged(shop):
    """Expect the transactions and the payment methods to be the same after the test."""
    query = """
        SELECT (SELECT jsonb_agg(t) FROM fr_caisse_ap_ip_transaction t),
               (SELECT jsonb_agg(m) FROM pos_payment_method m)
    """
    before = shop.sql(query)
    yield
    assert shop.sql(query) == before


@EXAMPLES
@given(method=any_of.sampled_from(["start", "cancel"]), ids=RECORDS, said=ANYTHING)
def test_any_payload(method, ids, said, till, unchanged):
    """A payload that is anything at all is refused with a message."""
    assert till.refused(method, ids, said) in MESSAGES


@EXAMPLES
@given(
    method=any_of.sampled_from(["start", "cancel"]),
    ids=RECORDS,
    field=any_of.sampled_from(FIELDS),
    value=ANYTHING,
)
def test_any_value(method, ids, field, value, till, unchanged):
    """A payload of a session that does not exist, with a field that is anything."""
    assert till.refused(method, ids, {**payload(2**31 - 1), field: value}) in MESSAGES


@EXAMPLES
@given(
    method=any_of.sampled_from(["status", "query_terminal"]),
    said=ANYTHING,
)
def test_any_reference(method, said, till, unchanged):
    """A reference that is anything finds nothing, or is refused with a message."""
    assert till.refused(method, said) in MESSAGES | ({None} if said == [] else set())


@EXAMPLES
@given(reference=ANYTHING, owner=ANYTHING)
def test_any_money_given_back(reference, owner, till, unchanged):
    """What a page says that it gave back is checked."""
    assert till.refused("mark_refunded", reference, owner) in MESSAGES


@EXAMPLES
@given(reference=ANYTHING, outcome=ANYTHING, authorisation=ANYTHING)
def test_any_answer_of_a_person(reference, outcome, authorisation, till, unchanged):
    """What a person is said to have read on the terminal is checked."""
    assert till.refused("resolve", reference, outcome, authorisation) in MESSAGES


@EXAMPLES
@given(session=ANYTHING.filter(lambda one: type(one) is not int), lines=ANYTHING)
def test_any_session(session, lines, till, unchanged):
    """A session that is no number is refused with a message."""
    assert till.refused("unfinished", session, lines) in MESSAGES
    assert till.refused("closing", session) in MESSAGES


@pytest.mark.parametrize(
    ("method", "args"),
    [
        ("start", [1, payload(1)]),
        ("cancel", [1, payload(1)]),
        ("status", [["reference-1"]]),
        ("unfinished", [1, []]),
        ("resolve", ["reference-1", "approved", ""]),
        ("mark_refunded", ["reference-1", ""]),
        ("query_terminal", ["reference-1"]),
        ("closing", [1]),
    ],
)
def test_strangers_are_refused(method, args, stranger, unchanged):
    """Who does not work at a till may not touch its terminals."""
    assert stranger.refused(method, *args) == "AccessError"
