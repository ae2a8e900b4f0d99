odoo.define("l10n_fr_pos_caisse_ap_ip.chrome_hooks", function (require) {
    "use strict";

    const {register_payment_method} = require("point_of_sale.models");
    const Chrome = require("point_of_sale.Chrome");
    const PaymentInterface = require("point_of_sale.PaymentInterface");
    const PaymentScreen = require("point_of_sale.PaymentScreen");
    const Registries = require("point_of_sale.Registries");
    const {TERMINAL, newController} = require("l10n_fr_pos_caisse_ap_ip.hooks");

    /** What Odoo calls for a payment line; all of it is in the controller. */
    const PaymentCaisseAp = PaymentInterface.extend({
        init(pos, method) {
            this._super(...arguments);
            this.supports_reversals = method.fr_caisse_ap_ip_can_reverse;
        },
        line(cid) {
            return this.pos.get_order().get_paymentline(cid);
        },
        send_payment_request(cid) {
            return this.pos.caisseAp.send(this.line(cid));
        },
        send_payment_cancel(order, cid) {
            return this.pos.caisseAp.cancel(order.get_paymentline(cid));
        },
        send_payment_reversal(cid) {
            return this.pos.caisseAp.reverse(this.line(cid));
        },
    });

    register_payment_method(TERMINAL, PaymentCaisseAp);

    const CaisseApChrome = (OriginalChrome) =>
        class extends OriginalChrome {
            // Called once, when the data is there and popups can be shown.
            _showStartScreen() {
                super._showStartScreen(...arguments);
                const {pos} = this.env;
                pos.caisseAp = newController(pos, this);
                pos.caisseAp.start();
            }
        };

    Registries.Component.extend(Chrome, CaisseApChrome);

    const CaisseApPaymentScreen = (OriginalPaymentScreen) =>
        class extends OriginalPaymentScreen {
            get caisseAp() {
                return this.env.pos.caisseAp;
            }
            isCaisseAp(line) {
                return this.caisseAp.adapter.isOurs(line);
            }
            addNewPaymentLine({detail: method}) {
                const added = super.addNewPaymentLine(...arguments);
                const line = this.selectedPaymentLine;
                const isFast = added && method.fr_caisse_ap_ip_fast_payment;
                if (isFast && this.isCaisseAp(line) && line.get_amount() > 0) {
                    this._sendPaymentRequest({detail: line});
                }
                return added;
            }
            async _sendPaymentRequest({detail: line}) {
                if (!this.isCaisseAp(line)) {
                    return super._sendPaymentRequest(...arguments);
                }
                this.paymentLines.forEach((one) => (one.can_be_reversed = false));
                await this.caisseAp.pay(line);
            }
            // Odoo frees or removes the line whatever the terminal does: we do not.
            async _sendPaymentCancel({detail: line}) {
                if (!this.isCaisseAp(line)) {
                    return super._sendPaymentCancel(...arguments);
                }
                await this.caisseAp.cancel(line);
            }
            deletePaymentLine({detail: {cid}}) {
                const line = this.currentOrder.get_paymentline(cid);
                this.caisseAp.remove(line, () => super.deletePaymentLine(...arguments));
            }
            // Nobody says "done" without having looked at the terminal.
            async _sendForceDone({detail: line}) {
                if (!this.isCaisseAp(line)) {
                    return super._sendForceDone(...arguments);
                }
                await this.caisseAp.resolve(line);
            }
            // A click beside our own validation would stumble over it.
            async validateOrder() {
                if (this.isValidating) {
                    return;
                }
                this.isValidating = true;
                try {
                    await super.validateOrder(...arguments);
                } finally {
                    this.isValidating = false;
                }
            }
            async _isOrderValid() {
                const mayValidate = await this.caisseAp.mayValidate(this.currentOrder);
                return mayValidate && super._isOrderValid(...arguments);
            }
        };

    Registries.Component.extend(PaymentScreen, CaisseApPaymentScreen);
});
