import {Component} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";

/** A question with a few long answers, one button each. */
export class Question extends Component {
    static template = "l10n_fr_pos_caisse_ap_ip.Question";
    static components = {Dialog};
    static props = {
        title: String,
        body: String,
        choices: Array,
        onShown: Function,
        getPayload: Function,
        close: Function,
    };

    setup() {
        this.props.onShown(this.props.close);
    }

    choose(id) {
        this.props.getPayload(id);
        this.props.close();
    }
}
