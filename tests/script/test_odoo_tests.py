"""What Odoo's log says of the tests, and which tests there should have been."""

import pytest

from shop import odoo_tests

ADDON = "l10n_fr_pos_caisse_ap_ip"
LOGGER = f"odoo.addons.{ADDON}.tests.test_lock"
TRACEBACK = "Traceback (most recent call last):\n  …\nAssertionError: 1 != 2"


def log(*records):
    """Return a log as Odoo writes it; a record is (level, logger, text)."""
    return "".join(
        f"2026-11-23 18:42:37,216 4242 {level} caisse_ap_19_test {logger}: {text} \n"
        for level, logger, text in records
    )


def read(*records):
    return odoo_tests.read_log(log(*records), ADDON)


def test_started_tests_are_named_once():
    """A test that a retry starts again counts once."""
    record = ("INFO", LOGGER, "Starting TestLock.test_busy ...")
    assert read(record, record).started == ("TestLock.test_busy",)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("FAIL: TestLock.test_busy", "TestLock.test_busy"),
        ("ERROR: TestLock.test_busy", "TestLock.test_busy"),
        ("FAIL: Subtest TestLock.test_busy (port=1)", "TestLock.test_busy"),
        (f"ERROR: setUpClass (odoo.addons.{ADDON}.tests.test_lock.X)", "setUpClass"),
    ],
)
def test_failures_carry_their_traceback(words, name):
    """A failure has the name of its test and the whole of what Odoo says of it."""
    outcome = read(
        ("INFO", LOGGER, "=" * 70),
        ("ERROR", LOGGER, f"{words}\n{TRACEBACK}"),
        ("INFO", LOGGER, "Starting TestLock.test_free ..."),
    )
    assert outcome.failed == (name,)
    assert outcome.reports[0].strip() == f"{words}\n{TRACEBACK}"


@pytest.mark.parametrize(
    "words", ["skipped TestLock.test_old", "skipped TestLock.test_old : why"]
)
def test_skipped_tests_are_named_in_old_and_new_series(words):
    """14.0 gives no reason, later series do."""
    assert read(("INFO", LOGGER, words)).skipped == ("TestLock.test_old",)


def test_warning_about_the_addon_is_a_failure():
    """OCA's robots refuse an addon that logs a warning in its tests."""
    outcome = read(("WARNING", "odoo.fields", f"{ADDON}: unknown parameter 'x'"))
    assert len(outcome.failed) == 1
    assert "unknown parameter" in outcome.reports[0]


def test_warning_about_something_else_is_none_of_ours():
    """The name of the database does not make a warning ours."""
    assert (
        read(("WARNING", "odoo.tools.config", "missing --http-interface")).failed == ()
    )


def test_left_out_tests_are_found():
    """A test that Odoo never started is named; one that an heir ran is not."""
    wanted = ["TestLock.test_busy", "Common.test_shared", "TestLease.test_lapsed"]
    started = ["TestLock.test_busy", "TestHeir.test_shared"]
    assert odoo_tests.left_out(wanted, started) == ["TestLease.test_lapsed"]


def test_tests_are_read_from_their_files(tmp_path):
    """Only the test methods of classes in files named test_*.py are tests."""
    source = "class TestA:\n    def test_one(self): ...\n    def helper(self): ...\n"
    (tmp_path / "test_a.py").write_text(source)
    (tmp_path / "common.py").write_text(source)
    assert odoo_tests.written(tmp_path) == ["TestA.test_one"]


def test_tags_choose_tests_or_all():
    """Odoo's tags name the addon, and the tests if only some are wanted."""
    assert odoo_tests.tags("addon", ()) == "/addon"
    chosen = odoo_tests.tags("addon", ["TestA.test_one", "TestB.test_two"])
    assert chosen == "/addon:TestA.test_one,/addon:TestB.test_two"
