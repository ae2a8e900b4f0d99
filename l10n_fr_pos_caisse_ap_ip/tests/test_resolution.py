from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from .common import TerminalCase


@tagged("post_install", "-at_install")
class TestResolution(TerminalCase):
    def setUp(self):
        super().setUp()
        self.manager = new_test_user(
            self.env, "pos-manager", "base.group_user,point_of_sale.group_pos_manager"
        )

    def resolve(self, transaction, action, user=None, **values):
        wizard = self.env["fr.caisse.ap.ip.resolution"].with_user(user or self.manager)
        wizard.create(
            dict(values, transaction_id=transaction.id, reason="seen on the receipt")
        ).with_context(fr_caisse_ap_ip_resolution=action).action_apply()

    def test_accepted_transaction_without_payment_is_an_orphan(self):
        """It stays one until a payment carries it."""
        transaction = self.approved()
        orphans = [("is_orphan", "=", True)]
        self.assertEqual(transaction.search(orphans), transaction)
        self.pay(self.order(), transaction)
        self.assertFalse(transaction.is_orphan)
        self.assertFalse(transaction.search(orphans))
        self.assertEqual(transaction.search([("is_orphan", "=", False)]), transaction)

    def test_payment_that_is_deleted_leaves_an_orphan(self):
        """An order removed at the till does not hide that money moved."""
        transaction = self.approved()
        self.pay(self.order(), transaction).unlink()
        self.forget(transaction)
        self.assertTrue(transaction.is_orphan)

    def test_one_payment_carries_one_transaction(self):
        """A second payment with the same reference changes nothing."""
        transaction = self.approved()
        first = self.pay(self.order(), transaction)
        self.pay(self.order(), transaction)
        self.assertEqual(transaction.payment_id, first)

    def test_manager_resolves_with_reason_and_name(self):
        """The row keeps who decided what, when and why."""
        transaction = self.unknown()
        self.resolve(transaction, "approved", authorisation="A9")
        self.assertEqual(transaction.state, "approved")
        self.assertEqual(transaction.resolved_by_id, self.manager)
        for word in (
            self.manager.name,
            "confirmed by hand: paid",
            "A9",
            "seen on the receipt",
        ):
            self.assertIn(word, transaction.history)

    def test_card_number_that_a_person_types_is_masked(self):
        """A receipt shows one beside the authorisation number."""
        transaction = self.unknown()
        card = "4970101234567893"
        self.till().fr_caisse_ap_ip_resolve(transaction.reference, "approved", card)
        for text in (transaction.authorisation, transaction.history):
            self.assertIn("497010######7893", text)
            self.assertNotIn(card, text)

    def test_transaction_outlives_the_user_who_sent_it(self):
        """A user may be deleted: what is left open is resolved all the same."""
        transaction = self.unknown()
        transaction.user_id = False
        self.resolve(transaction, "approved")
        self.assertEqual(transaction.state, "approved")

    def test_cashier_does_not_decide_for_the_manager(self):
        """The wizard is for managers."""
        with self.assertRaises(AccessError):
            self.resolve(self.unknown(), "approved", user=self.cashier)

    def test_resolution_must_fit_the_transaction(self):
        """Nothing is released, attached or given back that does not call for it."""
        for action in ("approved", "refused", "release", "anything", None):
            with self.assertRaises(UserError):
                self.resolve(self.approved(), action)
        for action in ("attach", "refunded", "release"):
            with self.assertRaises(UserError):
                self.resolve(self.unknown(), action)

    def test_orphan_is_attached_to_an_unpaid_order(self):
        """The order gets the payment, the transaction the link."""
        transaction, order = self.approved(), self.order()
        self.resolve(transaction, "attach", order_id=order.id)
        self.assertEqual(transaction.payment_id.pos_order_id, order)
        self.assertEqual(order.payment_ids.amount, 12.34)

    def test_order_to_attach_to_is_asked_for(self):
        """A manager who chose none is told so."""
        with self.assertRaisesRegex(UserError, "Choose the order"):
            self.resolve(self.approved(), "attach")

    def test_paid_order_is_sealed(self):
        """France's rules: a paid order is never rewritten."""
        transaction, order = self.approved(), self.order(state="paid")
        with self.assertRaises(UserError):
            self.resolve(transaction, "attach", order_id=order.id)
        self.assertTrue(transaction.is_orphan)

    def test_money_given_back_settles_an_orphan(self):
        """It is no orphan any more, and the acceptance stays recorded."""
        transaction = self.approved()
        self.resolve(transaction, "refunded")
        self.assertFalse(transaction.is_orphan)
        self.assertEqual(transaction.state, "approved")
        self.assertEqual(transaction.resolution_user_id, self.manager)

    def test_released_terminal_takes_another_payment(self):
        """What was sent is unknown then, and a late acceptance still counts."""
        transaction = self.transaction(self.start())
        self.mark_sent(transaction)
        self.resolve(transaction, "release")
        self.assertEqual(transaction.state, "unknown")
        self.assertEqual(self.start()["state"], "pending")
        self.sent.pop()
        self.answer(transaction)
        self.assertEqual(transaction.state, "approved")

    def test_forced_payment_is_told_apart(self):
        """A person who says paid while the terminal still waits forces it."""
        transaction = self.transaction(self.start())
        self.mark_sent(transaction)
        self.till().fr_caisse_ap_ip_resolve(transaction.reference, "approved", "A1")
        self.assertEqual(transaction.reason, "forced")
        self.assertTrue(transaction.lease_until, "the terminal is still in use")
        self.answer(transaction)
        self.assertEqual(transaction.reason, "approved")

    def test_not_paid_is_no_answer_while_the_terminal_waits(self):
        """Only the red key ends a payment that the terminal shows."""
        transaction = self.transaction(self.start())
        self.mark_sent(transaction)
        with self.assertRaisesRegex(UserError, "red key"):
            self.till().fr_caisse_ap_ip_resolve(transaction.reference, "refused")

    def test_terminal_is_asked_only_where_it_can(self):
        """The setting is off by default."""
        transaction = self.unknown()
        with self.assertRaises(UserError):
            self.till().fr_caisse_ap_ip_query_terminal(transaction.reference)

    def test_terminal_tells_of_its_last_transaction(self):
        """A duplicate decides nothing: it gives a person something to compare."""
        self.method.fr_caisse_ap_ip_can_duplicate = True
        transaction = self.unknown()
        state = self.till().fr_caisse_ap_ip_query_terminal(transaction.reference)
        self.commit()
        self.assertEqual(dict(self.sent[-1][1].fields())["CD"], "3")
        inquiry = self.transaction(state)
        self.answer(inquiry)
        self.assertIn("same", inquiry._to_till()["message"])
        self.assertEqual(transaction.state, "unknown")
        self.assertFalse(inquiry.is_orphan)

    def test_inquiry_is_no_attempt_of_the_line(self):
        """A page that is loaded again finds the payment, not the terminal's answer."""
        self.method.fr_caisse_ap_ip_can_duplicate = True
        unknown = self.unknown()
        state = self.till().fr_caisse_ap_ip_query_terminal(unknown.reference)
        self.commit()
        self.answer(self.transaction(state))
        found = self.till().fr_caisse_ap_ip_unfinished(
            self.session.id, [unknown.line_uuid]
        )
        self.assertEqual(
            found["lines"][unknown.line_uuid]["reference"], unknown.reference
        )

    def test_other_amount_is_said_to_be_another_payment(self):
        """The last transaction may be of another till."""
        self.method.fr_caisse_ap_ip_can_duplicate = True
        state = self.till().fr_caisse_ap_ip_query_terminal(self.unknown().reference)
        self.commit()
        inquiry = self.transaction(state)
        self.answer(inquiry, CB="999")
        self.assertIn("another", inquiry._to_till()["message"])

    def test_last_transaction_of_another_till_is_named(self):
        """The amount is the same, the payment is not (D6)."""
        self.method.fr_caisse_ap_ip_can_duplicate = True
        unknown = self.unknown()
        self.approved(order_name="Order of another")
        state = self.till().fr_caisse_ap_ip_query_terminal(unknown.reference)
        self.commit()
        inquiry = self.transaction(state)
        self.answer(inquiry)
        self.assertIn("Order of another", inquiry._to_till()["message"])
