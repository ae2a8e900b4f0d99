import re

from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

DEFAULT_TILL = "01"
# Identifier of the integrator; terminals do not check it (protocol.md section 3, CJ).
DEFAULT_IPC = "012345678901"


class PosConfig(models.Model):
    _inherit = "pos.config"

    fr_caisse_ap_ip_till = fields.Char(
        string="Till number for terminals",
        size=2,
        default=DEFAULT_TILL,
        help="Two digits (tag CA): tells the tills of a shop apart on the terminal.",
    )
    fr_caisse_ap_ip_ipc = fields.Char(
        string="Caisse-AP identifier (IPC)",
        size=12,
        default=DEFAULT_IPC,
        help="Twelve digits (tag CJ), given by the Association du paiement. No known "
        "terminal checks it.",
    )

    @api.constrains("fr_caisse_ap_ip_till", "fr_caisse_ap_ip_ipc")
    def _check_fr_caisse_ap_ip(self):
        for config in self:
            if not re.match(r"[0-9]{2}$", config.fr_caisse_ap_ip_till or DEFAULT_TILL):
                raise ValidationError(
                    _("%s: the till number for terminals is two digits.", config.name)
                )
            if not re.match(r"[0-9]{12}$", config.fr_caisse_ap_ip_ipc or DEFAULT_IPC):
                raise ValidationError(
                    _("%s: the Caisse-AP identifier is twelve digits.", config.name)
                )
