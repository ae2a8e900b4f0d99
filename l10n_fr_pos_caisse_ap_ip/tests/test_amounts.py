import random

from odoo.tests import tagged

from .common import TerminalCase

# Currency, its number on the wire, decimals, smallest unit in Odoo.
CURRENCIES = (
    ("XPF", "953", 0, 1),
    ("EUR", "978", 2, 0.01),
    ("TND", "788", 3, 0.001),
)
COUNT = 200


@tagged("post_install", "-at_install")
class TestAmounts(TerminalCase):
    def setUp(self):
        super().setUp()
        chosen = random.Random(5)  # the same amounts each time
        self.amounts = [1, 5, 1005, 2**31 - 1]
        self.amounts += [chosen.randrange(1, 10**8) for _amount in range(COUNT)]

    def currency(self, name, rounding):
        currency = self.env.ref(f"base.{name}")
        currency.write({"active": True, "rounding": rounding})
        return currency

    def test_smallest_units_reach_the_wire(self):
        """What the till asks is what CB says, whatever the currency's decimals."""
        for name, number, decimals, rounding in CURRENCIES:
            currency = self.currency(name, rounding)
            self.assertEqual(currency.decimal_places, decimals)
            for cents in self.amounts:
                request = self.method._fr_caisse_ap_ip_request(
                    "debit", self.config, currency, cents
                )
                fields = dict(request.fields())
                self.assertEqual(int(fields["CB"]), cents)
                self.assertEqual(fields["CE"], number)

    def test_smallest_units_come_back(self):
        """An amount in Odoo is the smallest units that were approved, and no other."""
        transactions = self.env["fr.caisse.ap.ip.transaction"]
        for name, _number, decimals, rounding in CURRENCIES:
            currency = self.currency(name, rounding)
            for cents in self.amounts:
                row = transactions.new(
                    {
                        "operation": "debit",
                        "amount_cents": cents,
                        "approved_cents": cents,
                        "currency_id": currency.id,
                    }
                )
                # As the till does; 14.0 rounds 481218.22 to 481218.22000000003.
                for amount in (row.amount, row.amount_approved):
                    self.assertEqual(round(amount * 10**decimals), cents)
