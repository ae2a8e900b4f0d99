import {markRaw, onMounted, onWillUnmount} from "@odoo/owl";
import {patch} from "@web/core/utils/patch";
import {PaymentInterface} from "@point_of_sale/app/payment/payment_interface";
import {PosStore, register_payment_method} from "@point_of_sale/app/store/pos_store";
import {PaymentScreen} from "@point_of_sale/app/screens/payment_screen/payment_screen";
import {TicketScreen} from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import {ClosePosPopup} from "@point_of_sale/app/navbar/closing_popup/closing_popup";
import {CaisseApLink} from "@l10n_fr_pos_caisse_ap_ip/link";
import {TERMINAL, Till} from "@l10n_fr_pos_caisse_ap_ip/pos/till";

/** What Odoo calls for a payment line; all of it is in the link. */
export class PaymentCaisseAp extends PaymentInterface {
    setup() {
        super.setup(...arguments);
        this.supports_reversals = this.payment_method_id.fr_caisse_ap_ip_can_reverse;
    }
    send_payment_request(uuid) {
        return this.pos.caisseAp.send(this.pos.caisseAp.till.line(uuid));
    }
    send_payment_cancel(order, uuid) {
        return this.pos.caisseAp.cancel(order.get_paymentline_by_uuid(uuid));
    }
    send_payment_reversal(uuid) {
        return this.pos.caisseAp.reverse(this.pos.caisseAp.till.line(uuid));
    }
}

register_payment_method(TERMINAL, PaymentCaisseAp);

patch(PosStore.prototype, {
    async setup() {
        await super.setup(...arguments);
        this.caisseAp = markRaw(new CaisseApLink(new Till(this)));
        // The bus changed hands within 18.0.
        const listen = this.data.connectWebSocket?.bind(this.data) || this.onNotified;
        listen("FR_CAISSE_AP_IP", () => this.caisseAp.hear());
        this.caisseAp.resume();
    },
    async _onBeforeDeleteOrder(order) {
        const mayDelete = await this.caisseAp.mayValidate(order.payment_ids);
        return mayDelete && super._onBeforeDeleteOrder(...arguments);
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
    // Odoo sends every new line; without fast payment, or to give back, it shall wait.
    async addNewPaymentLine(method) {
        const isFast =
            method.fr_caisse_ap_ip_fast_payment && this.currentOrder.get_due() > 0;
        this.isHeldBack = method.use_payment_terminal === TERMINAL && !isFast;
        try {
            return await super.addNewPaymentLine(...arguments);
        } finally {
            this.isHeldBack = false;
        }
    },
    // Odoo would validate what is on the screen when the answer comes.
    async sendPaymentRequest(line) {
        if (!this.isCaisseAp(line)) {
            return super.sendPaymentRequest(...arguments);
        }
        if (!this.isHeldBack) {
            this.pos.paymentTerminalInProgress = true;
            this.numberBuffer.capture();
            this.paymentLines.forEach((one) => (one.can_be_reversed = false));
            await this.pos.caisseAp.pay(line);
        }
    },
    // Odoo frees or removes the line whatever the terminal does: we do not.
    async sendPaymentCancel(line) {
        if (!this.isCaisseAp(line)) {
            return super.sendPaymentCancel(...arguments);
        }
        await this.pos.caisseAp.cancel(line);
    },
    deletePaymentLine(uuid) {
        const line = this.currentOrder.get_paymentline_by_uuid(uuid);
        this.pos.caisseAp.remove(line, () => super.deletePaymentLine(...arguments));
    },
    async _isOrderValid() {
        const mayValidate = await this.pos.caisseAp.mayValidate(this.paymentLines);
        return mayValidate && super._isOrderValid(...arguments);
    },
});

patch(TicketScreen.prototype, {
    async addAdditionalRefundInfo(order, refund) {
        await super.addAdditionalRefundInfo(...arguments);
        if (!refund.payment_ids.length) {
            this.pos.caisseAp.proposeRefund([...order.payment_ids]);
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
