"""What an agent calls: pair, claim, renew, result.

Short calls with JSON both ways: the body is one object, of any content type but
``application/json``, which Odoo 14.0 keeps for its own. The token comes as
``Authorization: Bearer``; there is no session. Each call touches nothing but what is
the agent's own.
"""

import json
import re

from odoo import http
from odoo.http import request

from ..models.payload import is_identifier, is_integer, is_label

PREFIX = "/fr_caisse_ap_ip/agent/"
MAX_BODY_BYTES = 65536
# What agents of the version before do not tell.
NEW_KEYS = {"on_bus"}
# An agent claims what its terminals can do at once, and has as many references open.
MAX_REFERENCES = 500
MAX_TERMINALS = 100
LONGEST_ERROR = 500
LONGEST_RECEIPT = 8000

OPTIONS = {
    "type": "http",
    "auth": "public",
    "methods": ["POST"],
    "csrf": False,
    # A session would save Odoo from looking for the database, but early agents took
    # 404, where that one is away, for our word. Those of today name it in a header.
    "save_session": False,
}


class Refused(Exception):
    """A call that is not served; nothing was changed.

    :param int status: of HTTP
    :param str code: a stable word for the agent
    """

    def __init__(self, status, code):
        super().__init__(code)
        self.status = status
        self.code = code


def is_text(longest):
    return lambda value: isinstance(value, str) and len(value) <= longest


def is_list_of(is_valid, longest):
    return (
        lambda value: isinstance(value, list)
        and len(value) <= longest
        and all(map(is_valid, value))
    )


def is_object(shape):
    """Return a check: a dict with these keys, each of its form, and nothing else."""
    return (
        lambda value: isinstance(value, dict)
        and set(shape) - NEW_KEYS <= set(value) <= set(shape)
        and all(shape[key](value[key]) for key in value)
    )


def is_number(low, high):
    return lambda value: is_integer(value, low, high)


def is_word(value):
    return isinstance(value, str) and bool(re.match(r"[a-z_]{1,40}$", value))


def is_fields(value):
    return isinstance(value, dict) and all(
        re.match(r"[A-Z]{2}$", tag) and is_text(999)(text)
        for tag, text in value.items()
    )


TERMINAL = {
    "name": lambda value: is_label(value) and bool(value),
    "address": is_label,
    "port": is_number(1, 65535),
}
OUTCOMES = ("approved", "refused", "unknown", "not_sent")
PAIR = {"code": is_label, "version": is_label}
CLAIM = {
    "epoch": is_identifier,
    "number": is_number(1, 10**15),
    "on_bus": lambda value: isinstance(value, bool),
    "known": is_list_of(is_identifier, MAX_REFERENCES),
    "version": is_label,
    "time": is_number(0, 10**11),
    "terminals": is_list_of(is_object(TERMINAL), MAX_TERMINALS),
}
RENEW = {"references": is_list_of(is_identifier, MAX_REFERENCES)}
RESULT = {
    "reference": is_identifier,
    "outcome": lambda value: value in OUTCOMES,
    "reason": is_word,
    "fields": is_fields,
    "receipt": is_text(LONGEST_RECEIPT),
    "error": is_text(LONGEST_ERROR),
    "contradiction": is_label,
    "is_final": lambda value: isinstance(value, bool),
}


class AgentController(http.Controller):
    @http.route(PREFIX + "pair", **OPTIONS)
    def pair(self):
        """Exchange a pairing code for a token."""

        def pair(body):
            agent, token = agents()._pair(body["code"])
            if not agent:
                raise Refused(403, "wrong_code")
            database = request.env.cr.dbname
            return {"name": agent.name, "token": token, "database": database}

        return answer(PAIR, pair)

    @http.route(PREFIX + "claim", **OPTIONS)
    def claim(self):
        """Give the agent what is due, after what it was given before is cleared up."""

        def claim(body):
            told = known_agent()._serve_claim(body)
            if "error" in told:
                raise Refused(409, told["error"])
            return told

        return answer(CLAIM, claim)

    @http.route(PREFIX + "renew", **OPTIONS)
    def renew(self):
        """Lengthen the leases of what the agent is busy with, or only say hello."""

        def renew(body):
            agent = known_agent()
            if body["references"]:
                agent._transactions()._renew(agent, body["references"])
            return {"name": agent.name}

        return answer(RENEW, renew)

    @http.route(PREFIX + "result", **OPTIONS)
    def result(self):
        """Take what became of a request."""

        def result(body):
            agent = known_agent()
            found = agent._transactions()._lock_reported(agent, body["reference"])
            if not found:
                raise Refused(404, "unknown_reference")
            found._record_report(body)
            return {}

        return answer(RESULT, result)


def answer(shape, serve):
    """Check the body, serve the call, and return the response.

    :param dict shape: the keys of the body, and what each must be
    :param function serve: of the body; returns what to answer (dict)
    """
    try:
        status, told = 200, serve(read_body(shape))
    except Refused as refused:
        status, told = refused.status, {"error": refused.code}
    response = request.make_response(
        json.dumps(told), [("Content-Type", "application/json")]
    )
    response.status_code = status
    return response


def read_body(shape):
    size = request.httprequest.content_length
    if size is None or size > MAX_BODY_BYTES:
        raise Refused(413, "too_large")
    try:
        body = json.loads(request.httprequest.get_data().decode())
    except ValueError:
        body = None
    if not is_object(shape)(body):
        raise Refused(400, "bad_request")
    return body


def agents():
    return request.env["fr.caisse.ap.ip.agent"].sudo()


def known_agent():
    """Return the agent (sudo) whose token came with the call."""
    header = request.httprequest.headers.get("Authorization", "")
    kind, _space, token = header.partition(" ")
    agent = agents()._authenticated(token) if kind == "Bearer" else agents()
    if not agent:
        raise Refused(401, "unknown_token")
    return agent
