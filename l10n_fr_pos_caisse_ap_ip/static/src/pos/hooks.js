import {markRaw} from "@odoo/owl";
import {patch} from "@web/core/utils/patch";
import {PaymentInterface} from "@point_of_sale/app/utils/payment/payment_interface";
import {PosStore, register_payment_method} from "@point_of_sale/app/services/pos_store";
import {CustomerDisplayPosAdapter} from "@point_of_sale/app/customer_display/customer_display_adapter";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {TERMINAL} from "@l10n_fr_pos_caisse_ap_ip/names";
import {Controller} from "@l10n_fr_pos_caisse_ap_ip/controller";
import {Adapter} from "@l10n_fr_pos_caisse_ap_ip/pos/adapter";
import {keepPaidOrdersApart, unlinkTable} from "@l10n_fr_pos_caisse_ap_ip/pos/tables";

/** What Odoo calls for a payment line; all of it is in the controller. */
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
    line(uuid) {
        return this.pos.caisseAp.adapter.line(uuid);
    }
    sendPaymentRequest(uuid) {
        return this.pos.caisseAp.send(this.line(uuid));
    }
    sendPaymentCancel(order, uuid) {
        return this.pos.caisseAp.cancel(this.line(uuid));
    }
    sendPaymentReversal(uuid) {
        return this.pos.caisseAp.reverse(this.line(uuid));
    }
}

register_payment_method(TERMINAL, PaymentCaisseAp);

/**
 * Refuse to merge orders before anything moves: Odoo would find out in the middle. In
 * a restaurant only, whose own scripts come after ours.
 */
function guardMerge(pos) {
    const {mergeOrders} = pos;
    if (mergeOrders) {
        pos.mergeOrders = async (source, destination, ...rest) => {
            if (await pos.caisseAp.mayMerge(source)) {
                return mergeOrders.call(pos, source, destination, ...rest);
            }
            unlinkTable(pos, source.table_id);
            return destination;
        };
    }
}

patch(PosStore.prototype, {
    async setup() {
        await super.setup(...arguments);
        guardMerge(this);
        this.caisseAp = markRaw(new Controller(new Adapter(this)));
        keepPaidOrdersApart(this);
        this.data.connectWebSocket("FR_CAISSE_AP_IP", (message) =>
            this.caisseAp.onNotification(message)
        );
        this.caisseAp.start();
    },
    async _onBeforeDeleteOrder(order) {
        const mayDelete = this.caisseAp.mayDelete(order);
        return mayDelete && super._onBeforeDeleteOrder(...arguments);
    },
});

patch(OrderPaymentValidation.prototype, {
    async askBeforeValidation() {
        const mayValidate = await this.pos.caisseAp.mayValidate(this.order);
        return mayValidate && super.askBeforeValidation(...arguments);
    },
});

// Odoo tells the customer's display of each change, at the moment when the amount is to
// leave, and a server does one thing at a time: the terminal goes first.
patch(CustomerDisplayPosAdapter.prototype, {
    async dispatch(pos) {
        await pos.caisseAp?.server.headStart;
        super.dispatch(...arguments);
    },
});
