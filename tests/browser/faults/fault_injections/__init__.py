# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The faults of the matrix: each function injects one into a ``context.Context``.

Those that take arguments return such a function. Between two steps a fault waits for
what must have happened, never for a time, but where time is the fault.
"""
