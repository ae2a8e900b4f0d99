# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What Odoo's own bus costs: no news can be on the screen sooner.

A message without content, on the channel that brought the last result, from the
database's NOTIFY to the page that is told.
"""

import time

from .clock import clock_offset

# Whose till hears the bus at all times.
SERIES = ("17.0", "18.0", "19.0")
MESSAGES = 20
PAUSE_SECONDS = 0.3
HEARD = "window.heardAt"
REPEAT_EMPTY = """
    INSERT INTO bus_bus (channel, message, create_date)
    SELECT channel, jsonb_set(message::jsonb, '{payload,states}', '[]')::text,
           now() AT TIME ZONE 'UTC'
    FROM bus_bus WHERE message LIKE '%%FR_CAISSE_AP_IP%%' ORDER BY id DESC LIMIT 1
    RETURNING channel
"""
NOTIFY = "SELECT extract(epoch FROM clock_timestamp())::float8, pg_notify('imbus', %s)"


def milliseconds(till):
    """Return how long each bare message took (list of float)."""
    return [one_message(till) for _message in range(MESSAGES)]


def one_message(till):
    time.sleep(PAUSE_SECONDS)
    till.evaluate(f"void ({HEARD} = undefined)")
    [[channel]] = till.shop.sql(REPEAT_EMPTY, [])
    [[sent, _void]] = till.shop.installation.sql("postgres", NOTIFY, [f"[{channel}]"])
    till.page.wait_for_function(HEARD)
    return 1000 * (till.evaluate(HEARD) - clock_offset(till) - sent)
