/** @odoo-module **/

import {OrderListAdapter} from "@l10n_fr_pos_caisse_ap_ip/pos/order_list_adapter";
import {Question} from "@l10n_fr_pos_caisse_ap_ip/pos/question";

/** What is otherwise in Odoo 17.0, see adapter.js. */
export class Adapter extends OrderListAdapter {
    method(methodId) {
        const isOurTills = this.pos.config.payment_method_ids.includes(methodId);
        return isOurTills ? super.method(methodId) : undefined;
    }
    call(model, method, args) {
        return this.pos.orm.silent.call(model, method, args);
    }
    // Odoo's own dialogs lie below the popups of the Point of Sale.
    async showQuestion(question, onShown) {
        const props = {...question, onShown};
        const closed = await this.pos.popup.add(Question, props);
        return (closed && closed.payload) || undefined;
    }
}
