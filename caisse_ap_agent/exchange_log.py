# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the agent did, on disk before it does it: lines of JSON.

    begin -> sent -> answer -> acknowledged

`begin` is written before the terminal is called, `sent` before the first byte: so after
a crash what has begun and not left was not sent, and what has left without an answer is
unknown. A reference that is in here is never carried out again. No full card number and
no expiry date ever gets here: what is written is masked.

Each line is synced but `begin`, which is with `sent`: a customer need not wait for a
slow card twice. Where a loss of power takes it nothing had left, and Odoo ends as not
sent what this log never saw.

The log has an epoch, made with it: another epoch tells the server that the records are
gone. `run` counts the starts of the program.
"""

import json
import os
import threading
import time
import uuid

from .file_lock import lock_file

FILE_NAME = "exchanges.jsonl"
# A log that has grown this large is written anew at the next start.
COMPACT_BYTES = 2_000_000
KEPT_REFERENCES = 1000


class LogError(OSError):
    """The disk does not take what must be written: nothing may leave."""


class ExchangeLog:
    """The log in a folder; only one program may have it.

    `references`: what is known of each one, a dict of `begin`, `sent`, `answer` (a
    report) and `acknowledged`. Raise OSError when the folder cannot be used, or another
    program does.
    """

    def __init__(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._path = folder / FILE_NAME
        self._guard = lock_file(folder / "lock")
        self.epoch, self.run, self.references = _read_or_put_aside(self._path)
        self.run += 1
        if self._path.exists() and self._path.stat().st_size > COMPACT_BYTES:
            self._compact()
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        self._file = os.open(self._path, flags, 0o600)
        self._size = _whole_lines(self._file)
        os.ftruncate(self._file, self._size)
        self._write(epoch=self.epoch, run=self.run)
        _sync_folder(folder)

    def close(self):
        os.close(self._file)
        self._guard.close()

    def knows(self, reference):
        return reference in self.references

    def begin(self, reference, **what):
        """Note that a reference is about to be carried out. Raise LogError.

        Nothing may leave before `sent`, which syncs both.
        """
        self._note(reference, is_synced=False, begin=what)

    def sent(self, reference):
        """Note that the first byte is about to leave. Raise LogError."""
        self._note(reference, sent=True)

    def answer(self, reference, report):
        """Note what the server is to be told (dict). Raise LogError."""
        self._note(reference, answer=report)

    def acknowledge(self, reference):
        """Note that the server has it. Raise LogError."""
        self._note(reference, acknowledged=True)

    def open_references(self):
        """Return the references that the server has not acknowledged yet (list)."""
        with self._lock:
            return [
                reference
                for reference, known in self.references.items()
                if not _is_closed(known)
            ]

    def _note(self, reference, is_synced=True, **entry):
        self._write(is_synced, reference=reference, **entry)
        with self._lock:
            self.references.setdefault(reference, {}).update(entry)

    def _write(self, is_synced=True, **entry):
        """Append a line, which is on the disk when this returns if it is synced."""
        line = json.dumps(dict(entry, at=_now())).encode() + b"\n"
        with self._lock:
            try:
                written = os.write(self._file, line)
                if written < len(line):
                    raise OSError("the disk took only a part of a line")
                if is_synced:
                    os.fsync(self._file)
            except OSError as error:
                os.ftruncate(self._file, self._size)
                raise LogError(f"{self._path}: {error}") from error
            self._size += len(line)

    def _compact(self):
        """Leave out what was acknowledged long ago."""
        closed = [ref for ref, known in self.references.items() if _is_closed(known)]
        for reference in closed[:-KEPT_REFERENCES]:
            del self.references[reference]
        lines = [{"epoch": self.epoch, "run": self.run}]
        lines += [
            dict(known, reference=reference)
            for reference, known in self.references.items()
        ]
        new = self._path.with_suffix(".new")
        with open(new, "wb") as file:
            file.writelines(json.dumps(line).encode() + b"\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, self._path)


def read_open_references(folder):
    """Return the references that are not acknowledged, while another program works."""
    _epoch, _run, references = _read(folder / FILE_NAME)
    return [ref for ref, known in references.items() if not _is_closed(known)]


def _read_or_put_aside(path):
    """Return what _read does; a log that cannot be read is put aside for a person."""
    try:
        return _read(path)
    except (ValueError, KeyError, AttributeError):
        os.replace(path, path.with_suffix(f".broken-{int(time.time())}"))
        return _read(path)


def _read(path):
    """Return the epoch, the number of starts and what is known of each reference.

    A line that was cut short by a loss of power was never relied on.
    """
    epoch, run, references = uuid.uuid4().hex, 0, {}
    lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
    for line in lines:
        entry = json.loads(line)
        if "epoch" in entry:
            epoch, run = entry["epoch"], entry["run"]
        else:
            entry.pop("at", None)
            references.setdefault(entry.pop("reference"), {}).update(entry)
    return epoch, run, references


def _whole_lines(file):
    """Return the size in bytes up to the last line's end."""
    size = os.lseek(file, 0, os.SEEK_END)
    while size:
        os.lseek(file, size - 1, os.SEEK_SET)
        if os.read(file, 1) == b"\n":
            break
        size -= 1
    return size


def _is_closed(known):
    return known.get("acknowledged")


def _sync_folder(folder):
    """A new file is on the disk only once its folder is; not so on Windows."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _now():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
