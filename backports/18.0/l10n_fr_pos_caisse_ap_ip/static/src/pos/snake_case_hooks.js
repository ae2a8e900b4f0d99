/** @odoo-module **/

import {onMounted, onWillUnmount} from "@odoo/owl";
import {patch} from "@web/core/utils/patch";
import {PaymentInterface} from "@point_of_sale/app/payment/payment_interface";
import {PaymentScreen} from "@point_of_sale/app/screens/payment_screen/payment_screen";
import {register_payment_method} from "@point_of_sale/app/store/pos_store";
import {TERMINAL} from "@l10n_fr_pos_caisse_ap_ip/names";

/**
 * What Odoo 17.0 and 18.0 call alike, and 19.0 otherwise. What Odoo calls for a payment
 * line; all of it is in the controller.
 */
export class PaymentCaisseAp extends PaymentInterface {
    setup(pos, method) {
        super.setup(...arguments);
        this.supports_reversals = method.fr_caisse_ap_ip_can_reverse;
    }
    /** The line that Odoo calls so; 17.0 has a name of its own for it. */
    line(id) {
        const {adapter} = this.pos.caisseAp;
        return adapter.lines().find((line) => [line.uuid, line.cid].includes(id));
    }
    send_payment_request(id) {
        return this.pos.caisseAp.send(this.line(id));
    }
    send_payment_cancel(order, id) {
        return this.pos.caisseAp.cancel(this.line(id));
    }
    send_payment_reversal(id) {
        return this.pos.caisseAp.reverse(this.line(id));
    }
}

register_payment_method(TERMINAL, PaymentCaisseAp);

patch(PaymentScreen.prototype, {
    setup() {
        super.setup(...arguments);
        const {adapter} = this.pos.caisseAp;
        onMounted(() => (adapter.screen = this));
        onWillUnmount(() => (adapter.screen = null));
    },
    async _isOrderValid() {
        const mayValidate = await this.pos.caisseAp.mayValidate(this.currentOrder);
        return mayValidate && super._isOrderValid(...arguments);
    },
});
