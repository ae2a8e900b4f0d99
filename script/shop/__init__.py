"""What script/demo and script/test share: an Odoo, its database and a terminal.

Standard library only: this runs before any virtual environment exists.
"""
