"""The checks of what a till says: rights, form, session and till."""

from odoo import _, models
from odoo.exceptions import AccessError, UserError

from .payload import (
    OPTIONAL_PAYLOAD,
    PAYLOAD,
    is_identifier,
    is_label,
    is_list_of,
    is_record_id,
    is_valid,
)

# What a payment needs of a point of sale.
CONFIG_FIELDS = ["currency_id", "fr_caisse_ap_ip_till", "fr_caisse_ap_ip_ipc"]


class PosPaymentMethod(models.Model):
    _inherit = "pos.payment.method"

    def _fr_caisse_ap_ip_transactions(self, employee_id=False):
        """Return the transactions as sudo, in the name of who stands at the till."""
        transactions = self.env["fr.caisse.ap.ip.transaction"].sudo()
        return transactions.with_context(
            fr_caisse_ap_ip_person=self._fr_caisse_ap_ip_employee_name(employee_id)
        )

    def _fr_caisse_ap_ip_employee_name(self, employee_id):
        """Return the name of an employee (str), or "" for the Odoo user."""
        if not (employee_id and is_record_id(employee_id)):
            return ""
        if "pin" not in getattr(self.env.get("hr.employee"), "_fields", ()):
            return ""  # pos_hr is not installed
        employee = self.env["hr.employee"].sudo().browse(employee_id).exists()
        is_ours = employee.company_id in self.env.companies
        return employee.name if is_ours else ""

    def _fr_caisse_ap_ip_find(self, reference, employee_id=False):
        """Return the transaction that the user may see and asks about, as sudo.

        :param str reference: the transaction
        :param employee_id: who stands at the till (int), or False
        :raise UserError: there is none
        """
        self._fr_caisse_ap_ip_check_user()
        self._fr_caisse_ap_ip_check_list([reference])
        found = self.env["fr.caisse.ap.ip.transaction"].search(
            [("reference", "=", reference)]
        )
        if not found:
            raise UserError(_("The server does not know this payment."))
        name = self._fr_caisse_ap_ip_employee_name(employee_id)
        return found.sudo().with_context(fr_caisse_ap_ip_person=name)

    def _fr_caisse_ap_ip_check_user(self):
        if not self.env.user.has_group("point_of_sale.group_pos_user"):
            raise AccessError(
                _("Only users of the Point of Sale may use its card terminals.")
            )

    def _fr_caisse_ap_ip_check_list(self, values, longest=100):
        if not is_list_of(is_identifier, longest)(values):
            raise UserError(_("The page of the till is out of date. Reload it (F5)."))

    def _fr_caisse_ap_ip_checked(self, payload):
        """Return what the till asks for, completed by what the server knows.

        :param dict payload: as for :meth:`fr_caisse_ap_ip_start`
        :return: values of the transaction (dict), what is not stored of it (dict)
        :raise UserError: something is wrong with the payload
        """
        self._fr_caisse_ap_ip_check_user()
        # Raises for the method of another company; one query for all that follows.
        self.read(self._fr_caisse_ap_ip_needed(), load=None)
        self._fr_caisse_ap_ip_check_keys(payload, PAYLOAD, OPTIONAL_PAYLOAD)
        if len(self) != 1:
            raise UserError(_("The page of the till is out of date. Reload it (F5)."))
        session = self._fr_caisse_ap_ip_session(payload["session_id"])
        session.config_id.read(CONFIG_FIELDS, load=None)
        self._fr_caisse_ap_ip_check_till(session)
        values = {key: payload[key] for key in PAYLOAD}
        values.update(
            page=payload.get("page"),
            company_id=self.company_id.id,
            config_id=session.config_id.id,
            currency_id=session.currency_id.id,
        )
        lines = self.env["pos.order.line"].browse(values.pop("refunded_lines"))
        orders = lines.exists().mapped("order_id")
        if len(orders) > 1:
            raise UserError(_("Refund one order at a time on the terminal."))
        asked = {key: payload.get(key) for key in OPTIONAL_PAYLOAD}
        return dict(values, refunded_order_id=orders.id), asked

    def _fr_caisse_ap_ip_needed(self):
        """Return the fields (list of str) that a payment needs: no other is read."""
        ours = self._fr_caisse_ap_ip_fields()
        stored = [name for name in ours if self._fields[name].store]
        return ["name", "active", "company_id", *stored]

    def _fr_caisse_ap_ip_check_label(self, value):
        if not is_label(value):
            raise UserError(_("The page of the till is out of date. Reload it (F5)."))

    def _fr_caisse_ap_ip_check_keys(self, payload, required, optional=()):
        """Refuse a page that says something else than these keys, or wrong values."""
        if not is_valid(payload, required, optional):
            raise UserError(_("The page of the till is out of date. Reload it (F5)."))

    def _fr_caisse_ap_ip_check_till(self, session):
        """Refuse a till that must not use this payment method now."""
        if session.state != "opened":
            raise UserError(_("The session %s is not open.", session.name))
        # Archived ones too: Odoo would read them all to leave those out.
        tills = self.with_context(active_test=False).config_ids
        if session.config_id not in tills or not self.active:
            raise UserError(_("%s is not a payment method of this till.", self.name))
        if not self._fr_caisse_ap_ip_is_ours():
            raise UserError(_("%s is not linked to a card terminal.", self.name))
        if not self._fr_caisse_ap_ip_is_set_up():
            raise UserError(
                _("Payment method %s: enter the terminal address.", self.name)
            )

    def _fr_caisse_ap_ip_session(self, session_id):
        """Return the session that a till names, and that its user may see.

        :raise UserError: there is none
        """
        session = self.env["pos.session"]
        if is_record_id(session_id):
            session = session.browse(session_id)
        try:
            known = session.read(["name", "state", "config_id"], load=None)
        except AccessError:
            known = []
        if not known:
            raise UserError(_("This session does not exist."))
        return session
