# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a visitor of the terminals' page sees and does, in a real browser."""

import re

import pytest
from pages import served
from playwright.sync_api import expect

from caisse_ap_simulator.answers import FULL_CARD
from caisse_ap_simulator.scenarios import SCENARIOS

PHONE = {"width": 390, "height": 700}


def display(page):
    return page.locator("#display")


def tap(page, card):
    page.locator(f"#hand .card.{card}").click()


def press(page, *keys):
    for key in keys:
        page.locator("#keys").get_by_role("button", name=key).click()


def scenario_row(page, name):
    row = page.locator("#scenarios li")
    return row.filter(has=page.get_by_text(name, exact=True))


def keep(frames):
    return lambda frame: frames.append(frame)


def test_contactless_payment(page, ask):
    """The page follows the till without reload, and a tap pays what it asks."""
    expect(display(page)).to_contain_text("Hello")
    till = ask(2500)
    expect(display(page)).to_contain_text("25.00 EUR")
    expect(display(page)).to_contain_text("Insert or present the card")
    expect(page.get_by_role("img", name="Terminal busy")).to_be_visible()
    tap(page, "contactless")
    assert till.result().application == "00B"
    expect(display(page)).to_contain_text("Payment approved")
    expect(page.locator("#paper")).to_contain_text("497010######1234")
    expect(page.get_by_role("img", name="Terminal free")).to_be_visible()


def test_chip_card_asks_for_the_code(page, ask):
    """A chip card pays after four digits and the green key, and must be removed."""
    till = ask()
    tap(page, "contact")
    expect(display(page)).to_contain_text("Enter your code")
    press(page, "1", "2", "Green")
    expect(page.locator("#dots")).to_have_text("●●○○")
    press(page, "Yellow")
    expect(page.locator("#dots")).to_have_text("○○○○")
    press(page, "1", "2", "3", "4", "Green")
    assert till.result().outcome == "approved"
    expect(display(page)).to_contain_text("Remove the card")
    press(page, "Green")
    expect(display(page)).to_contain_text("Hello")


def test_keyboard_has_the_keys_of_the_terminal(page, ask):
    """Digits and Enter on a keyboard type the code."""
    till = ask()
    tap(page, "amex")
    expect(display(page)).to_contain_text("Enter your code")
    page.locator("body").click(position={"x": 5, "y": 300})
    page.keyboard.type("1234")
    page.keyboard.press("Enter")
    assert till.result().application == "002"


@pytest.mark.parametrize("card", [None, "contact"])
def test_red_key_refuses(page, ask, card):
    """The red key ends the payment, before a card and while the code is typed."""
    till = ask()
    expect(display(page)).to_contain_text("25.00 EUR")
    if card:
        tap(page, card)
        expect(display(page)).to_contain_text("Enter your code")
    press(page, "Red")
    assert till.result().outcome == "refused"
    expect(display(page)).to_contain_text("Abandoned")


@pytest.mark.parametrize(
    "card, application",
    [("conecs", "00E"), ("ancv", "00V"), ("cheque", "00C")],
)
def test_forced_application(page, ask, card, application):
    """What a till forces is the only thing that the customer can pay with."""
    till = ask(application=application)
    expect(page.locator("#hand .card:enabled")).to_have_count(1)
    tap(page, card)
    if card != "cheque":
        press(page, "1", "2", "3", "4", "Green")
    verdict = till.result()
    assert (verdict.outcome, verdict.application) == ("approved", application)


def test_refund(page, ask):
    """A credit says what it is, and moves money the other way."""
    till = ask(operation="credit")
    expect(display(page)).to_contain_text("Refund")
    tap(page, "contactless")
    assert till.result().outcome == "approved"
    expect(page.locator("#totals")).to_have_text("Totals: Credit 25.00 EUR")


@pytest.mark.parametrize(
    "locale, query, hello",
    [
        ("fr-FR", "", "Bonjour"),
        ("en-US", "", "Hello"),
        ("de-DE", "", "Hello"),
        ("en-US", "?lang=fr", "Bonjour"),
    ],
)
def test_language_of_the_visitor(visit, locale, query, hello):
    """The address chooses the language, else the browser, else the simulator."""
    expect(display(visit(locale, query=query))).to_contain_text(hello)


def test_language_switch(page, ask):
    """The switch translates all of the page, and is remembered."""
    till = ask()
    expect(display(page)).to_contain_text("Payment")
    page.get_by_role("button", name="FR").click()
    expect(display(page)).to_contain_text("Insérez ou présentez la carte")
    expect(page.locator("#exchanges")).to_contain_text("Demande de la caisse")
    expect(page.locator("#hand")).to_contain_text("CB sans contact")
    page.reload()
    expect(display(page)).to_contain_text("25,00 EUR")
    tap(page, "contactless")
    assert till.result().outcome == "approved"


def test_frames_both_ways(page, ask):
    """Request and answer are explained field by field, as they come."""
    till = ask(1234)
    frames = page.locator("#exchanges")
    expect(frames).to_contain_text("waiting for the customer")
    expect(frames.get_by_role("row", name="CB amount 1234 12.34 EUR")).to_be_visible()
    tap(page, "contactless")
    till.result()
    status = frames.get_by_role("row", name="AE status 10 Operation done")
    expect(status).to_be_visible()
    expect(page.locator("#entries")).to_contain_text("accept_contactless")


def test_silence_is_played(page, ask, terminal):
    """A fault from the panel waits for the next payment, and the till hears nothing."""
    scenario_row(page, "silence").get_by_role("button", name="Play next").click()
    expect(page.locator("#queue")).to_have_text("silence")
    till = ask(timeout=2.0)
    expect(page.locator("#playing")).to_have_text("Playing: silence")
    assert till.result().outcome == "unknown"
    terminal.wait_for(1)
    expect(display(page)).to_contain_text("Operation interrupted")
    expect(page.locator("#exchanges")).to_contain_text("Nothing was written.")


def test_card_triggers_the_fault(page, ask, terminal):
    """What was ordered happens when the card is there, whatever the card is."""
    terminal.delay = 1000
    terminal.play("refuse_forbidden")
    till = ask()
    tap(page, "contactless")
    assert till.result().reason == "declined"
    expect(display(page)).to_contain_text("Forbidden")


def test_fault_now(page, ask):
    """A fault can also happen to the payment that waits."""
    row = scenario_row(page, "close_after_accept")
    expect(row.get_by_role("button", name="Now")).to_be_disabled()
    till = ask()
    row.get_by_role("button", name="Now").click()
    assert till.result().outcome == "unknown"
    expect(page.locator("#exchanges summary").first).to_contain_text("not delivered")


def test_script(page, terminal):
    """A list of names is queued as it is; one that is wrong changes nothing."""
    names = page.get_by_label("Script")
    names.fill("refuse partial:1900, accept")
    names.press("Enter")
    expect(page.locator("#queue code")).to_have_text(
        ["refuse", "partial:1900", "accept"]
    )
    names.fill("accept acept")
    names.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("acept")
    assert len(terminal.state()["queue"]) == 3
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#queue code")).to_have_count(0)


def test_customer_who_pays_by_himself(page, ask):
    """The page can leave the customer to himself, and say how long he takes."""
    page.get_by_label("Time taken").fill("0")
    page.get_by_role("combobox").select_option("accept")
    assert ask().result().outcome == "approved"
    expect(display(page)).to_contain_text("Payment approved")


def test_every_scenario_is_offered(page):
    """The panel names every scenario; a word finds one by what it says."""
    offered = page.locator("#scenarios li")
    choices = {"accept", "amounts", "manual"}
    expect(offered).to_have_count(len(set(SCENARIOS) - choices))
    page.get_by_role("searchbox").fill("bank's supplements")
    expect(offered).to_have_count(1)


def test_two_terminals(page, ask, terminals):
    """Each terminal has a tab; the one that waits says so, and pays what it asks."""
    first, second = terminals
    tills = ask(1000, first), ask(2000, second)
    expect(page.locator(".tab.busy")).to_have_count(2)
    expect(display(page)).to_contain_text("10.00 EUR")
    page.get_by_role("button", name=f"Terminal {second.port}").click()
    expect(display(page)).to_contain_text("20.00 EUR")
    tap(page, "contactless")
    assert tills[1].result().approved_cents == 2000
    expect(page.locator(".tab.busy")).to_have_count(1)
    page.get_by_role("button", name=f"Terminal {first.port}").click()
    tap(page, "contactless")
    assert tills[0].result().approved_cents == 1000


def test_phone(visit, ask):
    """On a phone display, red key and cards fit the screen, and nothing overflows."""
    page = visit(viewport=PHONE)
    till = ask()
    expect(display(page)).to_contain_text("25.00 EUR")
    for part in (".key.red", "#display", "#hand .card.contactless"):
        expect(page.locator(part)).to_be_in_viewport(ratio=0.9)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    red_key = page.locator(".key.red").bounding_box()
    tap(page, "contact")
    expect(display(page)).to_contain_text("Enter your code")
    assert page.locator(".key.red").bounding_box() == red_key
    press(page, "1", "2", "3", "4", "Green")
    assert till.result().outcome == "approved"
    for summary in page.locator("#developer > details > summary").all():
        summary.click()
    expect(page.locator("#entries")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("scenario", ["full_pan", "receipt_full_pan"])
def test_no_full_card_number(visit, ask, terminal, scenario):
    """Neither the page nor what is sent to it holds a full number or an expiry date."""
    page = visit()
    sent = []
    page.on("websocket", lambda socket: socket.on("framereceived", keep(sent)))
    page.reload()
    terminal.play(scenario)
    ask(receipt=True).result()
    expect(page.locator("#exchanges")).to_contain_text("497010######1234")
    told = "".join(sent) + page.content()
    assert "497010######1234" in told
    for form in (FULL_CARD, re.sub("(....)(?=.)", r"\1 ", FULL_CARD), "2712"):
        assert form not in told


def test_page_returns_after_a_restart(chromium, thread, terminals):
    """A page survives the end of the simulator and follows the next one."""
    with served(thread, terminals, port=0) as address:
        port = int(address.rstrip("/").rpartition(":")[2])
        page = chromium.new_page(locale="en")
        page.goto(address)
        expect(display(page)).to_contain_text("Hello")
    expect(page.get_by_role("alert")).to_contain_text("does not answer")
    with served(thread, terminals, port=port):
        expect(page.get_by_role("alert")).to_be_hidden()
        terminals[0].play("refuse")
        expect(page.locator("#queue")).to_have_text("refuse")
        page.close()
