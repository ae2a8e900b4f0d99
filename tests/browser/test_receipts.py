# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The terminal's receipt: asked for, printed, printed again; slips of refusals too."""

import html
import re

from tills import CARD, CASH

KEEP_PRINTED = """
    window.print = () => (window.top.printed = document.body.innerText);
"""


def test_receipts(till, terminal, transactions, set_card):
    """A refusal's receipt and the customer's receipt are printed, and again later."""
    set_card(receipt=True)
    till.page.add_init_script(KEEP_PRINTED)
    terminal.play("refuse_with_receipt", "accept")
    till.sell("Camembert")
    till.pay()
    till.is_asked("Payment refused", also=["PAIEMENT REFUSÉ"])
    till.answers("print")
    till.page.wait_for_function("window.printed")
    receipt = till.evaluate("window.printed")
    assert "CAFÉ DE LA GARE" in receipt.splitlines()
    assert "PAIEMENT REFUSÉ" in receipt
    till.send()
    till.sees_sold()
    fields = terminal.requests[-1].fields
    assert (fields["CZ"], fields["CK"]) == ("0320", "100")
    lines = [line.strip() for line in till.receipt_text().splitlines()]
    for line in ("CARTE BANCAIRE", "CAFÉ DE LA GARE", "TICKET CLIENT"):
        assert line in lines
    # The seal that French law wants may hold as many digits by chance.
    unsealed = re.sub("[0-9a-f]{64}", "", till.receipt_text())
    assert not re.search("[0-9]{13}", unsealed)
    refused, approved = transactions.all()
    [payment] = transactions.payments()
    # Odoo's own reprint of an order takes it from there.
    assert "TICKET CLIENT" in payment["ticket"]
    again = report(till, "order_receipts", payment["pos_order_id"])
    assert again.count("CAFÉ DE LA GARE") == 2
    assert again.index("PAIEMENT REFUSÉ") < again.index(approved["authorisation"])
    assert "PAIEMENT REFUSÉ" in report(till, "receipts", refused["id"])


def test_no_receipt_unless_asked(till, terminal, transactions):
    """Without the setting nothing is asked for; there is nothing to print again."""
    terminal.play("refuse", "accept")
    till.sell("Café")
    till.pay()
    till.is_told("Payment refused")
    till.delete(CARD)
    till.choose(CASH)
    till.validate()
    till.sees_receipt()
    assert "CK" not in terminal.requests[-1].fields
    text = report(till, "receipts", transactions.last()["id"])
    assert till.french("The terminal gave no receipt.").search(text)


def report(till, name, record):
    """Return what a report of the addon shows the cashier (str)."""
    path = f"/report/html/l10n_fr_pos_caisse_ap_ip.{name}/{record}"
    return html.unescape(till.page.request.get(till.shop.url + path).text())
