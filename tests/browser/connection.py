# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a page of the till says to the server, without the page."""

import http.client
import json
import uuid

METHOD = "pos.payment.method"


def open_session(shop):
    """Return the id of an open session of the first till."""
    found = shop.sql("SELECT id FROM pos_session WHERE config_id = %s", shop.tills[:1])
    values = {"config_id": shop.tills[0]}
    session = found[0][0] if found else shop.rpc("pos.session", "create", values)
    shop.sql("UPDATE pos_session SET state = 'opened' WHERE id = %s", [session])
    return session


def payload(session):
    """Return what a page says of a payment."""
    return {
        "reference": str(uuid.uuid4()),
        "line_uuid": str(uuid.uuid4()),
        "order_uuid": str(uuid.uuid4()),
        "order_name": "",
        "session_id": session,
        "operation": "debit",
        "amount_cents": 200,
        "refunded_lines": [],
    }


class Connection:
    """The calls of a person's page; nobody named is the cashier."""

    def __init__(self, shop, person=None):
        self.shop = shop
        self.cookie = ""
        login, password = person or shop.cashier
        params = {"db": shop.database, "login": login, "password": password}
        answer = self.post("/web/session/authenticate", params)
        self.user = answer["result"]["uid"]

    def call(self, model, method, *args):
        """Return the result of a call that must succeed."""
        answer = self.ask(model, method, *args)
        assert "result" in answer, answer
        return answer["result"]

    def ask(self, model, method, *args):
        """Return the whole answer (dict), which holds a result or an error."""
        return self.post(*self.as_post(model, method, args))

    def call_unheard(self, model, method, *args):
        """Send a call and hang up before its answer."""
        self.send(*self.as_post(model, method, args)).close()

    def as_post(self, model, method, args):
        params = {"model": model, "method": method, "args": args, "kwargs": {}}
        return f"/web/dataset/call_kw/{model}/{method}", params

    def send(self, path, params):
        connection = http.client.HTTPConnection(self.shop.url.split("//")[1])
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        headers = {"Content-Type": "application/json", "Cookie": self.cookie}
        connection.request("POST", path, body, headers)
        return connection

    def post(self, path, params):
        connection = self.send(path, params)
        answer = connection.getresponse()
        self.cookie = self.cookie or answer.getheader("Set-Cookie").split(";")[0]
        content = json.loads(answer.read())
        connection.close()
        return content
