"""People at a till: the employee who is logged in, and what needs a manager.

Employees are of pos_hr, which need not be installed. What a page says of them is a
name for the records; a right is proved by a PIN that is sent to and checked by the
server.
"""

import hashlib
import hmac
import re
import time
from datetime import timedelta

from odoo import _, fields, models

from .payload import is_record_id

TOKEN_SECONDS = 300
# As long as needed against guessing, as short as an identifier may be.
DIGEST_CHARACTERS = 40
TOKEN = re.compile("([0-9]{1,10})-([0-9]{1,12})-[0-9a-f]+$")
WRONG_PINS = 5
WRONG_PINS_MINUTES = 5
MANAGER_GROUP = "point_of_sale.group_pos_manager"


class PosSession(models.Model):
    _inherit = "pos.session"

    fr_caisse_ap_ip_wrong_pins = fields.Integer(
        string="Wrong PINs", readonly=True, copy=False
    )
    fr_caisse_ap_ip_pins_locked_until = fields.Datetime(
        string="PINs locked until", readonly=True, copy=False
    )

    # Until when it was good, in seconds since 1970: those before it are used up too.
    fr_caisse_ap_ip_right_used = fields.Float(
        string="Manager's right used last", readonly=True, copy=False
    )

    def _fr_caisse_ap_ip_employee(self, employee_id):
        """Return the employee whom a page names (``hr.employee`` as sudo), or None."""
        if not self._fr_caisse_ap_ip_has_employees() or not is_record_id(employee_id):
            return None
        employee = self.env["hr.employee"].sudo().browse(employee_id).exists()
        is_ours = employee and employee.company_id == self.sudo().config_id.company_id
        return employee if is_ours else None

    def _fr_caisse_ap_ip_managers(self):
        """Return who may prove a manager's right here (list of dict)."""
        config = self.sudo().config_id
        if not self._fr_caisse_ap_ip_has_employees():
            return []
        staff = self.env["hr.employee"].sudo()
        staff = staff.search([("company_id", "=", config.company_id.id)])
        return [
            {"id": employee.id, "name": employee.name}
            for employee in staff
            if employee.pin and self._fr_caisse_ap_ip_is_manager(employee)
        ]

    def _fr_caisse_ap_ip_has_employees(self):
        """Tell whether employees log in at this till (pos_hr)."""
        is_installed = "pin" in getattr(self.env.get("hr.employee"), "_fields", ())
        return bool(is_installed and self.sudo().config_id.module_pos_hr)

    def _fr_caisse_ap_ip_check_pin(self, employee_id, pin):
        """Return a token for a manager's PIN, or why there is none.

        :param int employee_id: the manager
        :param str pin: as typed
        :return: dict; ``token`` (str, or ""), ``message`` (str, or "")
        """
        session = self.sudo()
        now = fields.Datetime.now()
        locked_until = session.fr_caisse_ap_ip_pins_locked_until
        if locked_until and locked_until > now:
            return _answer(
                message=_("Too many wrong PINs: try again in a few minutes.")
            )
        employee = self._fr_caisse_ap_ip_employee(employee_id)
        if not employee or not self._fr_caisse_ap_ip_is_manager(employee):
            return _answer(message=_("This employee is not a manager of this till."))
        if employee.pin and hmac.compare_digest(employee.pin.encode(), pin.encode()):
            session.fr_caisse_ap_ip_wrong_pins = 0
            return _answer(token=self._fr_caisse_ap_ip_token(employee.id))
        session.fr_caisse_ap_ip_wrong_pins += 1
        if session.fr_caisse_ap_ip_wrong_pins >= WRONG_PINS:
            pause = timedelta(minutes=WRONG_PINS_MINUTES)
            session.fr_caisse_ap_ip_pins_locked_until = now + pause
            session.fr_caisse_ap_ip_wrong_pins = 0
        return _answer(message=_("Wrong PIN."))

    def _fr_caisse_ap_ip_is_manager(self, employee):
        """Tell whether an employee has a manager's rights at this till."""
        # From 17.0 on pos_hr has a list of them; in all, managers of Odoo are.
        config = self.sudo().config_id
        has_list = "advanced_employee_ids" in config._fields
        if has_list and employee in config.advanced_employee_ids:
            return True
        user = employee.user_id
        return bool(user) and user.has_group(MANAGER_GROUP)

    def _fr_caisse_ap_ip_has_manager_right(self, token):
        """Tell whether what needs a manager may be done now.

        :param str token: of :meth:`_fr_caisse_ap_ip_check_pin`, or ""
        """
        if self._fr_caisse_ap_ip_end_of_right(token):
            return True
        # With employees the Odoo user is the till's, and says nothing of who stands
        # before it; nor does the page, which may name nobody.
        if self._fr_caisse_ap_ip_has_employees():
            return False
        return self.env.user.has_group(MANAGER_GROUP)

    def _fr_caisse_ap_ip_use_manager_right(self, token):
        """Use a right up, in the database transaction that records what it was for."""
        until = self._fr_caisse_ap_ip_end_of_right(token)
        if until:
            self.sudo().fr_caisse_ap_ip_right_used = until

    def _fr_caisse_ap_ip_token(self, employee_id, until=None):
        """Return the right of a manager in this session, valid for a short time."""
        until = until or int(time.time()) + TOKEN_SECONDS
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        content = f"fr_caisse_ap_ip {self.id} {employee_id} {until}"
        digest = hmac.new(secret.encode(), content.encode(), hashlib.sha256)
        return f"{employee_id}-{until}-{digest.hexdigest()[:DIGEST_CHARACTERS]}"

    def _fr_caisse_ap_ip_end_of_right(self, token):
        """Return until when a token is good (seconds since 1970); 0: it is not."""
        match = TOKEN.match(token or "")
        if not match:
            return 0
        employee_id, until = map(int, match.groups())
        made = self._fr_caisse_ap_ip_token(employee_id, until)
        is_ours = hmac.compare_digest(made, token)
        # In the order in which they were given: each once.
        is_new = until > self.sudo().fr_caisse_ap_ip_right_used
        return until if is_ours and is_new and until >= time.time() else 0


def _answer(token="", message=""):
    return {"token": token, "message": message}
