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
        choose(id) {
            this.chosen = id;
            this.confirm();
        }
        getPayload() {
            return this.chosen;
        }
    }
    CaisseApQuestion.template = "l10n_fr_pos_caisse_ap_ip.Question";
    // Barcode readers end with Enter: none of them may answer for the cashier.
    CaisseApQuestion.defaultProps = {confirmKey: false};

    Registries.Component.add(CaisseApQuestion);
});
