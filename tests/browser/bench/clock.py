# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The clock of a page, and ours."""

import time

PAGE_CLOCK = "(performance.timeOrigin + performance.now()) / 1000"


def clock_offset(till):
    """Return how many seconds the page's clock is ahead of ours."""
    samples = []
    for _sample in range(5):
        before = time.time()
        there = till.evaluate(PAGE_CLOCK)
        after = time.time()
        samples.append((after - before, there - (before + after) / 2))
    return min(samples)[1]
