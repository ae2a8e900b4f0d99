/** @odoo-module **/

import {AbstractAwaitablePopup} from "@point_of_sale/app/popup/abstract_awaitable_popup";

/** A text with a few long answers, one button each. */
export class Question extends AbstractAwaitablePopup {
    static template = "l10n_fr_pos_caisse_ap_ip.Question";

    setup() {
        super.setup();
        this.props.onShown(() => this.cancel());
    }

    choose(id) {
        this.props.close({confirmed: true, payload: id});
    }
}
