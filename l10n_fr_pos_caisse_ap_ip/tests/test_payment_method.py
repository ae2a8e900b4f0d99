from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import TerminalCase


@tagged("post_install", "-at_install")
class TestPaymentMethod(TerminalCase):
    def test_addresses_a_terminal_can_have_are_accepted(self):
        """IPv4, IPv6 and names are addresses."""
        for address in ("10.0.0.7", "fe80::1", "::1", "tpe", "tpe-1.boutique.lan"):
            self.method.fr_caisse_ap_ip_address = address

    def test_other_addresses_name_the_field_and_the_method(self):
        """A wrong address is refused with the words of the form."""
        for address in (
            False,
            "http://10.0.0.7",
            "10.0.0.7:8888",
            "10.0.0",
            "10.0.0.777",
            "a b",
            "-tpe",
        ):
            with self.assertRaisesRegex(ValidationError, "Carte.*terminal address"):
                self.method.fr_caisse_ap_ip_address = address

    def test_ports_outside_the_range_are_refused(self):
        """A TCP port lies between 1 and 65535."""
        for port in (0, -1, 65536):
            with self.assertRaisesRegex(ValidationError, "Carte.*terminal port"):
                self.method.fr_caisse_ap_ip_port = port
        self.method.fr_caisse_ap_ip_port = 65535

    def test_port_is_8888_unless_it_is_said(self):
        """8888 is the port of the terminals that we know."""
        self.assertEqual(self.method.fr_caisse_ap_ip_port, 8888)

    def test_a_method_needs_a_mode(self):
        """A method without mode would not know what to send."""
        with self.assertRaisesRegex(ValidationError, "Carte.*type"):
            self.method.fr_caisse_ap_ip_mode = False

    def test_a_method_without_terminal_needs_no_address(self):
        """Cash is not asked for a terminal."""
        self.create_method("Espèces", use_payment_terminal=False)

    def test_address_can_be_corrected_while_the_shop_is_open(self):
        """A terminal that moved does not force the session to close."""
        self.method.fr_caisse_ap_ip_address = "192.0.2.2"
        with self.assertRaises(UserError):
            self.method.use_payment_terminal = False

    def sent_fields(self):
        """Return the fields of a payment sent now, and free the terminal."""
        transaction = self.transaction(self.start())
        transaction.lease_until = False
        return dict(self.sent[-1][1].fields())

    def test_mode_forces_its_application(self):
        """A card is sent without CC, every other mode with its own."""
        self.method.fr_caisse_ap_ip_application = "00X"
        for mode, application in (
            ("card", None),
            ("check", "00C"),
            ("ancv", "00V"),
            ("conecs", "00E"),
            ("other", "00X"),
        ):
            self.method.fr_caisse_ap_ip_mode = mode
            self.assertEqual(self.sent_fields().get("CC"), application, mode)

    def test_other_application_is_three_characters(self):
        """A code typed by hand has the form that the protocol wants."""
        for code in (False, "", "0V", "00v", "00é"):
            with self.assertRaisesRegex(ValidationError, "Carte.*application code"):
                self.method.write(
                    {
                        "fr_caisse_ap_ip_mode": "other",
                        "fr_caisse_ap_ip_application": code,
                    }
                )

    def test_till_has_its_own_number_and_identifier(self):
        """CA and CJ come from the point of sale, 01 by default."""
        self.assertEqual(self.sent_fields()["CA"], "01")
        self.config.fr_caisse_ap_ip_till = "07"
        self.config.fr_caisse_ap_ip_ipc = "111122223333"
        fields = self.sent_fields()
        self.assertEqual((fields["CA"], fields["CJ"]), ("07", "111122223333"))
        for wrong in ({"fr_caisse_ap_ip_till": "7"}, {"fr_caisse_ap_ip_ipc": "1"}):
            with self.assertRaises(ValidationError):
                self.config.write(wrong)

    def test_receipt_is_asked_for_by_setting(self):
        """CK=100 goes with version 3.20; without the setting neither is sent."""
        self.assertNotIn("CK", self.sent_fields())
        self.method.fr_caisse_ap_ip_receipt = True
        fields = self.sent_fields()
        self.assertEqual((fields["CZ"], fields["CK"]), ("0320", "100"))

    def test_line_end_is_sent_by_setting(self):
        """Some terminals want CR LF after the request."""
        self.sent_fields()
        self.assertFalse(self.sent[-1][1].encode().endswith(b"\r\n"))
        self.method.fr_caisse_ap_ip_line_end = True
        self.sent_fields()
        self.assertTrue(self.sent[-1][1].encode().endswith(b"\r\n"))

    def test_time_for_the_customer_has_bounds(self):
        """Too short invites unknown payments, too long holds the terminal."""
        for seconds in (0, 29, 601):
            with self.assertRaisesRegex(ValidationError, "Carte.*time"):
                self.method.fr_caisse_ap_ip_timeout = seconds

    def test_label_of_00e_is_a_setting(self):
        """Two bodies use the code."""
        for label, words in (("conecs", "CONECS"), ("cmcic", "CMCIC-Pay")):
            self.method.fr_caisse_ap_ip_label_00e = label
            transaction = self.transaction(self.start())
            self.answer(transaction, CC="00E")
            self.assertEqual(transaction._to_till()["card_type"], words)

    def test_currency_with_other_decimals_than_iso_is_refused(self):
        """A euro with three decimals in Odoo would charge ten times the price."""
        self.env.ref("base.EUR").rounding = 0.001
        with self.assertRaisesRegex(UserError, "EUR must have 2 decimals"):
            self.start()
        self.assertFalse(self.sent)

    def test_one_terminal_has_one_spelling(self):
        """Two spellings would be two locks and two day totals."""
        for typed, stored in (
            (" TPE.Boutique.LAN. ", "tpe.boutique.lan"),
            ("localhost", "127.0.0.1"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("FE80:0:0::1", "fe80::1"),
        ):
            self.method.fr_caisse_ap_ip_address = typed
            self.assertEqual(self.method.fr_caisse_ap_ip_address, stored)

    def test_two_methods_of_one_terminal_share_its_lock(self):
        """Whatever was stored before addresses had one spelling."""
        self.start()
        self.cheque.fr_caisse_ap_ip_address = "192.0.2.1"
        self.method = self.cheque
        self.assertEqual(self.start()["state"], "busy")

    def test_underscore_is_a_letter_of_a_name(self):
        """It is no wildcard: another terminal is another terminal."""
        self.method.fr_caisse_ap_ip_address = "tpe_1.lan"
        self.start()
        self.cheque.fr_caisse_ap_ip_address = "tpex1.lan"
        self.method = self.cheque
        self.assertEqual(self.start()["state"], "pending")

    def test_copy_waits_for_its_address(self):
        """A copy is made; what is missing is asked for, at the till too."""
        copy = self.method.copy({"name": "Carte 2"})
        self.assertFalse(copy.fr_caisse_ap_ip_address)
        self.session = self.open_session(self.create_config("Kiosque", copy))
        self.method = copy
        with self.assertRaisesRegex(UserError, "enter the terminal address"):
            self.start()
        with self.assertRaisesRegex(ValidationError, "enter the terminal address"):
            copy.write({"fr_caisse_ap_ip_address": ""})
