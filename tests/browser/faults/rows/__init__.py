# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The rows of the matrix, by what they are about."""
