"""Start Odoo, whatever its series and wherever it lies (on PYTHONPATH)."""

import os

# Odoo counts in UTC and wants it set before the module time is used.
os.environ["TZ"] = "UTC"

import odoo.cli  # noqa: E402

if __name__ == "__main__":
    odoo.cli.main()
