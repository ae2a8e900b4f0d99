# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Guests of one table pay each for themselves."""


def test_split_bill(open_till, terminal, transactions):
    """Each part of a bill is a payment of its own, with a reference of its own."""
    till = open_till()
    till.order("Café", "Camembert")
    till.split("Café")
    till.pay()
    till.sees_sold()
    till.return_to_rest_of_bill()
    till.pay()
    till.sees_sold()
    assert [request.asked_cents for request in terminal.requests] == [200, 490]
    assert [payment["amount"] for payment in transactions.payments()] == [2.0, 4.9]
    first, second = transactions.payments()
    assert first["pos_order_id"] != second["pos_order_id"]
    assert [row["reference"] for row in transactions.all()] == [
        first["transaction_id"],
        second["transaction_id"],
    ]
