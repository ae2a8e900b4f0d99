from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TerminalCase


@tagged("post_install", "-at_install")
class TestRefund(TerminalCase):
    def setUp(self):
        super().setUp()
        self.paid = self.order(12.34)
        self.pay(self.paid, self.approved())
        self.line = self.env["pos.order.line"].create(
            {
                "order_id": self.paid.id,
                "product_id": self.env["product.product"]
                .create({"name": "Livre", "available_in_pos": True})
                .id,
                "qty": 1,
                "price_unit": 12.34,
                "price_subtotal": 12.34,
                "price_subtotal_incl": 12.34,
            }
        )

    def refund(self, cents, **values):
        values.setdefault("refunded_lines", self.line.ids)
        return self.start(operation="credit", amount_cents=cents, **values)

    def test_refund_up_to_what_was_paid_is_sent(self):
        """The whole order may be given back."""
        self.assertEqual(self.refund(1234)["state"], "pending")

    def test_refund_above_what_was_paid_is_refused(self):
        """Nothing is recorded, nothing is sent."""
        sent = len(self.sent)
        with self.assertRaisesRegex(UserError, "Maximum refund"):
            self.refund(1235)
        self.assertEqual(len(self.sent), sent)

    def test_second_refund_counts_the_first(self):
        """What was given back is given back once."""
        self.answer(self.transaction(self.refund(1000)))
        with self.assertRaisesRegex(UserError, "Maximum refund"):
            self.refund(300)
        self.assertEqual(self.refund(234)["state"], "pending")

    def test_exchange_for_more_adds_nothing_to_give_back(self):
        """A debit that refunds lines of the order took money, and gave none back."""
        self.answer(
            self.transaction(self.start(amount_cents=500, refunded_lines=self.line.ids))
        )
        with self.assertRaisesRegex(UserError, "Maximum refund"):
            self.refund(1235)

    def test_refused_refund_does_not_count(self):
        """No money moved: the customer may try again."""
        refused = self.transaction(self.refund(1234))
        self.answer(refused, AE="01", AF="04", AC="")
        self.assertEqual(self.refund(1234)["state"], "pending")

    def test_order_paid_otherwise_names_how(self):
        """The cashier is told which method the order was paid with."""
        with self.assertRaisesRegex(UserError, "Carte"):
            self.cheque.with_user(self.cashier).fr_caisse_ap_ip_start(
                self.payload(
                    operation="credit",
                    amount_cents=100,
                    refunded_lines=self.line.ids,
                )
            )

    def test_limit_asks_for_a_manager(self):
        """Above the limit a cashier alone cannot refund."""
        self.method.fr_caisse_ap_ip_refund_limit = 10
        state = self.refund(1001)
        self.assertEqual(state["reason"], "needs_manager")
        self.assertIn("10", state["message"])
        self.assertEqual(self.refund(1000)["state"], "pending")

    def test_reversal_takes_back_what_was_just_paid(self):
        """CD=2, once, where the setting says that the terminal can."""
        self.method.fr_caisse_ap_ip_can_reverse = True
        paid = self.approved(line_uuid="line-0001")
        reversal = {"operation": "reversal", "line_uuid": "line-0001"}
        state = self.start(**reversal)
        self.assertEqual(dict(self.sent[-1][1].fields())["CD"], "2")
        self.answer(self.transaction(state))
        self.assertEqual(paid.resolution, "reversed")
        self.assertFalse(paid.is_orphan)
        self.assertEqual(self.start(**reversal)["reference"], state["reference"])

    def test_payment_that_is_being_reversed_pays_nothing_else(self):
        """Neither another sale nor the customer, until somebody knows."""
        self.method.fr_caisse_ap_ip_can_reverse = True
        paid = self.approved(line_uuid="line-0001", page="page-a")
        reversal = self.unknown(operation="reversal", line_uuid="line-0001")
        sale = {
            "line_uuid": "line-0002",
            "order_uuid": "order-b",
            "order_name": "Order B",
            "session_id": self.session.id,
            "page": "page-b",
        }
        with self.later(100):
            self.assertFalse(self.tell([], "page-b")["others"])
            for use in (
                lambda: self.till().fr_caisse_ap_ip_attach(
                    paid.reference, sale, "line-0001"
                ),
                lambda: self.till().fr_caisse_ap_ip_mark_refunded(
                    paid.reference, "line-0001"
                ),
            ):
                self.assertEqual(use()["owner_uuid"], "line-0001")
        self.till().fr_caisse_ap_ip_resolve(reversal.reference, "refused")
        with self.later(100):
            self.assertTrue(self.tell([], "page-b")["others"])

    def test_reversal_needs_the_setting_and_a_payment(self):
        """Nothing is sent for a line that was not paid, or where it is off."""
        self.approved(line_uuid="line-0001")
        with self.assertRaises(UserError):
            self.start(operation="reversal", line_uuid="line-0001")
        self.method.fr_caisse_ap_ip_can_reverse = True
        for wrong in ({"line_uuid": "line-0002"}, {"amount_cents": 5}):
            payload = dict({"operation": "reversal", "line_uuid": "line-0001"}, **wrong)
            with self.assertRaises(UserError):
                self.start(**payload)

    def test_refund_without_a_sale_needs_a_manager(self):
        """No cap can be found for it; a setting leaves it to cashiers."""
        state = self.refund(100, refunded_lines=[])
        self.assertEqual((state["state"], state["reason"]), ("busy", "needs_manager"))
        self.assertIn("without a sale", state["message"])
        self.method.fr_caisse_ap_ip_free_refund = True
        self.assertEqual(self.refund(100, refunded_lines=[])["state"], "pending")

    def test_reversal_counts_as_a_refund(self):
        """It gives money back: the limit holds, and the cap sinks."""
        self.method.fr_caisse_ap_ip_can_reverse = True
        self.method.fr_caisse_ap_ip_refund_limit = 5
        paid = self.approved(line_uuid="line-0001")
        reversal = {"operation": "reversal", "line_uuid": "line-0001"}
        self.assertEqual(self.start(**reversal)["reason"], "needs_manager")
        self.method.fr_caisse_ap_ip_refund_limit = 0
        self.pay(self.paid, paid)
        self.assertAlmostEqual(
            self.method._fr_caisse_ap_ip_refundable(self.paid), 24.68
        )
        self.start(**reversal)
        self.assertAlmostEqual(
            self.method._fr_caisse_ap_ip_refundable(self.paid), 12.34
        )

    def test_reversal_after_another_payment_is_refused(self):
        """The terminal would reverse its last one, whose ever it is (D6)."""
        self.method.fr_caisse_ap_ip_can_reverse = True
        self.approved(line_uuid="line-0001")
        self.approved(order_name="Order of another")
        with self.assertRaisesRegex(UserError, "Order of another"):
            self.start(operation="reversal", line_uuid="line-0001")
