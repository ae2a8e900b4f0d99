"""script/test: its arguments, its table, and when it fails."""

import pytest

from shop import side_by_side, suites
from shop.problem import Problem, Unavailable
from shop.suites import Row

REPORT = """<?xml version="1.0"?>
<testsuites>
  <testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1.5"/>
</testsuites>
"""


def series_names(options):
    return [each.name for each in options.series]


def test_default_series_are_those_that_debian_packages():
    """Without arguments the series are those that can be had without a checkout."""
    assert series_names(suites.parse([])) == ["19.0", "14.0"]


def test_odoo_given_by_series_adds_that_series(tmp_path):
    """--odoo 16.0=PATH tests 16.0 too, with that Odoo."""
    options = suites.parse(["--odoo", f"16.0={tmp_path}"])
    assert series_names(options) == ["19.0", "14.0", "16.0"]
    assert options.odoo == {"16.0": str(tmp_path)}


def test_odoo_given_by_path_knows_its_series(tmp_path):
    """--odoo PATH alone reads the series in that Odoo."""
    release = tmp_path / "odoo" / "release.py"
    release.parent.mkdir()
    release.write_text("version_info = (17, 0, 0, FINAL, 0, '')\n")
    options = suites.parse(["17.0", "--odoo", str(tmp_path)])
    assert options.odoo == {"17.0": str(tmp_path)}
    assert series_names(options) == ["17.0"]


def test_unknown_series_is_refused():
    """A series that does not exist is a problem that names those that do."""
    with pytest.raises(Problem, match="15.0.*14.0.*19.0"):
        suites.parse(["15.0"])


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (
            ["19.0"],
            [
                "protocol",
                "page",
                "screen",
                "odoo 19.0",
                "browser 19.0",
                "restaurant 19.0",
                "faults 19.0",
                "tables 19.0",
                "agent 19.0",
            ],
        ),
        (["19.0", "14.0", "--only", "odoo"], ["19.0 --only odoo", "14.0 --only odoo"]),
        (["--only", "protocol"], ["protocol"]),
        (["--only", "screen"], ["screen"]),
    ],
)
def test_suites_are_chosen(arguments, names, monkeypatch):
    """What needs no Odoo is tested once; several series run side by side."""

    def side_by_side(names, words):
        return [{"suite": " ".join([name, *words])} for name in names]

    monkeypatch.setattr(suites, "attempt", lambda name, _suite: Row(name))
    monkeypatch.setattr(suites, "prepare", lambda _options: None)
    monkeypatch.setattr(suites.side_by_side, "run", side_by_side)
    rows = suites.run(suites.parse(arguments))
    assert [row.suite for row in rows] == names


def test_series_side_by_side(capsys):
    """Each line says of which series it is; one that breaks off has failed."""
    [row] = side_by_side.run(["19.0", "15.0"], ["--only", "protocol"])
    assert (row["suite"], row["failed"]) == ("15.0", 1)
    assert "15.0 | script/test: " in capsys.readouterr().out


def test_report_of_pytest_is_counted():
    """Errors are failures, and what is neither failed nor skipped has passed."""
    assert suites.read_report(REPORT) == (4, 3, 3)


def fail(problem):
    raise problem


def test_series_that_cannot_be_had_is_skipped(capsys):
    """The row says why, and does not fail."""
    row = suites.attempt("odoo 16.0", lambda: fail(Unavailable("no Odoo", "Get one.")))
    assert (row.failed, row.skipped) == (0, 1)
    assert row.note == "left out: no Odoo. Get one."


def test_suite_that_cannot_run_has_failed(capsys):
    """A problem that is not the machine's is a failure."""
    row = suites.attempt("odoo 19.0", lambda: fail(Problem("pip failed", "Try again.")))
    assert (row.failed, row.skipped) == (1, 0)


def test_table_shows_every_row_and_its_note():
    """The table has a line for each suite, the notes follow."""
    rows = [Row("protocol", 12, 1, 2, "", 3.25), Row("odoo 16.0", 0, 0, 1, "left out")]
    assert list(suites.table(rows)) == [
        "suite              run  failed  skipped  seconds",
        "protocol            13       1        2      3.2",
        "odoo 16.0            0       0        1      0.0",
        "odoo 16.0: left out",
    ]


def test_last_line_sums_up():
    """The last line holds the sums of all suites."""
    rows = [Row("protocol", 12, 1, 2), Row("odoo 19.0", 30, 0, 1)]
    assert suites.summary(rows) == "42 passed, 1 failed, 3 skipped"


def outcome(started=(), failed=(), reports=()):
    return suites.odoo_tests.Outcome(started, failed, (), reports)


def test_odoo_suite_passes_when_all_tests_ran():
    """Every written test started and none failed."""
    names = ("TestA.test_one",)
    assert suites.judge_odoo(0, names, outcome(names)) == (1, 0, 0, "")


@pytest.mark.parametrize(
    ("code", "ended", "note"),
    [
        (0, outcome(), "never started: TestA.test_one\nno test ran"),
        (1, outcome(("TestA.test_one",)), "Odoo ended with code 1"),
    ],
)
def test_odoo_suite_fails_when_tests_are_missing_or_odoo_breaks(code, ended, note):
    """A suite that ran nothing, or an Odoo that ended badly, is a failure."""
    passed, failed, _skipped, said = suites.judge_odoo(code, ("TestA.test_one",), ended)
    assert failed
    assert said == note
