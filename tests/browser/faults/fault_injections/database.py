# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The database, and the connection to it."""

import contextlib
import os
import signal
import time

# A transaction says so when the request may leave, and when it has a result.
MARKED_SENT = "NEW.state = 'sent' AND OLD.state = 'pending'"
RESULT = "OLD.state = 'sent' AND NEW.state <> 'sent'"


def no_row(error):
    """The transaction cannot be written: nothing may be sent."""

    def act(context):
        context.break_table("INSERT", error)
        context.pay()
        context.table_refused()

    return act


def not_marked(error):
    """It cannot be noted that the request is about to leave: it must not."""

    def act(context):
        context.break_table("UPDATE", error, times=1, condition=MARKED_SENT)
        context.pay()
        context.table_refused()

    return act


def replayed_by_odoo(context):
    """PostgreSQL refuses twice what Odoo then does again by itself."""
    context.break_table("INSERT", "40001", times=2)
    context.pay()
    context.table_refused()


def no_result(error):
    """The result cannot be written at first."""

    def act(context):
        context.stand()
        context.break_table("UPDATE", error, times=3, condition=RESULT)
        context.customer("accept")
        context.table_refused()

    return act


def cut_connections(context):
    """All connections between Odoo and PostgreSQL are cut."""
    context.database_proxy.drop()


def connections_cut(context):
    cut_connections(context)
    context.pay()


def away(context):
    """There is no database until the cashier has been told."""
    context.database_proxy.down()
    context.pay()
    context.close_dialog()
    context.database_back()


def away_at_the_answer(seconds):
    """There is no database for a while when the terminal answers."""

    def act(context):
        context.stand()
        context.database_proxy.down()
        context.customer("accept")
        time.sleep(seconds)
        context.database_back()
        with contextlib.suppress(TimeoutError):  # its end is looked at anyway
            context.ended()

    return act


def restarted(context):
    """One process of PostgreSQL dies: it ends all others and starts anew."""
    context.stand()
    query = "SELECT pid FROM pg_stat_activity WHERE datname = %s"
    [victim] = context.shop.sql(query, [context.shop.database])[:1]
    os.kill(victim[0], signal.SIGKILL)
    context.customer("accept")
    context.database_restarted()
    context.log_in_again()
