"""Programs that run beside us: started, waited for, and never left behind."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time

from .cache import cache
from .commands import tail
from .problem import Problem

STOP_SECONDS = 10
POLL_SECONDS = 0.1
PR_SET_PDEATHSIG = 1
# Loaded here: little is allowed between a fork and the new program.
LIBC = ctypes.CDLL(None)


class Process:
    """A program with its own process group; its output goes to a log."""

    def __init__(self, name, command, environment=None):
        self.name = name
        self.command = [str(word) for word in command]
        self.environment = environment or {}
        self.log = cache("log", f"{name}.log")
        self.popen = None

    @property
    def pid(self):
        return self.popen.pid

    def start(self):
        """Start it, at the end of its log when it ran before."""
        with open(self.log, "a" if self.popen else "w") as output:
            self.popen = subprocess.Popen(
                self.command,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: die_with_parent(signal.SIGTERM),
            )

    def stop(self):
        """Ask it to end, and end it by force if it does not."""
        if self.running():
            self.popen.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.popen.wait(STOP_SECONDS)
        self.kill()

    def kill(self):
        """End it and all its children at once, as kill -9 does."""
        if self.popen:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
            self.popen.wait()

    def running(self):
        return self.popen is not None and self.popen.poll() is None

    def wait_for(self, condition, seconds):
        """Wait until it is ready; ``Problem`` if it ends or takes too long."""
        deadline = time.monotonic() + seconds
        while not condition():
            self.check()
            if time.monotonic() > deadline:
                raise self.problem(f"is not ready after {seconds} s")
            time.sleep(POLL_SECONDS)

    def wait(self, seconds):
        """Wait for its end and return its exit code; ``Problem`` if it takes longer."""
        try:
            return self.popen.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise self.problem(f"has not ended after {seconds} s") from error

    def check(self):
        """Raise ``Problem`` if it has ended by itself."""
        if not self.running():
            raise self.problem(f"has ended with code {self.popen.returncode}")

    def problem(self, what):
        ended = f"{self.name} {what}:\n{tail(self.log)}"
        return Problem(ended, f"The whole log: {self.log}")


@contextlib.contextmanager
def started(process):
    """Run a process as long as the block; it is stopped whatever happens."""
    try:
        process.start()
        yield process
    finally:
        process.stop()


def die_with_parent(number):
    """Have the kernel send this signal when our parent dies, even by kill -9.

    Called in the new process. Only Linux knows it; elsewhere nothing happens.
    """
    if sys.platform == "linux":
        LIBC.prctl(PR_SET_PDEATHSIG, int(number))


def stop_on_signals():
    """Let SIGTERM and a closed window unwind the blocks as Ctrl-C does."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)


def interrupt(number, frame):
    """Stop; a second Ctrl-C must not interrupt the stopping itself."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def is_alive(pid):
    """Return whether a process with this number runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def is_free(port):
    """Return whether a program may listen on this port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port():
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
