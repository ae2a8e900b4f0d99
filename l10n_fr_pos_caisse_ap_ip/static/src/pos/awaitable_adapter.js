import {AlertDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {BaseAdapter} from "@l10n_fr_pos_caisse_ap_ip/adapter";
import {
    ConnectionLostError,
    TextInputPopup,
    makeAwaitable,
} from "@l10n_fr_pos_caisse_ap_ip/pos/odoo";
import {Question} from "@l10n_fr_pos_caisse_ap_ip/pos/question";

/** What Odoo 18.0 and 19.0 share: dialogs of the web client, errors of its calls. */
export class AwaitableAdapter extends BaseAdapter {
    isOffline(error) {
        return error instanceof ConnectionLostError;
    }
    alert(title, body) {
        return new Promise((resolve) =>
            this.pos.dialog.add(AlertDialog, {title, body}, {onClose: resolve})
        );
    }
    showQuestion(question, onShown) {
        return makeAwaitable(this.pos.dialog, Question, {...question, onShown});
    }
    askText(title) {
        return makeAwaitable(this.pos.dialog, TextInputPopup, {title});
    }
}
