odoo.define("l10n_fr_pos_caisse_ap_ip.question", function (require) {
    "use strict";

    const AbstractAwaitablePopup = require("point_of_sale.AbstractAwaitablePopup");
    const Registries = require("point_of_sale.Registries");

    /** A question with a few long answers, one button each. */
    class CaisseApQuestion extends AbstractAwaitablePopup {
        constructor() {
            super(...arguments);
            this.props.onShown(() => this.cancel());
        }
        choose(id, event) {
            this.answer = this.props.answerOf(id, event);
            if (this.answer) {
                this.confirm();
            }
        }
        getPayload() {
            return this.answer;
        }
        // Nor does Escape: 14.0 knows no setting for it.
        _cancelAtEscape() {
            return undefined;
        }
    }
    CaisseApQuestion.template = "l10n_fr_pos_caisse_ap_ip.Question";
    // Barcode readers end with Enter: no key answers for the cashier.
    CaisseApQuestion.defaultProps = {confirmKey: false, cancelKey: false};

    Registries.Component.add(CaisseApQuestion);
});
