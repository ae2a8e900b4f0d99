# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Names that the shop and the screens of its tills have in every series."""

CARD, CHEQUE, CASH = "Carte bancaire", "Chèque", "Espèces"
# The first page after a start: Odoo then puts its scripts together.
FIRST_PAGE_MS = 180_000
# The page of a till is ready once the addon is.
READY = "window.posmodel?.caisseAp"
# Odoo's own text, the same in every series.
PAID = "Paiement réussi"
# The addon's question about an unknown payment.
QUESTION = "Was it paid? Look at the terminal"
# And the one about money that no sale carries.
WITHOUT_SALE = "The terminal approved a payment without a sale"
