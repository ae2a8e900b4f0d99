"""The requests that a payment method sends to its terminal."""

import pycountry
from babel.numbers import get_currency_precision

from odoo import _, models
from odoo.exceptions import UserError

from ..caisse_ap import PAYMENTS, Request, RequestError
from .pos_config import DEFAULT_IPC

# Application (tag CC) that a mode forces; none lets the terminal find out. The mode
# "other" has a field for it.
MODE_APPLICATIONS = {"card": None, "check": "00C", "ancv": "00V", "conecs": "00E"}


class PosPaymentMethod(models.Model):
    _inherit = "pos.payment.method"

    def _fr_caisse_ap_ip_payment_request(self, values):
        """Return the :class:`caisse_ap.Request` of a payment.

        :param dict values: checked payload
        :raise UserError: it cannot be sent
        """
        return self._fr_caisse_ap_ip_request(
            values["operation"],
            self.env["pos.config"].browse(values["config_id"]),
            self.env["res.currency"].browse(values["currency_id"]),
            values["amount_cents"],
        )

    def _fr_caisse_ap_ip_request(self, operation, config, currency=None, cents=None):
        """Build a request for this terminal.

        :param str operation: of :class:`caisse_ap.Request`
        :param config: the ``pos.config`` that asks, or none
        :param currency: ``res.currency`` record of a payment
        :param int cents: amount in the currency's smallest unit
        :return: :class:`caisse_ap.Request`
        :raise UserError: it cannot be sent
        """
        try:
            return Request(
                operation,
                amount_cents=cents,
                currency=currency and self._fr_caisse_ap_ip_iso_number(currency),
                till=config.fr_caisse_ap_ip_till or "01",
                ipc=config.fr_caisse_ap_ip_ipc or DEFAULT_IPC,
                application=self._fr_caisse_ap_ip_forced_application(operation),
                version=self.fr_caisse_ap_ip_version or "0300",
                receipt=self.fr_caisse_ap_ip_receipt and cents is not None,
                line_end=self.fr_caisse_ap_ip_line_end,
            )
        except RequestError as error:
            raise UserError(
                _(
                    "This payment cannot be sent to the terminal: check the settings "
                    "of the payment method and of the till (%s).",
                    error.code,
                )
            ) from error

    def _fr_caisse_ap_ip_forced_application(self, operation):
        if operation not in PAYMENTS:
            return None
        if self.fr_caisse_ap_ip_mode == "other":
            return self.fr_caisse_ap_ip_application
        return MODE_APPLICATIONS[self.fr_caisse_ap_ip_mode]

    def _fr_caisse_ap_ip_iso_number(self, currency):
        iso = pycountry.currencies.get(alpha_3=currency.name)
        if not iso:
            raise UserError(
                _("The terminal does not support the currency %s.", currency.name)
            )
        # The terminal counts in the smallest unit of ISO 4217, whatever Odoo says.
        decimals = get_currency_precision(currency.name)
        if currency.decimal_places != decimals:
            raise UserError(
                _(
                    "The currency %(currency)s must have %(count)s decimals in Odoo "
                    "to be sent to a card terminal.",
                    currency=currency.name,
                    count=decimals,
                )
            )
        return iso.numeric
