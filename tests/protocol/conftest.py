# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A busy machine is no fault of the code: examples may take their time."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
