# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Terminals for a test, or for anything that has no event loop of its own.

In a test:

    with SimulatedTerminal("refuse") as terminal:
        ...  # a till calls terminal.host, terminal.port
        assert terminal.ledger.last.decision == "refused"
"""

import asyncio
import threading

from .terminal import Terminal

# Nothing here takes that long: a test that would hang fails instead.
RUN_SECONDS = 30.0


class LoopThread:
    """An event loop in a daemon thread: a test that fails must still end."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self.loop.run_forever, name="simulated-terminal", daemon=True
        )
        self._thread.start()

    def run(self, coroutine):
        """Run a coroutine in the loop and return (or raise) what it does."""
        future = asyncio.run_coroutine_threadsafe(coroutine, self.loop)
        return future.result(RUN_SECONDS)

    @property
    def is_current(self):
        """True for what runs in this thread: it must not wait for the loop."""
        return threading.current_thread() is self._thread

    def stop(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


class SimulatedTerminal(Terminal):
    """A Terminal in a thread; `start` and `stop`, or a `with` statement.

    Its ledger, its port and what was queued survive a `stop`, as they would in a
    terminal that is switched off. Takes the arguments of Terminal.
    """

    def __init__(self, *args, **options):
        self._thread = None
        self._shares_thread = False
        self._change = threading.Condition()
        super().__init__(*args, **options)
        self.observe(self._wake)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_error):
        self.stop()

    def start(self, thread=None):
        """Listen, in a thread shared with others or in an own one.

        Raise OSError when the port is taken.
        """
        self._shares_thread = thread is not None
        self._thread = thread or LoopThread()
        try:
            self._thread.run(self.open())
        except OSError:
            self._leave_thread()
            raise
        return self

    def stop(self):
        """Leave no thread, socket or task behind. Harmless when stopped already."""
        if self._thread is not None:
            self._thread.run(self.close())
            self._leave_thread()

    def tap(self, name="accept"):
        """As Terminal.tap, from any thread."""
        if self._thread.is_current:
            return super().tap(name)

        async def tap():
            return super(SimulatedTerminal, self).tap(name)

        return self._thread.run(tap())

    def wait_for(self, what, timeout=5.0):
        """Wait until `what` is true of the terminal.

        `what`: a function of the terminal, or the number of ledger entries whose
        answer has been dealt with. `timeout`: seconds. Raise TimeoutError.
        """
        condition = what if callable(what) else _answered(what)
        with self._change:
            if not self._change.wait_for(lambda: condition(self), timeout):
                raise TimeoutError(f"not within {timeout} s: {self.state()}")

    def _leave_thread(self):
        thread, self._thread = self._thread, None
        if not self._shares_thread:
            thread.stop()

    def _wake(self, *_change):
        with self._change:
            self._change.notify_all()


class SimulatedTerminals(list):
    """Many terminals in one thread, as a list; `options` are those of Terminal."""

    def __init__(self, count, **options):
        super().__init__(SimulatedTerminal(**options) for _number in range(count))
        self._thread = None

    def __enter__(self):
        self._thread = LoopThread()
        for terminal in self:
            terminal.start(self._thread)
        return self

    def __exit__(self, *_error):
        for terminal in self:
            terminal.stop()
        self._thread.stop()


def _answered(count):
    return lambda terminal: count <= sum(
        entry.delivered is not None for entry in terminal.ledger.entries
    )
