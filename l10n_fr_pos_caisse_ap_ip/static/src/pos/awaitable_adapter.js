import {BaseAdapter} from "@l10n_fr_pos_caisse_ap_ip/adapter";
import {makeAwaitable} from "@l10n_fr_pos_caisse_ap_ip/pos/odoo";
import {Question} from "@l10n_fr_pos_caisse_ap_ip/pos/question";

/** What Odoo 18.0 and 19.0 share: dialogs of the web client. */
export class AwaitableAdapter extends BaseAdapter {
    showQuestion(question, onShown) {
        return makeAwaitable(this.pos.dialog, Question, {...question, onShown});
    }
}
