# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The log on the agent's disk."""

import os

import pytest

from caisse_ap_agent import exchange_log
from caisse_ap_agent.exchange_log import ExchangeLog, LogError


def test_log_is_read_again(tmp_path):
    """Epoch and references survive, and each start is counted."""
    log = ExchangeLog(tmp_path)
    log.begin("one", terminal="counter")
    log.sent("one")
    log.acknowledge("one")
    log.begin("two", terminal="counter")
    log.close()
    again = ExchangeLog(tmp_path)
    assert (again.epoch, again.run) == (log.epoch, log.run + 1)
    assert again.knows("one")
    assert again.open_references() == ["two"]
    again.close()


@pytest.mark.parametrize("lost", [1, 5, 20])
def test_line_cut_short_by_a_loss_of_power(tmp_path, lost):
    """What was not whole on the disk was never relied on; the rest is read."""
    log = ExchangeLog(tmp_path)
    log.begin("one", terminal="counter")
    log.sent("one")
    log.close()
    path = tmp_path / exchange_log.FILE_NAME
    path.write_bytes(path.read_bytes()[:-lost])
    again = ExchangeLog(tmp_path)
    assert again.epoch == log.epoch
    assert again.references["one"] == {"begin": {"terminal": "counter"}}
    again.begin("two", terminal="counter")
    again.close()
    last = ExchangeLog(tmp_path)
    assert last.open_references() == ["one", "two"]
    last.close()


@pytest.mark.parametrize("damage", ["gone", "garbled"])
def test_lost_log_has_another_epoch(tmp_path, damage):
    """Whoever lost its records says so by a new epoch."""
    log = ExchangeLog(tmp_path)
    log.close()
    path = tmp_path / exchange_log.FILE_NAME
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(b"\x00garbled\n" + path.read_bytes())
    again = ExchangeLog(tmp_path)
    assert again.epoch != log.epoch
    again.close()


def test_one_program_for_a_folder(tmp_path):
    """A second agent with the same log does not start."""
    log = ExchangeLog(tmp_path)
    with pytest.raises(OSError, match="another agent"):
        ExchangeLog(tmp_path)
    log.close()
    ExchangeLog(tmp_path).close()


def test_full_disk(tmp_path, monkeypatch):
    """A line that is not on the disk raises, and leaves no half of itself."""
    log = ExchangeLog(tmp_path)

    def fail(_file):
        raise OSError("no space left on device")

    log.begin("one", terminal="counter")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(LogError, match="no space"):
            log.sent("one")
    log.begin("two", terminal="counter")
    log.close()
    again = ExchangeLog(tmp_path)
    assert again.open_references() == ["one", "two"]
    assert "sent" not in again.references["one"]
    again.close()


def test_customer_waits_for_the_disk_once(tmp_path, monkeypatch):
    """Before the first byte the log is synced a single time, with all its lines."""
    log = ExchangeLog(tmp_path)
    synced = []
    sync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: synced.append(sync(file)))
    log.begin("one", terminal="counter")
    assert not synced
    log.sent("one")
    assert len(synced) == 1
    log.answer("one", {})
    assert len(synced) == 2
    log.close()


def test_log_does_not_grow_for_ever(tmp_path, monkeypatch):
    """Old references leave the log at a start; what is open stays."""
    monkeypatch.setattr(exchange_log, "COMPACT_BYTES", 100)
    monkeypatch.setattr(exchange_log, "KEPT_REFERENCES", 2)
    log = ExchangeLog(tmp_path)
    for number in range(5):
        log.begin(f"r{number}", terminal="counter")
        if number:
            log.acknowledge(f"r{number}")
    log.close()
    again = ExchangeLog(tmp_path)
    assert again.epoch == log.epoch
    assert sorted(again.references) == ["r0", "r3", "r4"]
    again.close()
    last = ExchangeLog(tmp_path)
    assert last.open_references() == ["r0"]
    last.close()
