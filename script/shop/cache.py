"""Where everything that can be made again is kept."""

import contextlib
import fcntl
import hashlib
import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SCRIPT = REPOSITORY / "script"


def cache(*parts):
    """Return the path of a cached thing; its folder is made, the thing is not."""
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    path = Path(root, "caisse-ap", *parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


@contextlib.contextmanager
def lock(name, wait=True):
    """Let one process at a time make the named thing; the next one finds it made.

    :param wait: False: ``BlockingIOError`` when another process is at it
    """
    with open(cache("locks", name), "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield


def fingerprint(*parts):
    """Return a short name for some texts or bytes, the same for the same parts."""
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode()
        digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()[:12]
