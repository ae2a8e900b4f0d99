import {Component} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {answerOf} from "@l10n_fr_pos_caisse_ap_ip/browser";

/** A question with a few long answers, one button each. */
export class Question extends Component {
    static template = "l10n_fr_pos_caisse_ap_ip.Question";
    static components = {Dialog};
    static props = {
        title: String,
        body: String,
        choices: Array,
        input: {type: String, optional: true},
        onShown: Function,
        getPayload: Function,
        close: Function,
    };

    setup() {
        this.props.onShown(this.props.close);
    }

    choose(id, event) {
        const answer = answerOf(id, event);
        if (answer) {
            this.props.getPayload(answer);
            this.props.close();
        }
    }
}
