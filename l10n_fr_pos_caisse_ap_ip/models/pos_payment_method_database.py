"""A copy of the database sends nothing to the shop's terminals.

A payment method remembers the database in which its terminal was set up. Odoo gives a
duplicate a new ``database.uuid``, and neutralising (data/neutralize.sql) forgets it: a
manager has to confirm the terminal there first.
"""

from odoo import _, api, fields, models
from odoo.exceptions import AccessError, UserError

from .pos_payment_method import SELECTION_VALUE


class PosPaymentMethod(models.Model):
    _inherit = "pos.payment.method"

    fr_caisse_ap_ip_database = fields.Char(
        string="Database of the terminal",
        readonly=True,
        copy=False,
        help="The identifier (database.uuid) of the database that may use it.",
    )
    fr_caisse_ap_ip_is_copy = fields.Boolean(
        string="Copy of the database", compute="_compute_fr_caisse_ap_ip_is_copy"
    )

    @api.depends("fr_caisse_ap_ip_database", "use_payment_terminal")
    def _compute_fr_caisse_ap_ip_is_copy(self):
        database = self._fr_caisse_ap_ip_this_database()
        for method in self:
            method.fr_caisse_ap_ip_is_copy = (
                method._fr_caisse_ap_ip_is_ours()
                and method.fr_caisse_ap_ip_database != database
            )

    def init(self):
        """Take the terminals of before this addon as this database's."""
        self.env.cr.execute(
            """
            UPDATE pos_payment_method
               SET fr_caisse_ap_ip_database = (
                       SELECT value FROM ir_config_parameter
                        WHERE key = 'database.uuid'
                   )
             WHERE use_payment_terminal = %s AND fr_caisse_ap_ip_database IS NULL
            """,
            (SELECTION_VALUE,),
        )
        return super().init()

    def _fr_caisse_ap_ip_this_database(self):
        return self.env["ir.config_parameter"].sudo().get_param("database.uuid")

    def _fr_caisse_ap_ip_confirm_database(self):
        """Note that who sets a terminal up means it for this database."""
        ours = self.filtered(lambda method: method._fr_caisse_ap_ip_is_ours())
        ours.write({"fr_caisse_ap_ip_database": self._fr_caisse_ap_ip_this_database()})

    def action_fr_caisse_ap_ip_confirm(self):
        """Let this database, a copy of another one, use the terminal."""
        if not self.env.user.has_group("point_of_sale.group_pos_manager"):
            raise AccessError(
                _("Only a manager of the Point of Sale can confirm a terminal.")
            )
        self._fr_caisse_ap_ip_confirm_database()

    def _fr_caisse_ap_ip_check_database(self):
        """Refuse to reach a terminal from a copy of the shop's database.

        :raise UserError: nothing was recorded, nothing was sent
        """
        if self.fr_caisse_ap_ip_is_copy:
            raise UserError(
                _(
                    "This database is a copy: nothing is sent to the card terminal of "
                    "%s until a manager confirms it in the payment method.",
                    self.name,
                )
            )
