"""Wait for what nobody tells us."""

import time

POLL_SECONDS = 0.1


def wait_until(condition, seconds, describe=lambda: ""):
    """Poll until a function returns something true, and return that.

    :raise TimeoutError: it did not; ``describe`` says how things are instead
    """
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s: {describe()}")
        time.sleep(POLL_SECONDS)
