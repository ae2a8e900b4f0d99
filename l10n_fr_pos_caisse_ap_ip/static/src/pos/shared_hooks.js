/** @odoo-module **/

import {patch} from "@web/core/utils/patch";
import {PaymentScreen} from "@point_of_sale/app/screens/payment_screen/payment_screen";
import {TicketScreen} from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import {ClosePosPopup} from "@l10n_fr_pos_caisse_ap_ip/pos/odoo";

/** What Odoo 17.0, 18.0 and 19.0 call alike. */
patch(PaymentScreen.prototype, {
    isCaisseAp(line) {
        return this.pos.caisseAp.adapter.isOurs(line);
    },
    // Odoo would validate what is on the screen when the answer comes, or was paid too
    // much meanwhile.
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
    deletePaymentLine(id) {
        // 17.0 has a name of its own for a line.
        const line = this.paymentLines.find((one) => [one.uuid, one.cid].includes(id));
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
        this.pos.caisseAp.proposeRefund(order, refund);
    },
});

patch(ClosePosPopup.prototype, {
    async closeSession() {
        if (await this.pos.caisseAp.checkClosing()) {
            return super.closeSession(...arguments);
        }
    },
});
