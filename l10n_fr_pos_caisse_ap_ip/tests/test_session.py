from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tests import tagged

from ..models.transaction import FrCaisseApIpTransaction
from ..models.transaction_start import SESSION_LOCK
from .common import TerminalCase

# What a closing waits for, without waiting.
MAY_CLOSE = "SELECT pg_try_advisory_xact_lock(%s, %s)"


@tagged("post_install", "-at_install")
class TestSession(TerminalCase):
    def closing(self):
        return self.till().fr_caisse_ap_ip_closing(self.session.id)

    def test_session_without_terminal_shows_nothing(self):
        """A shop paid in cash is asked nothing."""
        self.assertEqual(self.closing(), {"text": "", "needs_attention": False})

    def test_closing_shows_the_sums_per_terminal(self):
        """Confirmed by the terminal, by a person, forced, given back."""
        self.pay(self.order(), self.approved())
        person = self.unknown()
        self.till().fr_caisse_ap_ip_resolve(person.reference, "approved", "A1")
        self.pay(self.order(), person)
        self.approved()._close("refunded")
        closing = self.closing()
        self.assertIn("192.0.2.1:8888", closing["text"])
        self.assertEqual(closing["text"].count(person._money(12.34)), 3)
        self.assertFalse(closing["needs_attention"])

    def test_unknown_and_orphan_ask_for_attention(self):
        """They are what a person must still resolve."""
        for make in (self.unknown, self.approved):
            transaction = make()
            self.assertTrue(self.closing()["needs_attention"])
            transaction.unlink()

    def test_backend_asks_before_it_closes(self):
        """The closing button shows the sums first, and closes when told so."""
        transaction = self.unknown()
        action = self.session.action_pos_session_closing_control()
        self.assertEqual(action["res_model"], "fr.caisse.ap.ip.closing")
        question = self.env[action["res_model"]].browse(action["res_id"])
        self.assertIn(transaction._money(12.34), question.text)
        self.assertEqual(self.session.state, "opened")
        question.action_close()
        self.assertNotEqual(self.session.state, "opened")

    def test_session_does_not_close_while_money_moves(self):
        """A terminal that has not answered keeps the session open."""
        transaction = self.transaction(self.start())
        with self.assertRaisesRegex(UserError, "has not answered"):
            self.session._validate_session()
        self.answer(transaction)
        parent = type(self.session).mro()
        closer = next(
            one
            for one in parent
            if "_validate_session" in vars(one) and "caisse" not in one.__module__
        )
        with patch.object(closer, "_validate_session", return_value="closed"):
            self.assertEqual(self.session._validate_session(), "closed")

    @contextmanager
    def may_close(self):
        """Take the session as a closing elsewhere does, for as long as this lasts.

        :return: context manager of whether it got it (bool)
        """
        with db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute(MAY_CLOSE, (SESSION_LOCK, self.session.id))
            yield cr.fetchone()[0]
            cr.rollback()

    def test_no_payment_begins_while_its_session_is_closed(self):
        """Refused at once, and nothing is recorded; one that goes on does."""
        with self.may_close() as is_closing:
            self.assertTrue(is_closing)
            with self.assertRaisesRegex(UserError, "is being closed"):
                self.start()
        self.assertFalse(self.sent)
        self.assertEqual(self.start()["state"], "pending")

    def test_closing_waits_for_a_payment_that_begins(self):
        """Its row is not committed yet: the closing would not see it."""
        self.start()
        with self.may_close() as is_closing:
            self.assertFalse(is_closing)

    def test_session_does_not_close_over_a_payment_that_was_quicker(self):
        """It began after the closing had looked, and before it forbade more."""
        transactions = type(self.env["fr.caisse.ap.ip.transaction"])
        meanwhile = patch.object(
            transactions, "_forbid_starts", lambda *args: self.start()
        )
        with meanwhile, self.assertRaisesRegex(UserError, "has not answered"):
            self.session._validate_session()

    def test_look_with_another_cursor_writes_nothing_of_ours(self):
        """What the closing has put off is its own to write, and to commit."""
        self.session.name = "put off"
        transactions = self.env["fr.caisse.ap.ip.transaction"]
        look = FrCaisseApIpTransaction._fresh  # that of the tests has no other cursor
        with patch.object(type(self.session), "_write") as write, look(transactions):
            pass
        write.assert_not_called()

    def test_no_call_of_a_till_closes_a_session_while_money_moves(self):
        """Refused before the first change: the state of the session stays (B4)."""
        self.start()
        with self.assertRaisesRegex(UserError, "has not answered"):
            self.closing()
        if not hasattr(self.env["pos.session"], "post_closing_cash_details"):
            return  # 14.0 closes in the back office only
        for answer in (
            self.session.post_closing_cash_details(0),
            self.session.close_session_from_ui(),
        ):
            self.assertFalse(answer["successful"])
            self.assertIn("has not answered", answer["message"])
        with self.assertRaisesRegex(UserError, "has not answered"):
            self.session.update_closing_control_state_session("")
        self.assertEqual(self.session.state, "opened")

    def test_reversed_payment_of_a_sale_asks_for_attention(self):
        """Another page validated the order meanwhile: Odoo has what nobody paid."""
        self.method.fr_caisse_ap_ip_can_reverse = True
        paid = self.approved(line_uuid="line-0001")
        reversal = self.unknown(operation="reversal", line_uuid="line-0001")
        self.pay(self.order(state="paid"), paid)
        closing = self.closing()
        self.assertTrue(closing["needs_attention"])
        self.assertIn("Unknown", closing["text"])
        reversal._record_verdict(self.verdict(reversal))
        self.assertEqual(paid.resolution, "reversed")
        closing = self.closing()
        self.assertTrue(closing["needs_attention"])
        self.assertIn("Another amount", closing["text"])

    def test_payments_without_a_transaction_are_named(self):
        """Typed by hand, or saved twice with one reference (A5, A6)."""
        transaction = self.approved()
        self.pay(self.order(state="paid"), transaction)
        self.assertFalse(self.closing()["needs_attention"])
        twice = self.pay(self.order(state="paid"), transaction)
        typed = self.pay(self.order(state="paid"), self.transaction_of_nobody())
        closing = self.closing()
        self.assertTrue(closing["needs_attention"])
        self.assertIn("without a terminal", closing["text"])
        for payment in twice + typed:
            self.assertIn(self.name_of(payment.pos_order_id), closing["text"])

    def transaction_of_nobody(self):
        return self.env["fr.caisse.ap.ip.transaction"].new(
            {
                "payment_method_id": self.method.id,
                "approved_cents": 500,
                "currency_id": self.env.ref("base.EUR").id,
                "operation": "debit",
                "owner_uuid": "line-typed-0001",
            }
        )

    def test_other_amount_in_odoo_is_named(self):
        """The sale was saved with another amount than the terminal took."""
        transaction = self.approved()
        self.pay(self.order(state="paid"), transaction).amount = 10
        closing = self.closing()
        self.assertTrue(closing["needs_attention"])
        self.assertIn("Another amount", closing["text"])
