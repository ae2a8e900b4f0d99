/** @odoo-module **/

import {answerOf} from "@l10n_fr_pos_caisse_ap_ip/browser";
import {CALL_PATIENCE_MS} from "@l10n_fr_pos_caisse_ap_ip/server";
import {OrderListAdapter} from "@l10n_fr_pos_caisse_ap_ip/pos/order_list_adapter";

/** What Odoo 14.0 and 16.0 share: calls and popups of their outermost component. */
export class ChromeAdapter extends OrderListAdapter {
    /**
     * @param {Object} pos the data of the Point of Sale
     * @param {Object} chrome its outermost component
     */
    constructor(pos, chrome) {
        super(pos);
        this.chrome = chrome;
    }

    setPaid(line, state) {
        super.setPaid(line, state);
        // Odoo 14.0 saves a line only when it is told of a change.
        this.setStatus(line, this.status(line));
    }
    endLine(line, isPaid) {
        const {supports_reversals} = this.methodOf(line).payment_terminal;
        line.can_be_reversed = isPaid && supports_reversals;
        this.setStatus(line, isPaid ? "done" : "retry");
    }

    async call(model, method, args) {
        // 14.0 frees the connection then.
        const options = {shadow: true, timeout: CALL_PATIENCE_MS};
        try {
            return await this.chrome.rpc({model, method, args}, options);
        } catch (failure) {
            // Odoo wraps the error, and shows it unless it is told not to.
            failure.event.preventDefault();
            throw failure.message;
        }
    }

    async showQuestion(question, onShown) {
        const props = {...question, onShown, answerOf};
        const {payload} = await this.show("CaisseApQuestion", props);
        return payload || undefined;
    }
}
