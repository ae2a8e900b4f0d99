# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What Odoo's database says: the transactions of the addon, the payments, all of it."""

from shop.polling import wait_until

ALL_TABLES = """
    SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'
"""

FINAL = {"approved", "refused", "not_sent"}

# A killed server leaves leases that lapse.
RUNNING = """
    SELECT 1 FROM fr_caisse_ap_ip_transaction
    WHERE lease_until > now() AT TIME ZONE 'UTC'
"""
# A table that was left open is found again by the next test.
CANCEL_ORDERS = "UPDATE pos_order SET state = 'cancel' WHERE state = 'draft'"


class Transactions:
    """The rows of a shop's database, as dictionaries."""

    def __init__(self, shop):
        self.shop = shop

    def rows(self, table, condition="true", *params):
        query = f"SELECT to_jsonb(t) FROM {table} t WHERE {condition} ORDER BY id"
        return [row for (row,) in self.shop.sql(query, params)]

    def all(self):
        return self.rows("fr_caisse_ap_ip_transaction")

    def states(self):
        """Return what became of each transaction, the oldest first."""
        return [row["state"] for row in self.all()]

    def reasons(self):
        """Return why each transaction is what it is, the oldest first."""
        return [(row["state"], row["reason"]) for row in self.all()]

    def may_change(self):
        """Return whether a question about a transaction may go away by itself.

        Nobody need say any more what became of it, or its terminal still may.
        """
        states = set(self.states())
        is_over = bool(states) and states <= FINAL
        return is_over or self.are_running()

    def are_running(self):
        """Return whether any terminal is still listened to."""
        return bool(self.shop.sql(RUNNING))

    def last(self):
        return self.all()[-1]

    def forget_pages(self):
        """Let every page that holds a sale be gone for minutes."""
        column = "UPDATE fr_caisse_ap_ip_transaction SET seen_at = seen_at"
        self.shop.sql(f"{column} - interval '5 minutes'")

    def payments(self):
        """Return the payments that carry a transaction of the transactions."""
        ours = "SELECT reference FROM fr_caisse_ap_ip_transaction"
        return self.rows("pos_payment", f"transaction_id IN ({ours})")

    def returned_cents(self):
        """Return what was given back to customers without a sale (int)."""
        return sum(
            row["approved_cents"]
            for row in self.all()
            if row["resolution"] == "refunded"
        )

    def person(self, user):
        """Return the login of a user's id."""
        return self.rows("res_users", "id = %s", user)[0]["login"]

    def wait_for(self, *states, seconds=30):
        """Wait until the transactions have these states, the oldest first."""
        wait_until(lambda: self.states() == list(states), seconds, self.states)

    def wait_for_last(self, field, value, seconds=30):
        """Wait until a field of the last transaction has this value."""
        wait_until(lambda: self.last()[field] == value, seconds, self.last)

    def wait_for_resolution(self, value):
        """Wait until a person resolved the last transaction that way."""
        self.wait_for_last("resolution", value)

    def wait_for_news(self, before):
        """Wait until the last transaction is not what it was."""
        wait_until(lambda: self.last()["events"] != before["events"], 30, self.last)

    def clear(self):
        """Forget a test once no exchange of it runs: the next one has its own."""
        wait_until(lambda: not self.are_running(), 30, self.states)
        self.shop.sql("DELETE FROM fr_caisse_ap_ip_transaction")
        self.shop.sql(CANCEL_ORDERS)

    def tables_with(self, text):
        """Return the names of all tables that hold a text in any column."""
        tables = [name for (name,) in self.shop.sql(ALL_TABLES)]
        parts = [
            f"SELECT '{name}' FROM {name} t WHERE strpos(t::text, %s) > 0"
            for name in tables
        ]
        found = self.shop.sql(" UNION ".join(parts), [text] * len(parts))
        return [name for (name,) in found]
