"""Named steps with the time each took."""

import contextlib
import time

# The step whose line is being written, if any.
writing = []


@contextlib.contextmanager
def step(name):
    """Print the name when the step begins and its seconds when it ends.

    Whoever runs the step may add a few notes about its result by calling what
    this yields. A step may hold others.
    """
    started = time.monotonic()
    notes = []
    begin(name)
    try:
        yield notes.append
    except BaseException:
        end(name, "failed")
        raise
    end(name, ", ".join([f"{time.monotonic() - started:.1f} s", *notes]))


def begin(name):
    if writing:
        print()
    writing[:] = [name]
    print(f"  {name} …", end=" ", flush=True)


def end(name, result):
    prefix = "" if writing == [name] else f"  {name} … "
    writing.clear()
    print(prefix + result, flush=True)
