# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The person in front of the simulated terminal: takes time, may be told what to do."""

import asyncio
import time


class Customer:
    def __init__(self):
        self._told = None
        self._timer = None

    def tell(self, name):
        """Make the customer do `name` now. Return False if nobody stands there."""
        waiting = self._told is not None and not self._told.done()
        if waiting:
            self._told.set_result(name)
        return waiting

    async def act(self, request, connection, scenario, delay):
        """Wait until the customer acts; return the scenario told meanwhile, or "".

        The seconds count from the last byte of the request, or from the hang-up.
        """
        self._told = asyncio.get_event_loop().create_future()
        seconds = delay if scenario.seconds is None else scenario.seconds
        if scenario.after_till:
            connection.gone.add_done_callback(lambda _gone: self._act_in(seconds))
        elif not scenario.manual:
            self._act_in(request.arrived + seconds - time.monotonic())
        try:
            return await self._told
        finally:
            self._timer = self._timer and self._timer.cancel()
            self._told = None

    def _act_in(self, seconds):
        loop = asyncio.get_event_loop()
        self._timer = loop.call_later(max(0.0, seconds), self.tell, "")
