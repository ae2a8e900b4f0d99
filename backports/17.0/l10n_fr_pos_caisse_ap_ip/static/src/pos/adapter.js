/** @odoo-module **/

import {_t} from "@web/core/l10n/translation";
import {ConnectionLostError, TextInputPopup} from "@l10n_fr_pos_caisse_ap_ip/pos/odoo";
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
    isOffline(error) {
        return error instanceof ConnectionLostError;
    }

    // Odoo's own dialogs lie below the popups of the Point of Sale.
    showQuestion(question, onShown) {
        return this.show(Question, {...question, onShown});
    }
    askText(title) {
        return this.show(TextInputPopup, {title, confirmText: _t("Apply")});
    }
    async show(popup, props) {
        const {confirmed, payload} = await this.pos.popup.add(popup, props);
        return confirmed ? payload : undefined;
    }
}
