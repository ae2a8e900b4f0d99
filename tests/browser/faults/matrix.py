# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The fault matrix: what happens to a sale of one Camembert, and how it must end.

Each row is played in a real browser against a real Odoo server, a real PostgreSQL and
a terminal on a real socket (script/faults). ``expectations.py`` says how it may end,
``fault_injections`` what happens.
"""

from rows import copies, devices, orders, people, sale, tables

ROWS = sale.ROWS + devices.ROWS + orders.ROWS + people.ROWS + tables.ROWS + copies.ROWS
