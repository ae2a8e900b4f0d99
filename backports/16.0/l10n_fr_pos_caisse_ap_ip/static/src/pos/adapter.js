/** @odoo-module **/

import {ChromeAdapter} from "@l10n_fr_pos_caisse_ap_ip/pos/chrome_adapter";

/** What is otherwise in Odoo 16.0, see adapter.js. */
export class Adapter extends ChromeAdapter {
    validatesByItself() {
        return true;
    }
    show(popup, props) {
        return this.chrome.showPopup(popup, props);
    }
}
