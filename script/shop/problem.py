"""The errors a person is meant to read."""


class Problem(Exception):
    """Something is wrong: what it is, and what the person can do about it."""

    def __init__(self, what, remedy):
        super().__init__(f"{what}: {remedy}")
        self.what = what
        self.remedy = remedy


class Unavailable(Problem):
    """Something cannot be had on this machine: a reason to leave a series out."""
