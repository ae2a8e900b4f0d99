import {AwaitableAdapter} from "@l10n_fr_pos_caisse_ap_ip/pos/awaitable_adapter";

const SCREENS_OF_NOBODY = ["LoginScreen", "SaverScreen"];

/** What is otherwise in Odoo 18.0 than the base says, see adapter.js. */
export class Adapter extends AwaitableAdapter {
    isAtWork() {
        const {component} = this.pos.mainScreen;
        const isThere = component && !SCREENS_OF_NOBODY.includes(component.name);
        return Boolean(isThere) && super.isAtWork();
    }
}
