"""How a payment method reaches its terminal: from this server, or through an agent."""

import json
from dataclasses import asdict

from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from .terminal_address import normalised

SERVER, AGENT = "server", "agent"


class PosPaymentMethod(models.Model):
    _inherit = "pos.payment.method"

    fr_caisse_ap_ip_carrier = fields.Selection(
        [(SERVER, "This server"), (AGENT, "An agent in the shop")],
        string="Reached by",
        default=SERVER,
        required=True,
        help="An agent is a program in the shop: it needs no open port there when this "
        "server is elsewhere.",
    )
    fr_caisse_ap_ip_terminal_id = fields.Many2one(
        "fr.caisse.ap.ip.agent.terminal",
        string="Terminal of the agent",
        ondelete="restrict",
        copy=False,
    )
    fr_caisse_ap_ip_agent_state = fields.Selection(
        related="fr_caisse_ap_ip_terminal_id.agent_id.state",
        string="State of the agent",
    )

    @api.constrains(
        "use_payment_terminal",
        "fr_caisse_ap_ip_carrier",
        "fr_caisse_ap_ip_terminal_id",
        "company_id",
    )
    def _check_fr_caisse_ap_ip_agent(self):
        for method in self.filtered(lambda one: one._fr_caisse_ap_ip_is_ours()):
            terminal = method.fr_caisse_ap_ip_terminal_id
            if not method._fr_caisse_ap_ip_has_agent():
                continue
            if not terminal and self.env.context.get("fr_caisse_ap_ip_copy"):
                continue
            if not terminal or terminal.company_id != method.company_id:
                raise ValidationError(
                    _(
                        "Payment method %s: choose a terminal of an agent of its "
                        "company.",
                        method.name,
                    )
                )

    def _fr_caisse_ap_ip_has_agent(self):
        return self.fr_caisse_ap_ip_carrier == AGENT

    def _fr_caisse_ap_ip_agent_request(self, request):
        """Return what an agent is to claim (JSON), or False: this server sends it.

        :param caisse_ap.Request request: or None
        """
        is_claimed = request and self._fr_caisse_ap_ip_has_agent()
        return json.dumps(asdict(request)) if is_claimed else False

    def _fr_caisse_ap_ip_is_set_up(self):
        """Return whether it is known where the terminal is (bool)."""
        if self._fr_caisse_ap_ip_has_agent():
            return bool(self.fr_caisse_ap_ip_terminal_id)
        return bool(self.fr_caisse_ap_ip_address)

    def _fr_caisse_ap_ip_same_terminal(self):
        """Return the payment methods whose payments go to this terminal too."""
        if self._fr_caisse_ap_ip_has_agent():
            terminal = self.fr_caisse_ap_ip_terminal_id
            return self.search([("fr_caisse_ap_ip_terminal_id", "=", terminal.id)])
        return self.search(
            [
                ("fr_caisse_ap_ip_carrier", "=", SERVER),
                ("fr_caisse_ap_ip_address", "=", self.fr_caisse_ap_ip_address),
                ("fr_caisse_ap_ip_port", "=", self.fr_caisse_ap_ip_port),
            ]
        )

    def _fr_caisse_ap_ip_terminal_values(self):
        """Return the fields of a transaction that say which terminal it takes (dict).

        Private addresses are the same in many shops, so an agent's terminals are its
        own, unless this server talks to that very address itself: then it is in the
        same network, and the terminal is one.
        """
        if not self._fr_caisse_ap_ip_has_agent():
            return {
                "terminal_address": normalised(self.fr_caisse_ap_ip_address),
                "terminal_port": self.fr_caisse_ap_ip_port,
                "terminal_network": 0,
            }
        terminal = self.fr_caisse_ap_ip_terminal_id.sudo()
        direct = self.sudo().search(
            [
                ("fr_caisse_ap_ip_carrier", "=", SERVER),
                ("fr_caisse_ap_ip_port", "=", terminal.port),
                ("company_id", "=", self.company_id.id),
            ]
        )
        addresses = [normalised(each.fr_caisse_ap_ip_address) for each in direct]
        in_our_network = terminal.address in addresses
        return {
            "terminal_address": terminal.address,
            "terminal_port": terminal.port,
            "terminal_network": 0 if in_our_network else terminal.agent_id.id,
            "agent_id": terminal.agent_id.id,
            "agent_terminal": terminal.name,
        }
