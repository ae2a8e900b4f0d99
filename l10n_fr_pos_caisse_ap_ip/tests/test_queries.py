"""What a payment asks of the database: each query is a moment that somebody waits."""

from odoo.tests import tagged

from ..caisse_ap import Verdict
from .common import TerminalCase

# Most in any series: 19.0 needs 11 and 9; 14.0 asks for the time again and again, and
# reads journal and company for a currency.
START_QUERIES = 22
RESULT_QUERIES = 14
APPROVED = Verdict("approved", "approved", 1234)


@tagged("post_install", "-at_install")
class TestQueries(TerminalCase):
    connects_at_once = True

    def test_start(self):
        """The terminal gets the amount after a handful of queries."""
        first = self.cheque.with_user(self.cashier), self.payload()
        second = self.till(), self.payload(page="a-page", order_lines=[])
        counts = [
            self.queries(method.fr_caisse_ap_ip_start, payload)
            for method, payload in (first, second)
        ]
        # The first one finds out about rights, which Odoo remembers.
        self.assertLessEqual(counts[1], START_QUERIES)

    def test_row_is_what_odoo_would_write(self):
        """A row inserted in one statement holds what Odoo would have computed."""
        self.method.fr_caisse_ap_ip_free_refund = True
        row = self.transaction(self.start(operation="credit", amount_cents=1999))
        inserted = row.read(["name", "amount", "amount_approved"])
        row._compute_amounts()
        row._compute_name()
        self.flush(row)
        self.forget(row)
        self.assertEqual(row.read(["name", "amount", "amount_approved"]), inserted)
        self.assertEqual(inserted[0]["amount"], -19.99)
        self.assertEqual(row.create_uid, self.cashier)

    def test_value_without_a_column(self):
        """What would be lost without a word is refused."""
        rows = self.env["fr.caisse.ap.ip.transaction"]
        with self.assertRaisesRegex(ValueError, "receipt"):
            rows._insert({"reference": "a-reference", "receipt": "Merci"})

    def test_result(self):
        """So does the page get the terminal's word."""
        self.answer(self.transaction(self.start()))
        row = self.transaction(self.start())
        count = self.queries(row._record_result, APPROVED)
        self.assertLessEqual(count, RESULT_QUERIES)
