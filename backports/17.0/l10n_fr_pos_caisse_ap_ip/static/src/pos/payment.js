/** @odoo-module **/

import {markRaw, onMounted, onWillUnmount} from "@odoo/owl";
import {patch} from "@web/core/utils/patch";
import {PosBus} from "@point_of_sale/app/bus/pos_bus_service";
import {PaymentInterface} from "@point_of_sale/app/payment/payment_interface";
import {Payment} from "@point_of_sale/app/store/models";
import {PosStore, register_payment_method} from "@point_of_sale/app/store/pos_store";
import {PaymentScreen} from "@point_of_sale/app/screens/payment_screen/payment_screen";
import {TicketScreen} from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import {ClosePosPopup} from "@point_of_sale/app/navbar/closing_popup/closing_popup";
import {uuidv4} from "@point_of_sale/utils";
import {CaisseApLink} from "@l10n_fr_pos_caisse_ap_ip/link";
import {TERMINAL, Till} from "@l10n_fr_pos_caisse_ap_ip/pos/till";

/** What Odoo calls for a payment line; all of it is in the link. */
export class PaymentCaisseAp extends PaymentInterface {
    setup() {
        super.setup(...arguments);
        this.supports_reversals = this.payment_method.fr_caisse_ap_ip_can_reverse;
    }
    send_payment_request(cid) {
        return this.pos.caisseAp.send(this.pos.get_order().get_paymentline(cid));
    }
    send_payment_cancel(order, cid) {
        return this.pos.caisseAp.cancel(order.get_paymentline(cid));
    }
    send_payment_reversal(cid) {
        return this.pos.caisseAp.reverse(this.pos.get_order().get_paymentline(cid));
    }
}

register_payment_method(TERMINAL, PaymentCaisseAp);

// The name that Odoo gives a line changes with each load of the page.
patch(Payment.prototype, {
    setup() {
        super.setup(...arguments);
        this.fr_caisse_ap_ip_line = this.fr_caisse_ap_ip_line || uuidv4();
    },
    init_from_JSON(json) {
        super.init_from_JSON(...arguments);
        this.fr_caisse_ap_ip_line = json.fr_caisse_ap_ip_line;
    },
    export_as_JSON() {
        const {fr_caisse_ap_ip_line} = this;
        return {...super.export_as_JSON(...arguments), fr_caisse_ap_ip_line};
    },
});

patch(PosStore.prototype, {
    async setup() {
        await super.setup(...arguments);
        this.caisseAp = markRaw(new CaisseApLink(new Till(this)));
        this.caisseAp.resume();
    },
});

patch(PosBus.prototype, {
    dispatch(message) {
        super.dispatch(...arguments);
        if (message.type === "FR_CAISSE_AP_IP") {
            this.pos.caisseAp.hear();
        }
    },
});

patch(PaymentScreen.prototype, {
    setup() {
        super.setup(...arguments);
        onMounted(() => (this.pos.caisseAp.till.screen = this));
        onWillUnmount(() => (this.pos.caisseAp.till.screen = null));
    },
    isCaisseAp(line) {
        return this.pos.caisseAp.till.isOurs(line);
    },
    addNewPaymentLine(method) {
        const isAdded = super.addNewPaymentLine(...arguments);
        const line = this.selectedPaymentLine;
        const isFast = isAdded && method.fr_caisse_ap_ip_fast_payment;
        if (isFast && this.isCaisseAp(line) && line.get_amount() > 0) {
            this.sendPaymentRequest(line);
        }
        return isAdded;
    },
    // Odoo would validate what is on the screen when the answer comes.
    async sendPaymentRequest(line) {
        if (!this.isCaisseAp(line)) {
            return super.sendPaymentRequest(...arguments);
        }
        this.numberBuffer.capture();
        this.paymentLines.forEach((one) => (one.can_be_reversed = false));
        await this.pos.caisseAp.pay(line);
    },
    // Odoo frees or removes the line whatever the terminal does: we do not.
    async sendPaymentCancel(line) {
        if (!this.isCaisseAp(line)) {
            return super.sendPaymentCancel(...arguments);
        }
        await this.pos.caisseAp.cancel(line);
    },
    deletePaymentLine(cid) {
        const line = this.currentOrder.get_paymentline(cid);
        this.pos.caisseAp.remove(line, () => super.deletePaymentLine(...arguments));
    },
    async _isOrderValid() {
        const mayValidate = await this.pos.caisseAp.mayValidate(this.paymentLines);
        return mayValidate && super._isOrderValid(...arguments);
    },
});

patch(TicketScreen.prototype, {
    async _onBeforeDeleteOrder(order) {
        const lines = order.get_paymentlines();
        const mayDelete = await this.pos.caisseAp.mayValidate(lines);
        return mayDelete && super._onBeforeDeleteOrder(...arguments);
    },
    async addAdditionalRefundInfo(order, refund) {
        await super.addAdditionalRefundInfo(...arguments);
        if (!refund.get_paymentlines().length) {
            this.pos.caisseAp.proposeRefund(order.get_paymentlines());
        }
    },
});

patch(ClosePosPopup.prototype, {
    async closeSession() {
        if (await this.pos.caisseAp.checkClosing()) {
            return super.closeSession(...arguments);
        }
    },
});
