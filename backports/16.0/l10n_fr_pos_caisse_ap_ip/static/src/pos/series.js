odoo.define("l10n_fr_pos_caisse_ap_ip.series", function (require) {
    "use strict";

    /** What Odoo 16.0 does otherwise than 14.0. */
    const {escape} = require("@web/core/utils/strings");
    const {float_is_zero} = require("web.utils");
    const {useBus} = require("@web/core/utils/hooks");
    const {ConnectionLostError} = require("@web/core/network/rpc_service");
    const ClosePosPopup = require("point_of_sale.ClosePosPopup");
    const {Payment} = require("point_of_sale.models");
    const PaymentScreen = require("point_of_sale.PaymentScreen");
    const Registries = require("point_of_sale.Registries");
    const TicketScreen = require("point_of_sale.TicketScreen");
    const {CaisseApLink} = require("@l10n_fr_pos_caisse_ap_ip/link");
    const {BaseTill, isOurs, newId} = require("l10n_fr_pos_caisse_ap_ip.till");

    const {markRaw, markup} = owl;

    class Till extends BaseTill {
        decimals() {
            return this.pos.currency.decimal_places;
        }
        finish(line, paid) {
            super.finish(...arguments);
            if (paid) {
                this.chrome.env.posbus.trigger("caisse-ap-paid", line.order.uid);
            }
        }
        isOffline(error) {
            return error instanceof ConnectionLostError;
        }
        async show(popup, props) {
            const {confirmed, payload} = await this.chrome.showPopup(popup, props);
            return confirmed ? payload : undefined;
        }
    }

    const CaisseApPaymentScreen = (OriginalPaymentScreen) =>
        class extends OriginalPaymentScreen {
            setup() {
                super.setup();
                useBus(this.env.posbus, "caisse-ap-paid", this.validatePaid);
            }
            // Odoo validates the order that is shown when the answer comes.
            validatePaid({detail: uid}) {
                const order = this.currentOrder;
                const {decimal_places} = this.env.pos.currency;
                const isPaid =
                    order.is_paid() && float_is_zero(order.get_due(), decimal_places);
                if (isPaid && order.uid === uid) {
                    this.validateOrder(false);
                }
            }
        };

    Registries.Component.extend(PaymentScreen, CaisseApPaymentScreen);

    const CaisseApPayment = (OriginalPayment) =>
        class extends OriginalPayment {
            constructor() {
                super(...arguments);
                // `cid` names another line after a reload.
                this.fr_caisse_ap_ip_line = this.fr_caisse_ap_ip_line || newId();
            }
            init_from_JSON(json) {
                super.init_from_JSON(...arguments);
                this.fr_caisse_ap_ip_line = json.fr_caisse_ap_ip_line;
            }
            export_as_JSON() {
                const {fr_caisse_ap_ip_line} = this;
                return {...super.export_as_JSON(...arguments), fr_caisse_ap_ip_line};
            }
            // Odoo prints the text of a terminal on one line.
            export_for_printing() {
                const printed = super.export_for_printing(...arguments);
                if (isOurs(this) && this.ticket) {
                    const html = escape(this.ticket).replace(/\n/g, "<br/>");
                    printed.ticket = markup(html);
                }
                return printed;
            }
        };

    Registries.Model.extend(Payment, CaisseApPayment);

    const CaisseApTicketScreen = (OriginalTicketScreen) =>
        class extends OriginalTicketScreen {
            async _onBeforeDeleteOrder(order) {
                const lines = order.get_paymentlines();
                const mayDelete = await this.env.pos.caisseAp.mayValidate(lines);
                return mayDelete && super._onBeforeDeleteOrder(...arguments);
            }
            async _onDoRefund() {
                const paid = this.getSelectedSyncedOrder();
                await super._onDoRefund(...arguments);
                const {caisseAp} = this.env.pos;
                const refund = this.env.pos.get_order();
                const isRefund = refund
                    .get_orderlines()
                    .some((line) => line.refunded_orderline_id);
                if (paid && isRefund && !refund.get_paymentlines().length) {
                    caisseAp.proposeRefund(paid.get_paymentlines());
                }
            }
        };

    Registries.Component.extend(TicketScreen, CaisseApTicketScreen);

    const CaisseApClosePosPopup = (OriginalClosePosPopup) =>
        class extends OriginalClosePosPopup {
            async closeSession() {
                if (await this.env.pos.caisseAp.checkClosing()) {
                    return super.closeSession(...arguments);
                }
            }
        };

    Registries.Component.extend(ClosePosPopup, CaisseApClosePosPopup);

    return {newLink: (...args) => markRaw(new CaisseApLink(new Till(...args)))};
});
