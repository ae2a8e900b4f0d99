/** @odoo-module **/

import {escape} from "@web/core/utils/strings";
import {float_is_zero} from "web.utils";
import {useBus} from "@web/core/utils/hooks";
import Chrome from "point_of_sale.Chrome";
import ClosePosPopup from "point_of_sale.ClosePosPopup";
import {Order, Payment, register_payment_method} from "point_of_sale.models";
import PaymentInterface from "point_of_sale.PaymentInterface";
import PaymentScreen from "point_of_sale.PaymentScreen";
import Registries from "point_of_sale.Registries";
import TicketScreen from "point_of_sale.TicketScreen";
import {uuidv4} from "point_of_sale.utils";
import {CaisseApLink} from "@l10n_fr_pos_caisse_ap_ip/link";
import {TERMINAL, Till, isOurs} from "@l10n_fr_pos_caisse_ap_ip/pos/till";

const {markRaw, markup} = owl;

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

register_payment_method(TERMINAL, PaymentCaisseAp);

const isOpen = (pos, line) => isOurs(line) && pos.caisseAp.isOpen(line);
const hasOpen = (pos, order) =>
    order.get_paymentlines().some((line) => isOpen(pos, line));

const CaisseApPayment = (OriginalPayment) =>
    class extends OriginalPayment {
        constructor() {
            super(...arguments);
            // `cid` names another line after a reload.
            this.fr_caisse_ap_ip_line = this.fr_caisse_ap_ip_line || uuidv4();
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
                printed.ticket = markup(escape(this.ticket).replace(/\n/g, "<br/>"));
            }
            return printed;
        }
    };

Registries.Model.extend(Payment, CaisseApPayment);

const CaisseApOrder = (OriginalOrder) =>
    class extends OriginalOrder {
        // The till cannot stop a terminal, so it does not say that it did.
        stop_electronic_payment() {
            if (!hasOpen(this.pos, this)) {
                super.stop_electronic_payment(...arguments);
            }
        }
    };

Registries.Model.extend(Order, CaisseApOrder);

const CaisseApChrome = (OriginalChrome) =>
    class extends OriginalChrome {
        // Called once, when the data is there and popups can be shown.
        _showStartScreen() {
            super._showStartScreen(...arguments);
            const {pos} = this.env;
            pos.caisseAp = markRaw(new CaisseApLink(new Till(pos, this)));
            pos.caisseAp.resume();
        }
    };

Registries.Component.extend(Chrome, CaisseApChrome);

const CaisseApPaymentScreen = (OriginalPaymentScreen) =>
    class extends OriginalPaymentScreen {
        setup() {
            super.setup();
            useBus(this.env.posbus, "caisse-ap-paid", this.validatePaid);
        }
        // Odoo validates the order that is shown when the answer comes, paid or not.
        validatePaid({detail: uid}) {
            const order = this.currentOrder;
            const {decimal_places} = this.env.pos.currency;
            if (
                order.uid === uid &&
                order.is_paid() &&
                float_is_zero(order.get_due(), decimal_places)
            ) {
                this.validateOrder(false);
            }
        }
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
        // Odoo drops unfinished lines when it validates an order, money moving or not.
        async _isOrderValid() {
            if (hasOpen(this.env.pos, this.currentOrder)) {
                await this.env.pos.caisseAp.tellOpen();
                return false;
            }
            return super._isOrderValid(...arguments);
        }
    };

Registries.Component.extend(PaymentScreen, CaisseApPaymentScreen);

const CaisseApClosePosPopup = (OriginalClosePosPopup) =>
    class extends OriginalClosePosPopup {
        async closeSession() {
            if (await this.env.pos.caisseAp.checkClosing()) {
                return super.closeSession(...arguments);
            }
        }
    };

Registries.Component.extend(ClosePosPopup, CaisseApClosePosPopup);

const CaisseApTicketScreen = (OriginalTicketScreen) =>
    class extends OriginalTicketScreen {
        async _onBeforeDeleteOrder(order) {
            if (hasOpen(this.env.pos, order)) {
                await this.env.pos.caisseAp.tellOpen();
                return false;
            }
            return super._onBeforeDeleteOrder(...arguments);
        }
    };

Registries.Component.extend(TicketScreen, CaisseApTicketScreen);
