# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One program at a time, by a lock that the system frees when the program dies."""

import sys


def lock_file(path):
    """Return the open file that holds the lock. Raise OSError when another has it."""
    file = open(path, "a+")  # it stays open as long as the lock is held
    try:
        _lock(file)
    except OSError as error:
        file.close()
        raise OSError(f"{path}: another agent uses this folder") from error
    return file


if sys.platform == "win32":
    import msvcrt

    def _lock(file):
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
