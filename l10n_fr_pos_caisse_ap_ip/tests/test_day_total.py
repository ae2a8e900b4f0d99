from datetime import timedelta

from odoo.tests import tagged

from .common import TerminalCase


@tagged("post_install", "-at_install")
class TestDayTotal(TerminalCase):
    def totals(self, **values):
        total = self.env["fr.caisse.ap.ip.day.total"].new(
            dict({"payment_method_id": self.method.id}, **values)
        )
        total._onchange_terminal()
        return total

    def test_sums_are_per_application(self):
        """As the terminal's own end-of-day receipt shows them."""
        for code, cents in (("001", 1000), ("001", 500), ("00E", 900)):
            transaction = self.transaction(self.start(amount_cents=cents))
            self.answer(transaction, CC=code)
        self.method.fr_caisse_ap_ip_free_refund = True
        self.answer(self.transaction(self.start(operation="credit")), CC="001")
        found = {line.application: line.amount for line in self.totals().line_ids}
        self.assertEqual(sorted(found.values()), [2.66, 9.0])

    def test_reversed_payment_counts_for_nothing(self):
        """The terminal took it back: plus and minus."""
        self.method.fr_caisse_ap_ip_can_reverse = True
        self.approved(line_uuid="line-0001")
        self.answer(
            self.transaction(self.start(operation="reversal", line_uuid="line-0001"))
        )
        self.assertEqual(self.totals().line_ids.amount, 0)

    def test_unknown_payments_are_counted_apart(self):
        """They explain a difference."""
        self.unknown()
        total = self.totals()
        self.assertEqual(total.unknown_count, 1)
        self.assertFalse(total.line_ids)

    def test_other_days_and_terminals_are_left_out(self):
        """A day total is of one terminal and one day."""
        transaction = self.approved()
        self.assertTrue(self.totals().line_ids)
        self.assertFalse(self.totals(payment_method_id=self.cheque.id).line_ids)
        yesterday = self.totals().day - timedelta(days=1)
        self.assertFalse(self.totals(day=yesterday).line_ids)
        self.assertTrue(transaction)

    def test_today_is_the_day_of_the_user(self):
        """Also where it is tomorrow, or still yesterday; no zone is France's."""
        self.approved()
        for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", False):
            self.env.user.tz = zone
            self.assertTrue(self.totals().line_ids, zone)

    def test_difference_is_shown(self):
        """What was typed from the receipt, empty at first, minus what Odoo counted."""
        self.approved()
        line = self.totals().line_ids
        self.assertFalse(line.terminal_amount)
        line.terminal_amount = 20
        self.assertEqual(round(line.difference, 2), 7.66)

    def test_what_stands_on_one_side_is_named(self):
        """A payment that no terminal knows of, and one that no sale carries (A6)."""
        transaction = self.approved()
        self.assertIn("Without a sale", self.totals().differences)
        self.pay(self.order(state="paid"), transaction)
        self.assertFalse(self.totals().differences)
        typed = self.pay(self.order(state="paid"), transaction)
        name = self.name_of(typed.pos_order_id)
        self.assertIn(name, self.totals().differences)
