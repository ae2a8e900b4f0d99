from odoo.exceptions import UserError
from odoo.tests import tagged

from .. import compat
from .common import TerminalCase

LINE = "line-of-a-0001"
OTHER = "line-of-b-0001"


@tagged("post_install", "-at_install")
class TestOwner(TerminalCase):
    """The money of an approved transaction belongs to one payment line."""

    def accepted(self, **values):
        """Return a transaction of page A that the terminal accepted."""
        values = dict({"line_uuid": LINE, "page": "page-a"}, **values)
        return self.approved(**values)

    def unfinished(self, *line_uuids, page="page-b"):
        return self.tell(list(line_uuids), page)

    def attach(self, transaction, owner_uuid=LINE, **values):
        """Attach to a line of page B, as its cashier does."""
        sale = {
            "line_uuid": OTHER,
            "order_uuid": "order-b",
            "order_name": "Order B",
            "session_id": self.session.id,
            "page": "page-b",
        }
        return self.till().fr_caisse_ap_ip_attach(
            transaction.reference, dict(sale, **values), owner_uuid
        )

    def test_line_that_asked_owns_the_money(self):
        """Nobody changed it yet."""
        state = self.accepted()._to_till()
        self.assertEqual(state["owner_uuid"], LINE)
        self.assertFalse(state["lost_message"])

    def test_money_of_a_page_that_lives_is_not_offered(self):
        """A sale that is open on A is nothing that B decides about (A3)."""
        transaction = self.accepted()
        self.assertFalse(self.unfinished()["others"])
        self.assertFalse(transaction._to_till()["offer"])
        self.assertEqual(self.attach(transaction)["owner_uuid"], LINE)

    def test_page_that_says_it_holds_its_line_keeps_the_money(self):
        """It says so every 30 s; 90 s after the last time it is gone."""
        self.accepted()
        with self.later(80):
            self.unfinished(LINE, page="page-a")
        with self.later(160):
            self.assertFalse(self.unfinished()["others"])
        with self.later(180):
            [state] = self.unfinished()["others"]
        self.assertTrue(state["offer"])

    def test_page_that_lost_its_line_is_offered_the_money_at_once(self):
        """The page of the sale comes first."""
        transaction = self.accepted()
        [state] = self.unfinished(page="page-a")["others"]
        self.assertEqual(state["reference"], transaction.reference)

    def test_page_loaded_again_holds_its_lines(self):
        """A page has a new name after a reload, and the same lines."""
        self.accepted()
        self.assertFalse(self.unfinished(LINE, page="page-a2")["others"])
        with self.later(60):
            self.assertFalse(self.unfinished()["others"])

    def test_attached_money_is_lost_to_the_line_that_asked(self):
        """The page that comes back is told who used it for what (A1)."""
        transaction = self.accepted()
        with self.later(100):
            state = self.attach(transaction)
        self.assertEqual(state["owner_uuid"], OTHER)
        found = self.unfinished(LINE, page="page-a")["lines"][LINE]
        self.assertEqual(found["owner_uuid"], OTHER)
        for words in ("Order B", self.cashier.name):
            self.assertIn(words, found["lost_message"])
        second = self.start(line_uuid=LINE)
        self.assertNotEqual(second["reference"], transaction.reference)

    def test_line_that_got_money_owns_it_after_a_reload(self):
        """It never asked for it, but the server says that it is paid."""
        transaction = self.accepted()
        with self.later(100):
            self.attach(transaction)
        self.assertEqual(
            self.unfinished(OTHER)["lines"][OTHER]["reference"], transaction.reference
        )
        again = self.start(line_uuid=OTHER)
        self.assertEqual(again["reference"], transaction.reference)

    def test_second_of_two_that_attach_gets_nothing(self):
        """Compare and set: the owner was another one by now."""
        transaction = self.accepted()
        with self.later(100):
            self.attach(transaction)
            state = self.attach(transaction, line_uuid="line-of-c-0001")
        self.assertEqual(state["owner_uuid"], OTHER)

    def test_money_given_back_pays_nothing_any_more(self):
        """The line that asked for it is free, and told (A2)."""
        transaction = self.accepted()
        self.till().fr_caisse_ap_ip_mark_refunded(transaction.reference, LINE)
        found = self.unfinished(LINE, page="page-a")["lines"][LINE]
        self.assertFalse(found["owner_uuid"])
        self.assertIn("refunded", found["lost_message"])
        self.assertEqual(self.attach(transaction, "")["owner_uuid"], "")

    def test_money_that_another_line_got_is_not_given_back(self):
        """Compare and set: who was asked about it long ago is told who has it."""
        transaction = self.accepted()
        with self.later(100):
            self.attach(transaction)
        state = self.till().fr_caisse_ap_ip_mark_refunded(transaction.reference, LINE)
        self.assertEqual(state["owner_uuid"], OTHER)
        self.assertFalse(transaction.resolution)

    def test_payment_of_another_method_carries_nothing(self):
        """Nor does one of another company: what a page writes is its word."""
        transaction = self.accepted()
        payment = self.pay(self.order(), transaction)
        payment.unlink()
        self.forget(transaction)
        self.env["pos.payment"].create(
            {
                "pos_order_id": self.order().id,
                "payment_method_id": self.cheque.id,
                "amount": 12.34,
                "transaction_id": transaction.reference,
                compat.PAYMENT_LINE: LINE,
            }
        )
        self.assertTrue(transaction.is_orphan)

    def test_sale_that_lost_its_money_carries_nothing(self):
        """It is saved all the same: a sale is never lost (A5)."""
        transaction = self.accepted()
        with self.later(100):
            self.attach(transaction)
        late = self.pay(self.order(), transaction, LINE)
        self.assertFalse(transaction.payment_id)
        carrier = self.pay(self.order(), transaction, OTHER)
        self.assertEqual(transaction.payment_id, carrier)
        self.assertTrue(late.exists())

    def test_late_acceptance_of_a_line_that_went_on_is_nobodys(self):
        """Not paid, sent again, and then both accepted: one to give back (D3)."""
        first = self.unknown(line_uuid=LINE, page="page-a")
        self.till().fr_caisse_ap_ip_resolve(first.reference, "refused")
        second = self.transaction(self.start(line_uuid=LINE, page="page-a"))
        self.answer(second)
        first._record_verdict(self.verdict(first))
        self.assertEqual(first.state, "approved")
        self.assertFalse(first.owner_uuid)
        found = self.unfinished(LINE, page="page-a")
        self.assertEqual(found["lines"][LINE]["reference"], second.reference)
        [state] = found["others"]
        self.assertEqual(state["reference"], first.reference)
        self.assertTrue(state["needs_person"])

    def test_unknown_reversal_that_a_person_confirms_closes_the_payment(self):
        """Its money is not offered for another sale (D4)."""
        self.method.fr_caisse_ap_ip_can_reverse = True
        paid = self.accepted()
        reversal = self.unknown(operation="reversal", line_uuid=LINE)
        self.till().fr_caisse_ap_ip_resolve(reversal.reference, "approved")
        self.assertEqual(paid.resolution, "reversed")
        self.assertFalse(paid.is_orphan)

    def test_second_device_on_an_order_is_told_who_pays_it(self):
        """Whatever the terminal: both customers would be charged (A7)."""
        self.accepted(order_uuid="order-a")
        for order_lines in ([], ["line-unknown-1"]):
            busy = self.start(order_uuid="order-a", order_lines=order_lines)
            self.assertEqual(busy["state"], "busy")
            self.assertIn("Boutique", busy["message"])
        rest = self.start(order_uuid="order-a", order_lines=[LINE])
        self.assertEqual(rest["state"], "pending")

    def test_page_that_did_not_send_is_told_who_did(self):
        """Who has the order on the screen reads who pays it while it waits (C2)."""
        sent = self.transaction(self.start(line_uuid=LINE))
        told = self.unfinished(LINE)["lines"][LINE]["sender_message"]
        for words in ("Boutique", self.cashier.name, "12.34", "another page"):
            self.assertIn(words, told)
        self.answer(sent)
        self.assertFalse(self.unfinished(LINE)["lines"][LINE]["sender_message"])

    def test_two_devices_at_once_on_an_order(self):
        """Neither sees the other's row yet: the database decides."""
        self.start(order_uuid="order-a")
        self.method = self.cheque
        busy = self.start(order_uuid="order-a")
        self.assertEqual(busy["state"], "busy")
        self.assertIn("order", busy["title"])

    def test_line_keeps_its_name_through_the_server(self):
        """A table that is saved and opened again has the lines it had (C1)."""
        order = self.order()
        payment = self.pay(order, self.accepted(), LINE)
        self.assertEqual(payment[compat.PAYMENT_LINE], LINE)
        if compat.PAYMENT_LINE == "uuid":
            return  # from 18.0 on Odoo does that itself
        [exported] = payment.export_for_ui()
        self.assertEqual(exported[compat.PAYMENT_LINE], LINE)
        saved = order._payment_fields(order, dict(exported, name=payment.payment_date))
        self.assertEqual(saved[compat.PAYMENT_LINE], LINE)

    def test_wrong_sale_is_refused(self):
        """What the page says of the sale is checked as everything else."""
        transaction = self.accepted()
        for wrong in (
            {"line_uuid": "x"},
            {"order_name": 5},
            {"session_id": "1"},
            {"amount_cents": 5},
        ):
            with self.assertRaises(UserError, msg=str(wrong)):
                self.attach(transaction, **wrong)
        for owner_uuid in (None, 5, "x" * 65):
            with self.assertRaises(UserError):
                self.attach(transaction, owner_uuid)
        self.assertEqual(transaction.owner_uuid, LINE)
