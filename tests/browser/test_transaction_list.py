# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The transactions for people: found, summed up, linked with orders and payments."""

from playwright.sync_api import expect

TRANSACTIONS = "action_fr_caisse_ap_ip_transactions"


def test_search_and_sums(till, office, terminal, transactions):
    """A payment is found by amount, authorisation and order; sums are drawn."""
    for product in ("Café", "Camembert"):
        till.sell(product)
        till.pay()
        till.sees_sold()
        till.next_order()
    last = transactions.last()
    office.open_action("action_transactions")
    expect(office.rows()).to_have_count(2)
    for field, text in (
        ("Amount asked", "4,90"),
        ("Authorisation number", last["authorisation"]),
        ("Order", last["order_name"]),
    ):
        office.search(field, text)
        expect(office.rows()).to_have_count(1)
        expect(office.rows()).to_contain_text("4,90")
        office.search_nothing()
    office.show("pivot")
    expect(office.page.locator(".o_pivot table")).to_contain_text("6,90")
    office.show("graph")
    expect(
        office.page.locator(".o_graph_renderer canvas, .o_graph canvas")
    ).to_be_visible()


def test_links(till, office, shop, terminal, transactions):
    """Order, payment and transaction lead to one another, refusals included."""
    terminal.play("refuse", "accept")
    till.sell("Camembert")
    till.pay()
    till.is_told("Payment refused")
    till.send()
    till.sees_sold()
    [payment] = transactions.payments()
    office.read_record("pos.order", payment["pos_order_id"])
    office.press(TRANSACTIONS)
    expect(office.rows()).to_have_count(2)
    office.read_record("pos.payment", payment["id"])
    office.press(TRANSACTIONS)
    expect(office.rows()).to_have_count(1)
    office.rows().first.click()
    [order] = transactions.rows("pos_order", "id = %s", payment["pos_order_id"])
    expect(office.value("order_id")).to_contain_text(order["name"])


def test_export(till, shop, transactions):
    """What the list shows can be exported, by a manager."""
    till.sell("Café")
    till.pay()
    till.sees_sold()
    fields = ["create_date", "amount_approved", "authorisation", "order_id/name"]
    rows = shop.rpc(
        "fr.caisse.ap.ip.transaction",
        "export_data",
        [transactions.last()["id"]],
        fields,
    )["datas"]
    assert rows[0][1:3] == [2.0, transactions.last()["authorisation"]]


def test_manager_asks_the_terminal(unknown, office, terminal, set_card, transactions):
    """A question shows what the terminal says; the manager then decides."""
    set_card(can_duplicate=True)
    transaction = transactions.last()
    unknown.answers("later")
    office.read_record("fr.caisse.ap.ip.transaction", transaction["id"])
    expect(office.title).to_contain_text(f"{transaction['order_name']} - 4,90")
    terminal.play("accept")
    office.press("action_query_terminal")
    office.is_notified("The amount is the same: compare the time on the receipt.")
    assert [request.operation for request in terminal.requests] == [
        "debit",
        "duplicate",
    ]
    assert transactions.states() == ["unknown", "approved"]
    office.decide("It was paid: the receipt shows it", "vu sur le ticket")
    unknown.sees_sold()
    assert transactions.states() == ["approved", "approved"]
    assert transactions.person(transactions.all()[0]["resolved_by_id"]) == "admin"
