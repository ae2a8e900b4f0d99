from odoo.tests import tagged
from odoo.tests.common import new_test_user

from .common import TerminalCase


@tagged("post_install", "-at_install")
class TestAttention(TerminalCase):
    """Managers are called where person and terminal differ, or nobody resolves."""

    def setUp(self):
        super().setUp()
        self.manager = new_test_user(
            self.env, "pos-manager", "base.group_user,point_of_sale.group_pos_manager"
        )

    def forced(self):
        """Return a payment that the cashier called paid while the terminal waited."""
        transaction = self.transaction(self.start())
        self.mark_sent(transaction)
        self.till().fr_caisse_ap_ip_resolve(transaction.reference, "approved", "A1")
        return transaction

    def called(self, transaction):
        """Return whether the manager has an activity about a transaction."""
        self.forget(transaction)
        activities = self.session.activity_ids & transaction.activity_ids
        return self.manager in activities.mapped("user_id")

    def remind(self):
        self.env["fr.caisse.ap.ip.transaction"]._remind()

    def resolve(self, transaction, action):
        self.env["fr.caisse.ap.ip.resolution"].with_user(self.manager).create(
            {"transaction_id": transaction.id, "reason": "seen"}
        ).with_context(fr_caisse_ap_ip_resolution=action).action_apply()

    def test_refusal_after_paid_is_told_and_kept(self):
        """The terminal took nothing, and Odoo books the sale (D1)."""
        transaction = self.forced()
        self.answer(transaction, AE="01", AF="04", AC="")
        self.assertEqual(transaction.state, "approved")
        self.assertTrue(transaction.is_contradicted)
        state = transaction._to_till()
        self.assertTrue(state["needs_person"])
        for words in (self.cashier.name, "refused"):
            self.assertIn(words, state["message"])
        self.pay(self.order(state="paid"), transaction)
        [other] = self.tell([], "page-a")["others"]
        self.assertEqual(other["reference"], transaction.reference)
        self.assertFalse(other["offer"])
        closing = self.till().fr_caisse_ap_ip_closing(self.session.id)
        self.assertTrue(closing["needs_attention"])
        self.assertTrue(self.called(transaction))

    def test_other_amount_than_confirmed_is_told(self):
        """A person confirmed what was asked, the terminal took less (D2)."""
        transaction = self.forced()
        self.answer(transaction, CB="1000")
        self.assertTrue(transaction.is_contradicted)
        self.assertEqual(transaction.approved_cents, 1000)

    def test_acceptance_after_not_paid_is_told(self):
        """Nobody's word loses an acceptance (D3)."""
        transaction = self.unknown()
        self.till().fr_caisse_ap_ip_resolve(transaction.reference, "refused")
        self.answer(transaction)
        self.assertTrue(transaction.is_contradicted)
        self.assertIn("approved", transaction._to_till()["message"])

    def test_person_and_terminal_that_agree_call_nobody(self):
        """Paid, says the person; paid, says the terminal."""
        transaction = self.forced()
        self.answer(transaction)
        self.assertFalse(transaction.is_contradicted)
        self.assertFalse(self.called(transaction))

    def test_manager_resolves_the_difference(self):
        """The activity is done, the closing asks for nothing more."""
        transaction = self.forced()
        self.answer(transaction, AE="01", AF="04", AC="")
        self.pay(self.order(state="paid"), transaction)
        self.resolve(transaction, "difference")
        self.assertFalse(transaction.is_contradicted)
        self.assertFalse(self.called(transaction))
        self.assertIn("seen", transaction.history)
        closing = self.till().fr_caisse_ap_ip_closing(self.session.id)
        self.assertFalse(closing["needs_attention"])

    def test_manager_is_called_for_what_the_cashier_leaves_open(self):
        """After five minutes; before that it is the cashier's."""
        transaction = self.unknown()
        self.remind()
        self.assertFalse(self.called(transaction))
        with self.later(400):
            self.remind()
        self.assertTrue(self.called(transaction))
        self.till().fr_caisse_ap_ip_resolve(transaction.reference, "refused")
        self.assertFalse(self.called(transaction))

    def test_unknown_reversal_that_nobody_resolves_calls_managers(self):
        """Whoever pressed the button is gone, and no other page is asked."""
        self.method.fr_caisse_ap_ip_can_reverse = True
        self.pay(self.order(state="paid"), self.approved(line_uuid="line-0001"))
        reversal = self.unknown(operation="reversal", line_uuid="line-0001")
        self.remind()
        self.assertFalse(self.called(reversal))
        with self.later(400):
            self.remind()
        self.assertTrue(self.called(reversal))

    def test_sale_that_waits_on_its_page_calls_nobody(self):
        """An accepted payment of an order that is not saved yet is in good hands."""
        transaction = self.approved(line_uuid="line-0001", page="page-a")
        with self.later(390):
            self.tell(["line-0001"], "page-a")
        with self.later(400):
            self.remind()
        self.assertFalse(self.called(transaction))
        with self.later(600):
            self.remind()
        self.assertTrue(self.called(transaction))
        self.pay(self.order(), transaction)
        self.remind()
        self.assertFalse(self.called(transaction))
