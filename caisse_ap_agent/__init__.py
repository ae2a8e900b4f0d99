# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The program in the shop of a hosted Odoo: it dials out, and talks to the terminals.

    claim (HTTPS) -> log on disk -> exchange with the terminal -> log -> result (HTTPS)

Odoo rings on its bus when something is due; the ring carries nothing. Nothing listens
here. See docs/en/agent.md.
"""

__version__ = "1.0.0"
