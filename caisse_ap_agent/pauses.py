# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Pauses between attempts: short at first, then longer, never all at the same time."""

import asyncio
import random

SHORTEST_SECONDS = 0.5
LONGEST_SECONDS = 30.0


class Pauses:
    def __init__(self, longest=LONGEST_SECONDS):
        self._longest = longest
        self._next = SHORTEST_SECONDS

    def reset(self):
        self._next = SHORTEST_SECONDS

    def seconds(self):
        """Return the next pause: two hundred shops must not come back at once."""
        pause = self._next * random.uniform(0.7, 1.3)
        self._next = min(self._longest, self._next * 2)
        return pause

    async def wait(self):
        await asyncio.sleep(self.seconds())
