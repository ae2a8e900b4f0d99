/** @odoo-module **/

import {markRaw} from "@odoo/owl";
import {patch} from "@web/core/utils/patch";
import {PosBus} from "@point_of_sale/app/bus/pos_bus_service";
import {Payment} from "@point_of_sale/app/store/models";
import {PosStore} from "@point_of_sale/app/store/pos_store";
import {PaymentScreen} from "@point_of_sale/app/screens/payment_screen/payment_screen";
import {TicketScreen} from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import {newUuid} from "@l10n_fr_pos_caisse_ap_ip/names";
import {Controller} from "@l10n_fr_pos_caisse_ap_ip/controller";
import {Adapter} from "@l10n_fr_pos_caisse_ap_ip/pos/adapter";

// The name that Odoo gives a line changes with each load of the page.
patch(Payment.prototype, {
    setup() {
        super.setup(...arguments);
        this.fr_caisse_ap_ip_line = this.fr_caisse_ap_ip_line || newUuid();
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
        this.caisseAp = markRaw(new Controller(new Adapter(this)));
        this.caisseAp.start();
    },
});

patch(PosBus.prototype, {
    dispatch(message) {
        super.dispatch(...arguments);
        if (message.type === "FR_CAISSE_AP_IP") {
            this.pos.caisseAp.onNotification(message.payload);
        }
    },
});

patch(PaymentScreen.prototype, {
    addNewPaymentLine(method) {
        const isAdded = super.addNewPaymentLine(...arguments);
        const line = this.selectedPaymentLine;
        const isFast = isAdded && method.fr_caisse_ap_ip_fast_payment;
        if (isFast && this.isCaisseAp(line) && line.get_amount() > 0) {
            this.sendPaymentRequest(line);
        }
        return isAdded;
    },
});

patch(TicketScreen.prototype, {
    async _onBeforeDeleteOrder(order) {
        const mayDelete = this.pos.caisseAp.mayDelete(order);
        return mayDelete && super._onBeforeDeleteOrder(...arguments);
    },
});
