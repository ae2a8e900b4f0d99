import {markRaw} from "@odoo/owl";
import {patch} from "@web/core/utils/patch";
import {PaymentScreen} from "@point_of_sale/app/screens/payment_screen/payment_screen";
import {PosStore} from "@point_of_sale/app/store/pos_store";
import {TERMINAL} from "@l10n_fr_pos_caisse_ap_ip/names";
import {Controller} from "@l10n_fr_pos_caisse_ap_ip/controller";
import {Adapter} from "@l10n_fr_pos_caisse_ap_ip/pos/adapter";
import {keepPaidOrdersApart, unlinkTable} from "@l10n_fr_pos_caisse_ap_ip/pos/tables";

/**
 * Refuse to merge orders before anything moves: Odoo would find out in the middle. In
 * a restaurant only, whose own scripts come after ours.
 */
function guardMerge(pos) {
    const {transferOrder} = pos;
    if (transferOrder) {
        pos.transferOrder = async (uuid, table) => {
            const order = pos.models["pos.order"].getBy("uuid", uuid);
            const isMerge = order.table_id !== table && pos.tableHasOrders(table);
            if (!isMerge || (await pos.caisseAp.mayMerge(order))) {
                await transferOrder.call(pos, uuid, table);
            } else {
                unlinkTable(pos, order.table_id);
            }
        };
    }
}

patch(PosStore.prototype, {
    async setup() {
        await super.setup(...arguments);
        guardMerge(this);
        this.caisseAp = markRaw(new Controller(new Adapter(this)));
        keepPaidOrdersApart(this);
        // The bus changed hands within 18.0.
        const listen = this.data.connectWebSocket?.bind(this.data) || this.onNotified;
        listen("FR_CAISSE_AP_IP", (message) => this.caisseAp.onNotification(message));
        this.caisseAp.start();
    },
    async _onBeforeDeleteOrder(order) {
        const mayDelete = this.caisseAp.mayDelete(order);
        return mayDelete && super._onBeforeDeleteOrder(...arguments);
    },
});

patch(PaymentScreen.prototype, {
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
});
