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
        getPayload: Function,
        close: Function,
    };

    choose(id) {
        this.props.getPayload(id);
        this.props.close();
    }
}
