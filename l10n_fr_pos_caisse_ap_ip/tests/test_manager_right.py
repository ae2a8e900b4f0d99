from types import SimpleNamespace
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tests.common import new_test_user

from .common import TerminalCase


@tagged("post_install", "-at_install")
class TestManagerRight(TerminalCase):
    """With employees a right is proved by a PIN that the server checks.

    pos_hr need not be installed: two employees stand in for its own.
    """

    def setUp(self):
        super().setUp()
        self.method.fr_caisse_ap_ip_refund_limit = 1
        self.method.fr_caisse_ap_ip_free_refund = True
        manager = SimpleNamespace(has_group=lambda group: True)
        employees = {
            7: SimpleNamespace(id=7, name="Anne", pin="1234", user_id=manager),
            8: SimpleNamespace(id=8, name="Luc", pin="0000", user_id=None),
        }
        session = type(self.env["pos.session"])
        self.enter(
            patch.object(
                session,
                "_fr_caisse_ap_ip_employee",
                lambda self, employee_id: employees.get(employee_id),
            )
        )
        method = type(self.env["pos.payment.method"])
        self.enter(
            patch.object(
                method,
                "_fr_caisse_ap_ip_employee_name",
                lambda self, employee_id: getattr(
                    employees.get(employee_id), "name", ""
                ),
            )
        )
        self.enter(
            patch.object(
                session,
                "_fr_caisse_ap_ip_is_manager",
                lambda self, employee: bool(employee.user_id),
            )
        )

    def check(self, employee_id, pin):
        return self.till().fr_caisse_ap_ip_check_manager(
            self.session.id, employee_id, pin
        )

    def refund(self, **values):
        return self.start(operation="credit", amount_cents=500, **values)

    def test_employee_is_recorded_and_named(self):
        """Where the terminal is busy, too."""
        transaction = self.transaction(self.start(employee_id=8))
        self.assertEqual(transaction.cashier_name, "Luc")
        self.assertIn("Luc", self.start()["message"])
        self.mark_sent(transaction)
        self.till().fr_caisse_ap_ip_resolve(transaction.reference, "approved", "", 7)
        self.assertEqual(transaction.resolved_by_name, "Anne")
        self.assertIn("Anne", transaction.history)

    def test_pin_of_a_manager_gives_the_right(self):
        """Above the limit, for the employee who stands at the till."""
        self.assertEqual(self.refund(employee_id=8)["reason"], "needs_manager")
        token = self.check(7, "1234")["token"]
        state = self.refund(employee_id=8, manager_token=token)
        self.assertEqual(state["state"], "pending")

    def test_word_of_the_page_gives_no_right(self):
        """A manager's name without a PIN, a wrong PIN, a PIN of somebody else."""
        self.assertEqual(self.refund(employee_id=7)["reason"], "needs_manager")
        for employee_id, pin in ((7, "0000"), (7, ""), (8, "0000"), (9, "1234")):
            answer = self.check(employee_id, pin)
            self.assertFalse(answer["token"])
            self.assertTrue(answer["message"])

    def test_page_that_names_nobody_has_no_right(self):
        """The Odoo user is a manager, and employees log in at this till."""
        has_employees = patch.multiple(
            type(self.env["pos.session"]),
            _fr_caisse_ap_ip_has_employees=lambda self: True,
            _fr_caisse_ap_ip_managers=lambda self: [],
        )
        manager = new_test_user(
            self.env, "pos-manager", "base.group_user,point_of_sale.group_pos_manager"
        )
        payload = self.payload(operation="credit", amount_cents=500)
        with has_employees:
            state = self.till(manager).fr_caisse_ap_ip_start(payload)
        self.assertEqual(state["reason"], "needs_manager")
        state = self.till(manager).fr_caisse_ap_ip_start(payload)
        self.assertEqual(state["state"], "pending")

    def test_right_is_good_once(self):
        """A page that keeps it refunds no second time; the next PIN gives another."""
        token = self.check(7, "1234")["token"]
        first = self.refund(employee_id=8, manager_token=token)
        self.answer(self.transaction(first), AE="01", AF="04", AC="")
        again = self.refund(employee_id=8, manager_token=token)
        self.assertEqual(again["reason"], "needs_manager")
        until = int(token.split("-")[1]) + 1
        other = self.session._fr_caisse_ap_ip_token(7, until)
        state = self.refund(employee_id=8, manager_token=other)
        self.assertEqual(state["state"], "pending")

    def test_right_outlives_a_busy_terminal(self):
        """Only what was recorded uses it up: the manager types no second PIN."""
        token = self.check(7, "1234")["token"]
        holder = self.transaction(self.start())
        refund = self.refund(employee_id=8, manager_token=token)
        self.assertEqual(refund["state"], "busy")
        self.answer(holder)
        refund = self.refund(employee_id=8, manager_token=token)
        self.assertEqual(refund["state"], "pending")

    def test_pin_with_an_accent_is_a_wrong_one(self):
        """Whatever is typed is compared, and no error of Python's."""
        self.assertIn("Wrong", self.check(7, "é234")["message"])

    def test_token_is_of_one_session_and_a_short_time(self):
        """A forged one, an old one and one of another session are worth nothing."""
        old = self.session._fr_caisse_ap_ip_token(7, 1)
        token = self.check(7, "1234")["token"]
        other = self.open_session(self.create_config("Autre", self.method))
        for wrong in (old, token[:-1] + "x", "7", "7-9999999999-0", ""):
            state = self.refund(employee_id=8, manager_token=wrong)
            self.assertEqual(state["reason"], "needs_manager", wrong)
        state = self.refund(employee_id=8, manager_token=token, session_id=other.id)
        self.assertEqual(state["reason"], "needs_manager")

    def test_wrong_pins_are_counted(self):
        """The fifth closes the door for a while, to the right one too."""
        for _try in range(5):
            self.assertIn("Wrong", self.check(7, "9999")["message"])
        self.assertIn("Too many", self.check(7, "1234")["message"])
        self.session.fr_caisse_ap_ip_pins_locked_until = "2020-01-01 00:00:00"
        self.assertTrue(self.check(7, "1234")["token"])
