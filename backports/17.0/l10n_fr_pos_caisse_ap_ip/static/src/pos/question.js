/** @odoo-module **/

import {AbstractAwaitablePopup} from "@point_of_sale/app/popup/abstract_awaitable_popup";
import {answerOf} from "@l10n_fr_pos_caisse_ap_ip/browser";

/** A text with a few long answers, one button each. */
export class Question extends AbstractAwaitablePopup {
    static template = "l10n_fr_pos_caisse_ap_ip.Question";
    // Barcode readers end with Enter: no key answers for the cashier.
    static defaultProps = {confirmKey: false, cancelKey: false};

    setup() {
        super.setup();
        this.props.onShown(() => this.cancel());
    }

    choose(id, event) {
        const payload = answerOf(id, event);
        if (payload) {
            this.props.close({confirmed: true, payload});
        }
    }
}
