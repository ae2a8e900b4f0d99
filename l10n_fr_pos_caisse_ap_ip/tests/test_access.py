from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from .common import TerminalCase


@tagged("post_install", "-at_install")
class TestAccess(TerminalCase):
    def test_only_point_of_sale_users_may_use_a_terminal(self):
        """Every public method checks the group itself."""
        stranger = new_test_user(self.env, "stranger", "base.group_user")
        method = self.till(stranger)
        payload = self.payload()
        for call in (
            lambda: method.fr_caisse_ap_ip_start(payload),
            lambda: method.fr_caisse_ap_ip_cancel(payload),
            lambda: method.fr_caisse_ap_ip_status([payload["reference"]]),
            lambda: method.fr_caisse_ap_ip_unfinished(self.session.id, []),
            lambda: method.fr_caisse_ap_ip_resolve(payload["reference"], "approved"),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_nobody_edits_or_deletes_a_transaction(self):
        """Not even a manager: only this addon writes a row."""
        transaction = self.transaction(self.start())
        manager = new_test_user(
            self.env, "pos-manager", "base.group_user,point_of_sale.group_pos_manager"
        )
        row = transaction.with_user(manager)
        self.assertEqual(row.amount_cents, 1234)
        for change in (
            lambda: row.write({"state": "approved"}),
            lambda: row.unlink(),
            lambda: row.create(transaction.copy_data()[0]),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_wrong_payloads_get_a_clear_error_and_change_nothing(self):
        """Types, sizes and unknown keys are checked before anything is recorded."""
        for wrong in (
            {"amount_cents": 0},
            {"amount_cents": -5},
            {"amount_cents": 12.34},
            {"amount_cents": True},
            {"amount_cents": "100"},
            {"amount_cents": 2**31},
            {"reference": "short"},
            {"reference": "x" * 65},
            {"reference": None},
            {"line_uuid": ["line-0001"]},
            {"order_name": 5},
            {"operation": "duplicate"},
            {"session_id": "1"},
            {"session_id": 0},
            {"host": "10.0.0.1"},
        ):
            with self.assertRaises(UserError, msg=str(wrong)):
                self.start(**wrong)
        for payload in (None, [], "x", {}):
            with self.assertRaises(UserError):
                self.till().fr_caisse_ap_ip_start(payload)
        for methods in (self.till().browse(), self.till() + self.cheque):
            with self.assertRaises(UserError):
                methods.fr_caisse_ap_ip_start(self.payload())
        self.assertFalse(self.sent)
        self.assertFalse(self.env["fr.caisse.ap.ip.transaction"].search([]))

    def test_lists_from_the_page_are_checked(self):
        """References are text of a known form, and not too many."""
        for wrong in (
            None,
            "abc",
            [1],
            [["line-0001"]],
            ["a' OR 1=1"],
            ["a" * 10] * 1001,
        ):
            with self.assertRaises(UserError):
                self.till().fr_caisse_ap_ip_status(wrong)
            with self.assertRaises(UserError):
                self.till().fr_caisse_ap_ip_unfinished(self.session.id, wrong)

    def test_closed_session_starts_no_payment(self):
        """A till whose session is closed cannot take money."""
        self.session.state = "closed"
        with self.assertRaisesRegex(UserError, "not open"):
            self.start()

    def test_method_of_another_till_is_refused(self):
        """The session says which payment methods a till may use."""
        other = self.create_method("Autre", fr_caisse_ap_ip_address="192.0.2.9")
        with self.assertRaisesRegex(UserError, "not a payment method of this till"):
            other.with_user(self.cashier).fr_caisse_ap_ip_start(self.payload())

    def test_method_of_another_company_is_refused(self):
        """Company rules hold for the public methods too."""
        company = self.env["res.company"].create({"name": "Other"})
        other = self.env["pos.payment.method"].create(
            {"name": "Other", "company_id": company.id, "split_transactions": True}
        )
        with self.assertRaises(AccessError):
            other.with_user(self.cashier).fr_caisse_ap_ip_start(self.payload())

    def test_resolution_takes_two_outcomes_only(self):
        """A person says paid or not paid, nothing else."""
        transaction = self.transaction(self.start())
        for wrong in ("sent", "unknown", None, 1):
            with self.assertRaises(UserError):
                self.till().fr_caisse_ap_ip_resolve(transaction.reference, wrong)
        with self.assertRaises(UserError):
            self.till().fr_caisse_ap_ip_resolve("no-such-reference", "approved")
        with self.assertRaises(UserError):
            self.till().fr_caisse_ap_ip_resolve(
                transaction.reference, "approved", "1" * 21
            )
        self.assertEqual(transaction.state, "pending")
