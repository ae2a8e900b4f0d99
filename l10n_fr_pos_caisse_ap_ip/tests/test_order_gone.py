from odoo.exceptions import UserError
from odoo.tests import tagged

from .. import compat
from .common import TerminalCase

UUID = "00077-001-0001"


@tagged("post_install", "-at_install")
class TestOrderGone(TerminalCase):
    """Nothing is dropped with an order."""

    def paid_in_part(self):
        """Return a saved order that is not paid yet, and the money aboard."""
        transaction = self.approved()
        order = self.order(20)
        self.pay(order, transaction)
        return order, transaction

    def test_order_with_money_aboard_is_not_cancelled(self):
        """Neither in the list of orders, nor at closing, nor in the back office."""
        order, transaction = self.paid_in_part()
        for drop in (
            order.action_pos_order_cancel,
            lambda: order.write({"state": "cancel"}),
            order.unlink,
        ):
            with self.assertRaisesRegex(UserError, "card payment was approved"):
                drop()
        self.assertEqual(order.state, "draft")
        self.assertTrue(transaction.payment_id)

    def test_order_whose_payment_still_waits_is_not_cancelled(self):
        """The till's name of the order tells, before anything of it is saved."""
        order = self.order()
        order.pos_reference = f"Order {UUID}"
        self.start(order_uuid=UUID)
        with self.assertRaisesRegex(UserError, "may still be"):
            order.action_pos_order_cancel()

    def test_order_whose_payment_was_refused_is_cancelled(self):
        """No money moved."""
        order = self.order()
        order.pos_reference = f"Order {UUID}"
        refused = self.transaction(self.start(order_uuid=UUID))
        self.answer(refused, AE="01", AF="04", AC="")
        order.action_pos_order_cancel()
        self.assertEqual(order.state, "cancel")

    def test_cancelled_order_frees_its_money(self):
        """What a page cancels while it synchronises is money without a sale."""
        order, transaction = self.paid_in_part()
        order.with_context(fr_caisse_ap_ip_sync=True).write({"state": "cancel"})
        self.assertTrue(transaction.is_orphan)
        self.assertFalse(transaction.owner_uuid)
        state = transaction._to_till()
        self.assertTrue(state["needs_person"])
        self.assertTrue(state["offer"])
        closing = self.till().fr_caisse_ap_ip_closing(self.session.id)
        self.assertTrue(closing["needs_attention"])

    def test_money_given_back_leaves_an_order_that_is_not_paid(self):
        """The order may be cancelled then."""
        order, transaction = self.paid_in_part()
        self.till().fr_caisse_ap_ip_mark_refunded(
            transaction.reference, transaction.owner_uuid
        )
        self.assertEqual(transaction.resolution, "refunded")
        order.action_pos_order_cancel()

    def test_money_of_a_paid_order_is_not_given_back_here(self):
        """That is a refund."""
        order, transaction = self.paid_in_part()
        order.state = "paid"
        self.till().fr_caisse_ap_ip_mark_refunded(
            transaction.reference, transaction.owner_uuid
        )
        self.assertFalse(transaction.resolution)
        self.assertTrue(transaction.payment_id)

    def check(self, order_uuid):
        """Ask as a page does before it merges an order into another one."""
        return self.till().fr_caisse_ap_ip_check_order(self.session.id, order_uuid)

    def test_order_that_another_page_pays_is_not_merged(self):
        """Its money waits or was approved; the page that asks knows no line of it."""
        self.assertTrue(self.check(UUID))
        sent = self.transaction(self.start(order_uuid=UUID))
        with self.assertRaisesRegex(UserError, "merged"):
            self.check(UUID)
        self.answer(sent)
        with self.assertRaisesRegex(UserError, "Order 0001.*12.34"):
            self.check(UUID)
        self.till().fr_caisse_ap_ip_mark_refunded(sent.reference, sent.owner_uuid)
        self.assertTrue(self.check(UUID))

    def test_order_that_is_checked_has_a_name(self):
        """What a page says is checked as everything else."""
        for wrong in (None, 5, "x", "x" * 65):
            with self.assertRaises(UserError):
                self.check(wrong)

    def test_payment_goes_along_where_two_orders_become_one(self):
        """Two devices send an order of the same table: Odoo makes one of them."""
        waits = self.transaction(self.start(order_uuid="order-of-b"))
        order = self.order(20)
        order.pos_reference = f"Order {UUID}"
        payment = self.pay(order, waits)
        self.assertIn(waits.owner_order_uuid, order._fr_caisse_ap_ip_uuids())
        self.assertIn("joined", waits.history)
        with self.assertRaisesRegex(UserError, "may still be"):
            order.action_pos_order_cancel()
        busy = self.start(order_uuid=waits.owner_order_uuid, order_lines=[])
        self.assertEqual(busy["state"], "busy")
        moved = self.order(20)
        moved.pos_reference = "Order 00077-001-0002"
        payment.pos_order_id = moved
        self.assertIn(waits.owner_order_uuid, moved._fr_caisse_ap_ip_uuids())

    def test_payment_without_a_line_moves_nobodys_money(self):
        """One of the back office names no line of a till: no money is its order's."""
        given_back, orphan = self.approved(), self.approved()
        self.till().fr_caisse_ap_ip_mark_refunded(
            given_back.reference, given_back.owner_uuid
        )
        orphan._free_from_order("order_cancelled")
        order = self.order()
        order.pos_reference = f"Order {UUID}"
        order.add_payment(
            {
                "pos_order_id": order.id,
                "amount": 12.34,
                "payment_method_id": self.method.id,
                compat.PAYMENT_LINE: False,
            }
        )
        for transaction in given_back, orphan:
            self.assertFalse(transaction.owner_order_uuid)
            self.assertNotIn("joined", transaction.history)

    def test_order_saved_again_keeps_its_money(self):
        """Up to 17.0 Odoo deletes the payments of a draft and makes them anew."""
        order, transaction = self.paid_in_part()
        order.payment_ids.unlink()
        self.forget(transaction)
        payment = self.pay(order, transaction)
        self.assertEqual(transaction.payment_id, payment)

    def test_payment_changed_to_another_method_frees_its_money(self):
        """The terminal has the money, and Odoo no longer says so."""
        order, transaction = self.paid_in_part()
        order.payment_ids.payment_method_id = self.cheque
        self.assertTrue(transaction.is_orphan)
        self.assertIn("another method", transaction.history)
        closing = self.till().fr_caisse_ap_ip_closing(self.session.id)
        self.assertTrue(closing["needs_attention"])
