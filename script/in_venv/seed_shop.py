"""Turn a database into a shop with two tills: seed_shop.py CONFIG NAME LANG ADDON.

What is named twice is in French and in English; LANG chooses.
"""

import sys

import orm

COMPANY = {
    "name": "La Crémerie du Port",
    "street": "12 quai de la République",
    "zip": "17000",
    "city": "La Rochelle",
    "phone": "05 46 00 00 00",
    "vat": "FR23334175221",
}
TILLS = (("Boutique", "Shop"), ("Boutique 2", "Shop 2"))
CASH = ("Espèces", "Cash")
# Name, mode: both on the same terminal.
TERMINAL_METHODS = (
    (("Carte bancaire", "Bank card"), "card"),
    (("Chèque", "Cheque"), "check"),
)
# Name, price with VAT in euros, VAT in percent.
PRODUCTS = (
    (("Camembert", "Camembert"), 4.90, 5.5),
    (("Comté 18 mois (250 g)", "Comté, 18 months (250 g)"), 7.45, 5.5),
    (("Beurre demi-sel", "Salted butter"), 3.20, 5.5),
    (("Confiture de fraises", "Strawberry jam"), 5.60, 5.5),
    (("Croque-monsieur", "Croque-monsieur"), 6.50, 10.0),
    (("Café", "Coffee"), 2.00, 10.0),
    (("Planche de fromages", "Cheese board"), 14.00, 10.0),
    (("Pineau des Charentes", "Pineau des Charentes"), 18.90, 20.0),
    (("Couteau à fromage", "Cheese knife"), 24.50, 20.0),
    (("Sac en toile", "Canvas bag"), 9.90, 20.0),
    # Some of them make the cents that tell the simulated terminal what to play.
    (("Centime d'essai", "Cent to try with"), 0.01, 20.0),
)

# What opens a till where its page does not, by series.
OPEN_TILL = {14: "open_session_cb", 16: "open_ui", 17: "open_ui"}


def main(config, database, lang, addon):
    """Install the addon where there is one, and create all that a shop needs."""
    orm.configure(config)
    orm.install(database, [addon])
    with orm.environment(database, lang=lang, no_reset_password=True) as env:
        Shop(env, lang).seed()


class Shop:
    """The shop's records, each kind made by one method."""

    def __init__(self, env, lang):
        self.env = env
        self.lang = lang

    def translated(self, name):
        french, english = name
        return french if self.lang == "fr_FR" else english

    def seed(self):
        self.env.company.write(COMPANY)
        self.quiet_admin()
        self.add_products()
        self.mend_14()
        cashier = self.add_cashier()
        tills = self.add_tills()
        self.open_sessions(tills, (cashier, self.env.ref("base.user_admin")))

    def quiet_admin(self):
        """Spare the administrator the guided tours of a new database."""
        admin = self.env.ref("base.user_admin")
        if "tour_enabled" in admin._fields:
            admin.tour_enabled = False

    def mend_14(self):
        """Let cashiers read what their page loads; the first 14.0 forgot it."""
        if orm.version_info[0] == 14:
            access = {
                "name": "account.cash.rounding of the till",
                "model_id": self.env["ir.model"]._get("account.cash.rounding").id,
                "group_id": self.env.ref("point_of_sale.group_pos_user").id,
                "perm_read": True,
            }
            self.env["ir.model.access"].create(access)

    def add_products(self):
        """Sell these and nothing else, such as 17.0's product for discounts."""
        others = self.env["product.template"].search([("available_in_pos", "=", True)])
        others.write({"available_in_pos": False})
        for name, price, percent in PRODUCTS:
            product = {
                "name": self.translated(name),
                "list_price": price,
                "taxes_id": [(6, 0, self.vat(percent).ids)],
                "available_in_pos": True,
            }
            self.env["product.template"].create(product)

    def vat(self, percent):
        """Return the tax on goods of this rate whose prices include it."""
        sold = [("type_tax_use", "=", "sale"), ("amount", "=", percent)]
        taxes = self.env["account.tax"].with_context(active_test=False).search(sold)
        tax = taxes.filtered(
            lambda tax: tax.price_include and tax.tax_exigibility == "on_invoice"
        )[:1]
        tax.active = True
        return tax

    def add_cashier(self):
        groups = ("base.group_user", "point_of_sale.group_pos_user")
        users = self.env["res.users"]
        # 19.0 renamed the field.
        field = "group_ids" if "group_ids" in users._fields else "groups_id"
        cashier = {
            "name": "Camille",
            "login": "caisse",
            "password": "caisse",
            # Odoo 18.0 notes who opens a session in a message.
            "email": "caisse@example.com",
            "lang": self.lang,
            "tz": "Europe/Paris",
            field: [(6, 0, [self.env.ref(name).id for name in groups])],
        }
        return users.create(cashier)

    def add_tills(self):
        """Create the tills, with one terminal for both and a cash box for each."""
        self.env["pos.payment.method"].search([]).unlink()
        terminal = [self.terminal_method(*method) for method in TERMINAL_METHODS]
        first = self.env.ref("point_of_sale.pos_config_main", raise_if_not_found=False)
        tills = []
        for number, name in enumerate(TILLS, 1):
            methods = [*terminal, self.cash_method(number)]
            till = {
                "name": self.translated(name),
                "iface_tax_included": "total",
                "payment_method_ids": [(6, 0, [method.id for method in methods])],
            }
            tills.append(self.save(first if number == 1 else None, till))
        return tills

    def save(self, till, values):
        if not till:
            return self.env["pos.config"].create(values)
        till.write(values)
        return till

    def terminal_method(self, name, mode):
        method = {
            "name": self.translated(name),
            "use_payment_terminal": "fr-caisse_ap_ip",
            "payment_method_type": "terminal",
            "fr_caisse_ap_ip_mode": mode,
            "fr_caisse_ap_ip_address": "127.0.0.1",
            "fr_caisse_ap_ip_port": 8888,
            # Goods given back without the sale they came from are a cashier's here.
            "fr_caisse_ap_ip_free_refund": True,
        }
        bank = self.env["account.journal"].search([("type", "=", "bank")], limit=1)
        return self.add_method({**method, "journal_id": bank.id})

    def cash_method(self, number):
        name = self.translated(CASH)
        journal = {"name": f"{name} {number}", "type": "cash", "code": f"ESP{number}"}
        cash = self.env["account.journal"].create(journal).id
        # 14.0 has its own names for what became the journal's.
        old = {"is_cash_count": True, "cash_journal_id": cash}
        return self.add_method({"name": name, "journal_id": cash, **old})

    def add_method(self, values):
        """Create a payment method with those of the values that it knows."""
        methods = self.env["pos.payment.method"]
        known = {name: values[name] for name in values if writable(methods, name)}
        return methods.create(known)

    def open_sessions(self, tills, users):
        """Open each till, as its user does in the back office, where it must be open.

        From 18.0 on the page of a till opens it.
        """
        open_till = OPEN_TILL.get(orm.version_info[0])
        for till, user in zip(tills, users):
            if open_till:
                getattr(till.with_user(user), open_till)()


def writable(model, name):
    field = model._fields.get(name)
    return field is not None and not field.compute


if __name__ == "__main__":
    main(*sys.argv[1:])
