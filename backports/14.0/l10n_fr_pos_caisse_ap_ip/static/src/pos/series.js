odoo.define("l10n_fr_pos_caisse_ap_ip.series", function (require) {
    "use strict";

    /** What Odoo 14.0 does otherwise than 16.0. */
    const models = require("point_of_sale.models");
    const PaymentScreen = require("point_of_sale.PaymentScreen");
    const Registries = require("point_of_sale.Registries");
    const TicketScreen = require("point_of_sale.TicketScreen");
    const {CaisseApLink} = require("l10n_fr_pos_caisse_ap_ip.link");
    const {BaseTill, isOurs, newId} = require("l10n_fr_pos_caisse_ap_ip.till");

    const {escape} = owl.utils;
    const {Order, Paymentline} = models;

    // What Odoo calls a request that got no answer, whatever the reason.
    const NO_ANSWER_CODE = -32098;
    const POPUP_POLL_MS = 100;

    async function until(condition) {
        while (!condition()) {
            await new Promise((resolve) => setTimeout(resolve, POPUP_POLL_MS));
        }
    }

    class Till extends BaseTill {
        decimals() {
            return this.pos.currency.decimals;
        }
        isOffline(error) {
            return error.code === NO_ANSWER_CODE;
        }
        /**
         * Odoo 14.0 shows one popup, and the next takes its place: ours waits for its
         * turn, and comes again when another one pushed it aside.
         */
        async show(name, props) {
            const {popup} = this.chrome;
            await until(() => !popup.isShown);
            const answer = await Promise.race([
                this.chrome.showPopup(name, props),
                until(() => !popup.isShown || popup.name !== name),
            ]);
            if (!answer) {
                return this.show(name, props);
            }
            return answer.confirmed ? answer.payload : undefined;
        }
    }

    models.load_fields("pos.payment.method", [
        "fr_caisse_ap_ip_fast_payment",
        "fr_caisse_ap_ip_can_reverse",
    ]);

    models.Paymentline = Paymentline.extend({
        initialize() {
            Paymentline.prototype.initialize.apply(this, arguments);
            // `cid` names another line after a reload.
            this.fr_caisse_ap_ip_line = this.fr_caisse_ap_ip_line || newId();
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
            if (isOurs(this) && this.ticket) {
                printed.ticket = escape(this.ticket).replace(/\n/g, "<br/>");
            }
            return printed;
        },
    });

    models.Order = Order.extend({
        // Called when the cashier leaves the payment screen. The till cannot stop a
        // terminal, so it does not say that it did.
        stop_electronic_payment() {
            const isOpen = (line) => isOurs(line) && this.pos.caisseAp.isOpen(line);
            if (!this.get_paymentlines().some(isOpen)) {
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
                const lines = order.get_paymentlines();
                if (await this.env.pos.caisseAp.mayValidate(lines)) {
                    await super.deleteOrder(...arguments);
                }
            }
        };

    Registries.Component.extend(TicketScreen, CaisseApTicketScreen);

    return {newLink: (...args) => new CaisseApLink(new Till(...args))};
});
