"""A new row in one statement: Odoo's create() takes more, and the cashier waits."""

from psycopg2.errors import UniqueViolation

from odoo import models

from ..environment import flush
from .transaction import row_name, signed_amount

# What a new row may say of itself; all else is empty.
COLUMNS = (
    "about_id",
    "agent_id",
    "agent_request",
    "agent_terminal",
    "amount",
    "amount_approved",
    "amount_cents",
    "approved_cents",
    "cashier_name",
    "company_id",
    "config_id",
    "create_date",
    "create_uid",
    "currency_id",
    "lease_until",
    "line_uuid",
    "mode",
    "name",
    "operation",
    "order_name",
    "order_uuid",
    "owner_order_name",
    "owner_order_uuid",
    "owner_uuid",
    "page",
    "payment_method_id",
    "reason",
    "reference",
    "refunded_order_id",
    "seen_at",
    "session_id",
    "state",
    "terminal_address",
    "terminal_network",
    "terminal_port",
    "user_id",
    "write_date",
    "write_uid",
)
INSERT = f"""
    INSERT INTO fr_caisse_ap_ip_transaction ({", ".join(COLUMNS)})
    VALUES ({", ".join(f"%({column})s" for column in COLUMNS)})
    RETURNING id
"""


class FrCaisseApIpTransaction(models.Model):
    _inherit = "fr.caisse.ap.ip.transaction"

    def _insert(self, values):
        """Insert a row unless an index of the table forbids it.

        :param dict values: of the columns above
        :return: the record, or none
        :raise ValueError: a value has no column there, and would be lost
        """
        lost = set(values).difference(COLUMNS)
        if lost:
            raise ValueError(f"not among COLUMNS: {', '.join(sorted(lost))}")
        row = dict.fromkeys(COLUMNS)
        row.update(self._computed_values(values), **values)
        # To PostgreSQL False is no empty value.
        row = {name: None if value is False else value for name, value in row.items()}
        flush(self)  # a lease that has just lapsed
        try:
            # Not ON CONFLICT DO NOTHING: that of a row committed since our snapshot is
            # an error after which Odoo begins anew, up to two seconds later.
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(INSERT, row, log_exceptions=False)
                inserted = self.browse(self.env.cr.fetchone()[0])
        except UniqueViolation:
            return self.browse()
        inserted._remember(row)
        return inserted

    def _computed_values(self, values):
        """Return what Odoo would add (dict)."""
        currency = self.env["res.currency"].browse(values["currency_id"])
        method = self.env["pos.payment.method"].browse(values["payment_method_id"])
        amount = signed_amount(values["amount_cents"], values["operation"], currency)
        now = self._database_time()
        return {
            "name": row_name(values.get("order_name") or method.name, amount, currency),
            "amount": amount,
            "amount_approved": 0,
            "approved_cents": 0,
            "create_date": now,
            "create_uid": self.env.uid,
            "write_date": now,
            "write_uid": self.env.uid,
        }

    def _remember(self, row):
        """Have Odoo know the row that was just written: it need not read it."""
        stored = [name for name, field in self._fields.items() if field.store]
        known = dict(dict.fromkeys(stored), **row)
        del known["id"]
        self._update_cache(known, validate=False)
