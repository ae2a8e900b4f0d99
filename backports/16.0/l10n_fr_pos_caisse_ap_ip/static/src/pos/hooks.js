odoo.define("l10n_fr_pos_caisse_ap_ip.hooks", function (require) {
    "use strict";

    /** What Odoo 16.0 calls otherwise than 14.0. */
    const {escape} = require("@web/core/utils/strings");
    const ClosePosPopup = require("point_of_sale.ClosePosPopup");
    const {Payment} = require("point_of_sale.models");
    const PaymentScreen = require("point_of_sale.PaymentScreen");
    const Registries = require("point_of_sale.Registries");
    const TicketScreen = require("point_of_sale.TicketScreen");
    const {TERMINAL, newUuid} = require("@l10n_fr_pos_caisse_ap_ip/names");
    const {Controller} = require("@l10n_fr_pos_caisse_ap_ip/controller");
    const {Adapter} = require("@l10n_fr_pos_caisse_ap_ip/pos/adapter");

    const {markRaw, markup, onMounted, onWillUnmount} = owl;

    const CaisseApPaymentScreen = (OriginalPaymentScreen) =>
        class extends OriginalPaymentScreen {
            setup() {
                super.setup();
                const {adapter} = this.env.pos.caisseAp;
                onMounted(() => (adapter.screen = this));
                onWillUnmount(() => (adapter.screen = null));
            }
        };

    Registries.Component.extend(PaymentScreen, CaisseApPaymentScreen);

    const CaisseApPayment = (OriginalPayment) =>
        class extends OriginalPayment {
            constructor() {
                super(...arguments);
                // `cid` names another line after a reload.
                this.fr_caisse_ap_ip_line = this.fr_caisse_ap_ip_line || newUuid();
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
                const {adapter} = this.pos.caisseAp;
                if (adapter.isOurs(this) && this.ticket) {
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
                const mayDelete = this.env.pos.caisseAp.mayDelete(order);
                return mayDelete && super._onBeforeDeleteOrder(...arguments);
            }
            async _onDoRefund() {
                const paid = this.getSelectedSyncedOrder();
                await super._onDoRefund(...arguments);
                const refund = this.env.pos.get_order();
                const isRefund = refund
                    .get_orderlines()
                    .some((line) => line.refunded_orderline_id);
                if (paid && isRefund) {
                    this.env.pos.caisseAp.proposeRefund(paid, refund);
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

    const newController = (...args) => markRaw(new Controller(new Adapter(...args)));

    return {TERMINAL, newController};
});
