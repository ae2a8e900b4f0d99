from odoo.exceptions import AccessError, UserError
from odoo.modules.module import get_module_path
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from .common import TerminalCase


@tagged("post_install", "-at_install")
class TestDatabase(TerminalCase):
    """A copy of the database charges nobody."""

    def copy_database(self):
        """Do what Odoo does when it duplicates a database."""
        self.env["ir.config_parameter"].set_param("database.uuid", "another-database")
        self.forget(self.method)

    def test_copy_sends_nothing(self):
        """Neither payments nor questions leave, and the till says why (F2)."""
        self.start()
        self.copy_database()
        self.method.fr_caisse_ap_ip_can_duplicate = True
        sent = len(self.sent)
        with self.assertRaisesRegex(UserError, "is a copy"):
            self.start()
        with self.assertRaisesRegex(UserError, "is a copy"):
            self.env["fr.caisse.ap.ip.transaction"]._record_identification(self.method)
        self.assertEqual(len(self.sent), sent)

    def test_neutralised_database_sends_nothing(self):
        """Odoo runs this file in each copy for tests (F1)."""
        path = get_module_path("l10n_fr_pos_caisse_ap_ip")
        with open(f"{path}/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.forget(self.method)
        with self.assertRaisesRegex(UserError, "is a copy"):
            self.start()
        self.env["pos.payment.method"].init()
        self.forget(self.method)
        self.assertTrue(
            self.method.fr_caisse_ap_ip_is_copy, "an update changes nothing"
        )

    def test_manager_confirms_the_terminal_of_a_copy(self):
        """Only a manager says that real cards may be charged from here."""
        self.copy_database()
        with self.assertRaises(AccessError):
            self.till().action_fr_caisse_ap_ip_confirm()
        manager = new_test_user(
            self.env, "pos-manager", "base.group_user,point_of_sale.group_pos_manager"
        )
        self.method.with_user(manager).action_fr_caisse_ap_ip_confirm()
        self.assertEqual(self.start()["state"], "pending")

    def test_terminal_set_up_in_the_copy_is_its_own(self):
        """Whoever types an address means it."""
        self.copy_database()
        self.method.fr_caisse_ap_ip_address = "192.0.2.77"
        self.assertEqual(self.start()["state"], "pending")
