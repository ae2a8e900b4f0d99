odoo.define("l10n_fr_pos_caisse_ap_ip.hooks", function (require) {
    "use strict";

    /** What Odoo 14.0 calls otherwise than 16.0. */
    const models = require("point_of_sale.models");
    const PaymentScreen = require("point_of_sale.PaymentScreen");
    const Registries = require("point_of_sale.Registries");
    const TicketScreen = require("point_of_sale.TicketScreen");
    const {TERMINAL, newUuid} = require("l10n_fr_pos_caisse_ap_ip.names");
    const {Controller} = require("l10n_fr_pos_caisse_ap_ip.controller");
    const {Adapter} = require("l10n_fr_pos_caisse_ap_ip.pos.adapter");

    const {escape} = owl.utils;
    const {Order, Paymentline} = models;

    models.load_fields("pos.payment.method", [
        "fr_caisse_ap_ip_fast_payment",
        "fr_caisse_ap_ip_can_reverse",
    ]);

    models.Paymentline = Paymentline.extend({
        initialize() {
            Paymentline.prototype.initialize.apply(this, arguments);
            // `cid` names another line after a reload.
            this.fr_caisse_ap_ip_line = this.fr_caisse_ap_ip_line || newUuid();
        },
        init_from_JSON(json) {
            Paymentline.prototype.init_from_JSON.apply(this, arguments);
            this.fr_caisse_ap_ip_line = json.fr_caisse_ap_ip_line;
        },
        export_as_JSON() {
            const json = Paymentline.prototype.export_as_JSON.apply(this, arguments);
            return {...json, fr_caisse_ap_ip_line: this.fr_caisse_ap_ip_line};
        },
        // Odoo prints it as HTML: a terminal's receipt is text.
        export_for_printing() {
            const {export_for_printing} = Paymentline.prototype;
            const printed = export_for_printing.apply(this, arguments);
            const {adapter} = this.pos.caisseAp;
            if (adapter.isOurs(this) && this.ticket) {
                printed.ticket = escape(this.ticket).replace(/\n/g, "<br/>");
            }
            return printed;
        },
    });

    models.Order = Order.extend({
        // Called when the cashier leaves the payment screen. The till cannot stop a
        // terminal, so it does not say that it did.
        stop_electronic_payment() {
            if (!this.pos.caisseAp.hasOpenLine(this)) {
                Order.prototype.stop_electronic_payment.apply(this, arguments);
            }
        },
    });

    const CaisseApPaymentScreen = (OriginalPaymentScreen) =>
        class extends OriginalPaymentScreen {
            // Odoo looks at the terminal of the line added last, whichever is selected.
            _updateSelectedPaymentline() {
                const line = this.selectedPaymentLine;
                this.payment_interface = line && line.payment_method.payment_terminal;
                super._updateSelectedPaymentline(...arguments);
            }
        };

    Registries.Component.extend(PaymentScreen, CaisseApPaymentScreen);

    const CaisseApTicketScreen = (OriginalTicketScreen) =>
        class extends OriginalTicketScreen {
            async deleteOrder(order) {
                if (this.env.pos.caisseAp.mayDelete(order)) {
                    await super.deleteOrder(...arguments);
                }
            }
        };

    Registries.Component.extend(TicketScreen, CaisseApTicketScreen);

    const newController = (...args) => new Controller(new Adapter(...args));

    return {TERMINAL, newController};
});
