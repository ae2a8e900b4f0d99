"""The Point of Sale before 18.0: its till knows no lasting name of a payment line."""

from odoo import api, fields, models

# Field of ``pos.payment`` that names the payment line of the till.
PAYMENT_LINE = "fr_caisse_ap_ip_line"


class PosPayment(models.Model):
    _inherit = "pos.payment"

    # An order that travels between tills, a table that is opened again: both keep it.
    fr_caisse_ap_ip_line = fields.Char(string="Payment line", readonly=True)

    def _export_for_ui(self, payment):
        values = super()._export_for_ui(payment)
        return dict(values, **{PAYMENT_LINE: payment[PAYMENT_LINE]})

    @api.model
    def search_read(self, domain=None, fields=None, *args, **kwargs):
        # How pos_restaurant of 14.0 and 16.0, which may be loaded after us, reads a
        # table's payments.
        if fields and "payment_status" in fields:
            fields = [*fields, PAYMENT_LINE]
        return super().search_read(domain, fields, *args, **kwargs)


class PosOrder(models.Model):
    _inherit = "pos.order"

    @api.model
    def _payment_fields(self, order, ui_paymentline):
        values = super()._payment_fields(order, ui_paymentline)
        # Early versions of 14.0 forget the terminal's receipt.
        values["ticket"] = ui_paymentline.get("ticket")
        return dict(values, **{PAYMENT_LINE: ui_paymentline.get(PAYMENT_LINE)})


class PosSession(models.Model):
    _inherit = "pos.session"

    def _loader_params_pos_payment_method(self):
        # The page of 14.0 names the fields itself.
        params = super()._loader_params_pos_payment_method()
        method = self.env["pos.payment.method"]
        params["search_params"]["fields"] += method._fr_caisse_ap_ip_till_fields()
        return params
