"""Agents: programs in a shop that talk to its terminals for an Odoo hosted elsewhere.

An agent dials out: it asks for what is due (``controllers/agent.py``), and a ring on
the bus tells it when. Nothing of the shop listens to the outside.
"""

import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models

from .. import environment

# Without letters and digits that look alike.
CODE_CHARACTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 8
CODE_MINUTES = 10
# Wrong codes of anybody spoil every code that waits: nobody can go on guessing.
CODE_TRIES = 10
# An agent asks at least once a minute, with time for a slow network.
AWAY_SECONDS = 90
# All that a call needs of its agent, read with it.
FACTS = "name version clock_difference second_program_at channel epoch".split()
AUTHENTICATE = f"""
    SELECT id, {", ".join(FACTS)} FROM fr_caisse_ap_ip_agent WHERE token_hash = %s
"""


class FrCaisseApIpAgent(models.Model):
    _name = "fr.caisse.ap.ip.agent"
    _description = "Card terminal agent"
    _order = "name, id"

    name = fields.Char(required=True, help="The shop, or the machine in it.")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    terminal_ids = fields.One2many(
        "fr.caisse.ap.ip.agent.terminal", "agent_id", string="Terminals", readonly=True
    )
    state = fields.Selection(
        [("new", "Not paired"), ("here", "Connected"), ("away", "Away")],
        compute="_compute_state",
    )
    seen_at = fields.Datetime(string="Last seen", readonly=True, copy=False)
    version = fields.Char(string="Program version", readonly=True, copy=False)
    on_bus = fields.Boolean(
        string="On the bus",
        readonly=True,
        copy=False,
        help="It is told of a payment at once. Without the bus it asks now and then, "
        "and payments leave later.",
    )
    clock_difference = fields.Integer(
        string="Clock difference (seconds)",
        readonly=True,
        copy=False,
        help="How far the clock of its machine is from the database's. Nothing relies "
        "on it but the times in its log.",
    )
    second_program_at = fields.Datetime(
        string="Second program refused",
        readonly=True,
        copy=False,
        help="Another program used the same token then. Revoke it and pair again if "
        "that was not you.",
    )
    pairing_code = fields.Char(
        readonly=True, copy=False, groups="point_of_sale.group_pos_manager"
    )
    pairing_until = fields.Datetime(
        string="Valid until",
        readonly=True,
        copy=False,
        groups="point_of_sale.group_pos_manager",
    )
    pairing_tries = fields.Integer(copy=False, groups="base.group_system")
    # Of the token only the hash is kept.
    token_hash = fields.Char(copy=False, groups="base.group_system")
    channel = fields.Char(copy=False, groups="base.group_system")
    # Which log on disk speaks, and its last claim: see _begin_claim.
    epoch = fields.Char(copy=False, groups="base.group_system")
    claim_number = fields.Float(digits=(16, 0), copy=False, groups="base.group_system")

    def init(self):
        self.env.cr.execute(
            """
            CREATE UNIQUE INDEX IF NOT EXISTS fr_caisse_ap_ip_one_token
                ON fr_caisse_ap_ip_agent (token_hash);
            """
        )
        return super().init()

    @api.depends("seen_at")
    def _compute_state(self):
        for agent in self:
            is_paired = agent.sudo().token_hash
            here = "here" if agent._is_here() else "away"
            agent.state = here if is_paired else "new"

    def _database_time(self):
        return environment.database_time(self.env.cr).replace(microsecond=0)

    def _is_here(self):
        """Return whether the agent has been heard of lately (bool)."""
        agent = self.sudo()
        limit = self._database_time() - timedelta(seconds=AWAY_SECONDS)
        return bool(agent.token_hash and agent.seen_at and agent.seen_at >= limit)

    def _ring(self):
        """Have the agent ask, once this is committed. The ring says nothing."""
        channel = self.sudo().channel
        environment.send_on_bus(self.env, channel, "fr_caisse_ap_ip_ring", {})

    # -- Pairing -------------------------------------------------------------------

    def action_pairing_code(self):
        """Show a code that makes one program this agent."""
        self.ensure_one()
        code = "".join(secrets.choice(CODE_CHARACTERS) for _place in range(CODE_LENGTH))
        self.sudo().write(
            {
                "pairing_code": code,
                "pairing_until": self._database_time()
                + timedelta(minutes=CODE_MINUTES),
                "pairing_tries": 0,
            }
        )
        return True

    def action_revoke(self):
        """Shut the program out at once; what it was sent before stays recorded."""
        self.sudo().write(
            {
                "token_hash": False,
                "channel": False,
                "epoch": False,
                "claim_number": 0,
                "pairing_code": False,
                "seen_at": False,
            }
        )
        return True

    @api.model
    def _pair(self, code):
        """Exchange a code for a token.

        :param str code: as a person typed it
        :return: the agent and its token (str), or no agent and ""
        """
        token, channel = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        self.env.cr.execute(
            """
            UPDATE fr_caisse_ap_ip_agent
               SET token_hash = %(hash)s, channel = %(channel)s, epoch = NULL,
                   claim_number = 0, pairing_code = NULL, seen_at = %(now)s
             WHERE pairing_code = %(code)s AND pairing_until >= %(now)s
               AND coalesce(pairing_tries, 0) < %(tries)s
         RETURNING id
            """,
            {
                "hash": hash_of(token),
                "channel": f"fr_caisse_ap_ip_{channel}",
                "code": code.replace("-", "").replace(" ", "").upper(),
                "now": self._database_time(),
                "tries": CODE_TRIES,
            },
        )
        row = self.env.cr.fetchone()
        if row:
            return self.sudo().browse(row[0]), token
        self.env.cr.execute(
            """
            UPDATE fr_caisse_ap_ip_agent
               SET pairing_tries = coalesce(pairing_tries, 0) + 1
             WHERE pairing_code IS NOT NULL
            """
        )
        return self.browse(), ""

    @api.model
    def _authenticated(self, token):
        """Return the agent (sudo) that a token belongs to, or none."""
        self.env.cr.execute(AUTHENTICATE, (hash_of(token),))
        row = self.env.cr.fetchone()
        if not row:
            return self.browse()
        agent = self.sudo().browse(row[0])
        agent._update_cache(dict(zip(FACTS, row[1:])), validate=False)
        return agent

    def _transactions(self):
        """Return the transactions (sudo), whose history names the agent."""
        named = self.env["fr.caisse.ap.ip.transaction"].sudo()
        return named.with_context(fr_caisse_ap_ip_person=self.name)


class FrCaisseApIpAgentTerminal(models.Model):
    _name = "fr.caisse.ap.ip.agent.terminal"
    _description = "Card terminal of an agent"
    _order = "agent_id, name, id"
    _rec_name = "label"

    agent_id = fields.Many2one(
        "fr.caisse.ap.ip.agent", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="agent_id.company_id")
    name = fields.Char(required=True, readonly=True)
    label = fields.Char(compute="_compute_label")
    address = fields.Char(readonly=True, help="In the network of the shop.")
    port = fields.Integer(readonly=True)
    is_offered = fields.Boolean(
        string="Offered", readonly=True, help="The agent still has it in its list."
    )

    @api.depends("name", "agent_id.name")
    def _compute_label(self):
        for terminal in self:
            terminal.label = f"{terminal.agent_id.name}: {terminal.name}"

    @api.model
    def _note(self, agent, terminals):
        """Bring the terminals of an agent in line with its list.

        :param agent: the ``fr.caisse.ap.ip.agent`` record
        :param list terminals: lists of name, address and port
        """
        known = {terminal.name: terminal for terminal in agent.terminal_ids}
        for name, address, port in terminals:
            values = {"address": address, "port": port, "is_offered": True}
            terminal = known.pop(name, None)
            if terminal is None:
                self.create(dict(values, name=name, agent_id=agent.id))
            else:
                terminal.write(values)
        for terminal in known.values():
            terminal.is_offered = False


def hash_of(token):
    """Return what is kept of a token (str)."""
    return hashlib.sha256(token.encode()).hexdigest()
