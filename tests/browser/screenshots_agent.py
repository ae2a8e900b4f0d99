# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The pictures of the guide to the agent: paired, chosen, unplugged, back."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import expect
from tcp_proxy import TcpProxy
from tills import CARD, QUESTION

from shop.agent import METHOD, MODEL, Agent, hand_over
from shop.processes import started

AWAY = (
    "The shop's agent is not connected. Check that its machine is on and has Internet."
)
FORM_SIZE = {"width": 1360, "height": 560}
# As shops have it, until the agent names its list again.
EXAMPLE = """
    UPDATE fr_caisse_ap_ip_agent_terminal SET address = '192.168.1.50', port = 8888
"""
MINUTES = (
    "UPDATE fr_caisse_ap_ip_agent SET seen_at = seen_at - interval '5 minutes'",
    "UPDATE fr_caisse_ap_ip_transaction SET lease_until = lease_until - interval '1 h'",
)


def the_agent(camera):
    shop, terminal = camera.shop, camera.terminal
    with tempfile.TemporaryDirectory() as folder, TcpProxy(shop.odoo.port) as line:
        agent = Agent(f"agent-{shop.database}", Path(folder), sys.executable)
        show_pairing(camera)
        record = agent.pair(shop, line.url, (terminal.host, terminal.port))
        with started(agent):
            hand_over(shop, record)
            show_method(camera)
            show_list(camera)
            a_sale_with_the_line_cut(camera, line)


def show_pairing(camera):
    record = camera.shop.rpc(MODEL, "create", {"name": "Boutique"})
    office = camera.office()
    office.open_record(MODEL, record)
    office.press("action_pairing_code")
    code = office.page.locator("[name='pairing_code']").first
    expect(code).not_to_be_empty()
    office.page.set_viewport_size(FORM_SIZE)
    camera.take("agent-pairing", office.page)


def show_method(camera):
    office = camera.office()
    [method] = camera.shop.rpc(METHOD, "search", [["name", "=", CARD]])
    office.open_record(METHOD, method)
    camera.take("agent-method", office.page)


def show_list(camera):
    camera.shop.sql(EXAMPLE)
    office = camera.office()
    office.open_action("action_agent")
    office.rows().first.click()
    expect(office.page.locator(office.form)).to_be_visible()
    office.page.set_viewport_size(FORM_SIZE)
    camera.take("agent-connected", office.page)


def a_sale_with_the_line_cut(camera, line):
    """The customer pays while the shop has no Internet; then it is back."""
    till = camera.till()
    camera.terminal.play("manual")
    till.sell("Camembert")
    till.pay()
    camera.terminal.wait_for(lambda terminal: terminal.current, 30)
    line.down()
    camera.terminal.tap("accept")
    for query in (*MINUTES, EXAMPLE):
        camera.shop.sql(query)
    till.is_asked(QUESTION)
    camera.take_dialog("agent-unplugged", till.page)
    another = camera.till(2)
    another.sell("Café")
    another.pay()
    another.is_asked(AWAY)
    camera.take_dialog("agent-away", another.page)
    another.page.close()
    line.up()
    till.sees_sold()
    camera.take("agent-back", till.page)
