/** @odoo-module **/

import {ConnectionLostError} from "@web/core/network/rpc_service";
import {ChromeAdapter} from "@l10n_fr_pos_caisse_ap_ip/pos/chrome_adapter";

/** What is otherwise in Odoo 16.0, see adapter.js. */
export class Adapter extends ChromeAdapter {
    finish(line, isPaid) {
        super.finish(...arguments);
        if (isPaid) {
            this.chrome.env.posbus.trigger("caisse-ap-paid", line.order.uid);
        }
    }
    isOffline(error) {
        return error instanceof ConnectionLostError;
    }
    async show(popup, props) {
        const {confirmed, payload} = await this.chrome.showPopup(popup, props);
        return confirmed ? payload : undefined;
    }
}
