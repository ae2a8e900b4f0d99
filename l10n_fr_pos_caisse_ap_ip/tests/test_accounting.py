from odoo.tests import tagged

from .. import compat
from .common import TerminalCase


@tagged("post_install", "-at_install")
class TestAccounting(TerminalCase):
    """What a closed session books for each payment method."""

    def setUp(self):
        super().setUp()
        self.card = self.create_terminal("CB", "192.0.2.11", "card")
        self.slips = self.create_terminal("Chèques", "192.0.2.12", "check")
        self.vouchers = self.create_terminal("Titres", "192.0.2.13", "conecs")
        self.config = self.create_config(
            "Cantine", self.card + self.slips + self.vouchers
        )
        self.session = self.open_session(self.config)
        self.product = self.env["product.product"].create(
            {"name": "Repas", "type": "service", "taxes_id": [(5, 0, 0)]}
        )

    def create_terminal(self, name, address, mode):
        """Return a method with a receivable account that nobody else uses."""
        return self.create_method(
            name,
            fr_caisse_ap_ip_address=address,
            fr_caisse_ap_ip_mode=mode,
            fr_caisse_ap_ip_free_refund=True,
            receivable_account_id=self._receivable_account().copy().id,
        )

    def sell(self, amount):
        order = self.order(amount)
        self.env["pos.order.line"].create(
            {
                "order_id": order.id,
                "product_id": self.product.id,
                "qty": 1 if amount > 0 else -1,
                "price_unit": abs(amount),
                "price_subtotal": amount,
                "price_subtotal_incl": amount,
            }
        )
        return order

    def take(self, order, method, cents, operation="debit", **answer):
        """Pay an order on a terminal, as much as it accepts."""
        self.method = method
        transaction = self.transaction(
            self.start(operation=operation, amount_cents=cents)
        )
        self.answer(transaction, **answer)
        order.add_payment(
            {
                "pos_order_id": order.id,
                "payment_method_id": method.id,
                "amount": transaction.amount_approved,
                "payment_status": "done",
                "transaction_id": transaction.reference,
                compat.PAYMENT_LINE: transaction.owner_uuid,
            }
        )

    def booked(self, account):
        """Return the balance that the session's entry has on an account."""
        lines = self.session.move_id.line_ids
        return sum(
            lines.filtered(lambda line: line.account_id == account).mapped("balance")
        )

    def test_closing_books_what_the_terminals_moved(self):
        """Partial, refund, cheque and CONECS: the approved amounts, by method."""
        meal = self.sell(25.0)
        self.take(meal, self.vouchers, 2500, CB="1900", CC="10E")
        self.take(meal, self.card, 600)
        wine = self.sell(12.34)
        self.take(wine, self.slips, 1234, CC="00C", AC="")
        cheese = self.sell(4.9)
        self.take(cheese, self.card, 490)
        back = self.sell(-4.9)
        self.take(back, self.card, 490, operation="credit")
        for order in meal + wine + cheese + back:
            order.action_pos_order_paid()
        self.session.action_pos_session_closing_control()
        self.assertEqual(self.session.state, "closed")
        for method, amount in (
            (self.vouchers, 19.0),
            (self.card, 6.0),
            (self.slips, 12.34),
        ):
            booked = self.booked(method.receivable_account_id)
            self.assertAlmostEqual(booked, amount, 2, method.name)
            moved = sum(self.session_transactions(method).mapped("amount_approved"))
            self.assertAlmostEqual(booked, moved, 2, method.name)
        self.assertAlmostEqual(sum(self.session.move_id.line_ids.mapped("balance")), 0)

    def session_transactions(self, method):
        return self.env["fr.caisse.ap.ip.transaction"].search(
            [
                ("session_id", "=", self.session.id),
                ("payment_method_id", "=", method.id),
                ("state", "=", "approved"),
                ("payment_id", "!=", False),
            ]
        )
