import {markRaw} from "@odoo/owl";
import {patch} from "@web/core/utils/patch";
import {PaymentInterface} from "@point_of_sale/app/utils/payment/payment_interface";
import {PosStore, register_payment_method} from "@point_of_sale/app/services/pos_store";
import {PaymentScreen} from "@point_of_sale/app/screens/payment_screen/payment_screen";
import {TicketScreen} from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import {ClosePosPopup} from "@point_of_sale/app/components/popups/closing_popup/closing_popup";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {CaisseApLink} from "@l10n_fr_pos_caisse_ap_ip/link";
import {TERMINAL, Till} from "@l10n_fr_pos_caisse_ap_ip/pos/till";

/** What Odoo calls for a payment line; all of it is in the link. */
export class PaymentCaisseAp extends PaymentInterface {
    setup() {
        super.setup(...arguments);
        this.supports_reversals = this.payment_method_id.fr_caisse_ap_ip_can_reverse;
    }
    get fastPayments() {
        // Money is given back when the cashier sends it.
        const isSale = this.pos.getOrder().priceIncl > 0;
        return this.payment_method_id.fr_caisse_ap_ip_fast_payment && isSale;
    }
    sendPaymentRequest(uuid) {
        const line = this.pos.models["pos.payment"].getBy("uuid", uuid);
        return this.pos.caisseAp.send(line);
    }
    sendPaymentCancel(order, uuid) {
        return this.pos.caisseAp.cancel(order.getPaymentlineByUuid(uuid));
    }
    sendPaymentReversal(uuid) {
        return this.pos.caisseAp.reverse(
            this.pos.models["pos.payment"].getBy("uuid", uuid)
        );
    }
}

register_payment_method(TERMINAL, PaymentCaisseAp);

patch(PosStore.prototype, {
    async setup() {
        await super.setup(...arguments);
        this.caisseAp = markRaw(new CaisseApLink(new Till(this)));
        this.data.connectWebSocket("FR_CAISSE_AP_IP", () => this.caisseAp.hear());
        this.caisseAp.resume();
    },
    async _onBeforeDeleteOrder(order) {
        const mayDelete = await this.caisseAp.mayValidate(order.payment_ids);
        return mayDelete && super._onBeforeDeleteOrder(...arguments);
    },
});

patch(PaymentScreen.prototype, {
    isCaisseAp(line) {
        return this.pos.caisseAp.till.isOurs(line);
    },
    // Odoo frees or removes the line whatever the terminal does: we do not.
    async sendPaymentCancel(line) {
        if (!this.isCaisseAp(line)) {
            return super.sendPaymentCancel(...arguments);
        }
        await this.pos.caisseAp.cancel(line);
    },
    deletePaymentLine(uuid) {
        const line = this.currentOrder.getPaymentlineByUuid(uuid);
        this.pos.caisseAp.remove(line, () => super.deletePaymentLine(...arguments));
    },
    // Nobody says "done" without having looked at the terminal.
    async sendForceDone(line) {
        if (!this.isCaisseAp(line)) {
            return super.sendForceDone(...arguments);
        }
        await this.pos.caisseAp.resolve(line);
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

patch(OrderPaymentValidation.prototype, {
    async askBeforeValidation() {
        const mayValidate = await this.pos.caisseAp.mayValidate(this.paymentLines);
        return mayValidate && super.askBeforeValidation(...arguments);
    },
});
