# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What script/bench measures: see main.py."""
