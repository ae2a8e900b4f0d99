odoo.define("l10n_fr_pos_caisse_ap_ip.pos.adapter", function (require) {
    "use strict";

    const {ChromeAdapter} = require("l10n_fr_pos_caisse_ap_ip.pos.chrome_adapter");
    const {wait} = require("l10n_fr_pos_caisse_ap_ip.server");

    const POPUP_POLL_MS = 100;

    async function until(condition) {
        while (!condition()) {
            await wait(POPUP_POLL_MS);
        }
    }

    /** What is otherwise in Odoo 14.0, see adapter.js. */
    class Adapter extends ChromeAdapter {
        orders() {
            return this.pos.get("orders").models;
        }
        isOnScreen(order) {
            const isPayment = this.chrome.mainScreen.name === "PaymentScreen";
            return isPayment && this.currentOrder() === order;
        }
        connection() {
            return this.pos.get("synch");
        }
        decimals() {
            return this.pos.currency.decimals;
        }
        /** The cashier validates each order. */
        validatesByItself() {
            return false;
        }
        /**
         * Odoo 14.0 shows one popup, and the next takes its place: ours waits for its
         * turn, and comes again when another one pushed it aside.
         */
        async show(name, props) {
            const {popup} = this.chrome;
            await until(() => !popup.isShown);
            const answer = await Promise.race([
                this.chrome.showPopup(name, props),
                until(() => !popup.isShown || popup.name !== name),
            ]);
            return answer || this.show(name, props);
        }
    }

    return {Adapter};
});
