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
        with self.assertRaisesRegex(ValidationError, "Carte.*mode"):
            self.method.fr_caisse_ap_ip_mode = False

    def test_a_method_without_terminal_needs_no_address(self):
        """Cash is not asked for a terminal."""
        self.create_method("Espèces", use_payment_terminal=False)

    def test_address_can_be_corrected_while_the_shop_is_open(self):
        """A terminal that moved does not force the session to close."""
        self.method.fr_caisse_ap_ip_address = "192.0.2.2"
        with self.assertRaises(UserError):
            self.method.use_payment_terminal = False

    def test_cheque_forces_its_application(self):
        """A cheque is sent with CC=00C, a card without CC."""
        self.start()
        self.method.fr_caisse_ap_ip_mode = "check"
        self.env["fr.caisse.ap.ip.transaction"].search([]).write({"lease_until": False})
        self.start()
        applications = [dict(sent[1].fields()).get("CC") for sent in self.sent]
        self.assertEqual(applications, [None, "00C"])

    def test_currency_with_other_decimals_than_iso_is_refused(self):
        """A euro with three decimals in Odoo would charge ten times the price."""
        self.env.ref("base.EUR").rounding = 0.001
        with self.assertRaisesRegex(UserError, "EUR must have 2 decimals"):
            self.start()
        self.assertFalse(self.sent)
