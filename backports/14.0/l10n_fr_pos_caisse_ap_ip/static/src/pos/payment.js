odoo.define("l10n_fr_pos_caisse_ap_ip.payment", function (require) {
    "use strict";

    const Chrome = require("point_of_sale.Chrome");
    const models = require("point_of_sale.models");
    const PaymentInterface = require("point_of_sale.PaymentInterface");
    const PaymentScreen = require("point_of_sale.PaymentScreen");
    const Registries = require("point_of_sale.Registries");
    const TicketScreen = require("point_of_sale.TicketScreen");
    const {CaisseApLink} = require("l10n_fr_pos_caisse_ap_ip.link");
    const {TERMINAL, Till, isOurs, newId} = require("l10n_fr_pos_caisse_ap_ip.till");

    const {escape} = owl.utils;

    /** What Odoo calls for a payment line; all of it is in the link. */
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

    models.register_payment_method(TERMINAL, PaymentCaisseAp);
    models.load_fields("pos.payment.method", [
        "fr_caisse_ap_ip_fast_payment",
        "fr_caisse_ap_ip_can_reverse",
    ]);

    const isOpen = (pos, line) => isOurs(line) && pos.caisseAp.isOpen(line);
    const hasOpen = (pos, order) =>
        order.get_paymentlines().some((line) => isOpen(pos, line));

    const {Order, Paymentline} = models;

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
            const printed = Paymentline.prototype.export_for_printing.apply(
                this,
                arguments
            );
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
            if (!hasOpen(this.pos, this)) {
                Order.prototype.stop_electronic_payment.apply(this, arguments);
            }
        },
    });

    const CaisseApChrome = (OriginalChrome) =>
        class extends OriginalChrome {
            // Called once, when the data is there and popups can be shown.
            _showStartScreen() {
                super._showStartScreen(...arguments);
                const {pos} = this.env;
                pos.caisseAp = new CaisseApLink(new Till(pos, this));
                pos.caisseAp.resume();
            }
        };

    Registries.Component.extend(Chrome, CaisseApChrome);

    const CaisseApPaymentScreen = (OriginalPaymentScreen) =>
        class extends OriginalPaymentScreen {
            addNewPaymentLine({detail: method}) {
                const added = super.addNewPaymentLine(...arguments);
                const line = this.selectedPaymentLine;
                if (
                    added &&
                    isOurs(line) &&
                    method.fr_caisse_ap_ip_fast_payment &&
                    line.get_amount() > 0
                ) {
                    this._sendPaymentRequest({detail: line});
                }
                return added;
            }
            // Odoo forgets, when this screen is shown again, whose line it is.
            _updateSelectedPaymentline() {
                const line = this.selectedPaymentLine;
                const canChange = ["pending", "retry"];
                if (!line || !isOurs(line) || canChange.includes(line.payment_status)) {
                    super._updateSelectedPaymentline(...arguments);
                }
            }
            async _sendPaymentRequest({detail: line}) {
                if (!isOurs(line)) {
                    return super._sendPaymentRequest(...arguments);
                }
                const {caisseAp} = this.env.pos;
                this.paymentLines.forEach((one) => (one.can_be_reversed = false));
                caisseAp.till.finish(line, await caisseAp.send(line));
            }
            // Odoo frees or removes the line whatever the terminal does: we do not.
            async _sendPaymentCancel({detail: line}) {
                if (!isOurs(line)) {
                    return super._sendPaymentCancel(...arguments);
                }
                await this.env.pos.caisseAp.cancel(line);
            }
            deletePaymentLine({detail: {cid}}) {
                const line = this.currentOrder.get_paymentline(cid);
                if (!isOpen(this.env.pos, line)) {
                    return super.deletePaymentLine(...arguments);
                }
                this.env.pos.caisseAp.cancel(line).then((isFree) => {
                    if (isFree) {
                        line.order.remove_paymentline(line);
                        this.render();
                    }
                });
            }
            // Nobody says "done" without having looked at the terminal.
            async _sendForceDone({detail: line}) {
                if (!isOurs(line)) {
                    return super._sendForceDone(...arguments);
                }
                await this.env.pos.caisseAp.resolve(line);
            }
            // Odoo drops unfinished lines when it validates, money moving or not.
            async _isOrderValid() {
                if (hasOpen(this.env.pos, this.currentOrder)) {
                    await this.env.pos.caisseAp.tellOpen();
                    return false;
                }
                return super._isOrderValid(...arguments);
            }
        };

    Registries.Component.extend(PaymentScreen, CaisseApPaymentScreen);

    const CaisseApTicketScreen = (OriginalTicketScreen) =>
        class extends OriginalTicketScreen {
            async deleteOrder(order) {
                if (hasOpen(this.env.pos, order)) {
                    return this.env.pos.caisseAp.tellOpen();
                }
                return super.deleteOrder(...arguments);
            }
        };

    Registries.Component.extend(TicketScreen, CaisseApTicketScreen);
});
