odoo.define("l10n_fr_pos_caisse_ap_ip.till", function (require) {
    "use strict";

    const {_t} = require("web.core");

    const TERMINAL = "fr-caisse_ap_ip";
    // The server answers at once or is not there (16.0 waits all the same).
    const RPC_PATIENCE_MS = 10000;

    function isOurs(line) {
        return line.payment_method.use_payment_terminal === TERMINAL;
    }

    /** A random identifier; crypto.randomUUID is missing where there is no https. */
    function newId() {
        const bytes = window.crypto.getRandomValues(new Uint8Array(16));
        return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    }

    /**
     * The Point of Sale of Odoo 14.0 and 16.0 as the link (static/src/link.js) wants to
     * see it; what differs between the two is in series.js.
     */
    class BaseTill {
        /**
         * @param {Object} pos the data of the Point of Sale
         * @param {Object} chrome its outermost component
         */
        constructor(pos, chrome) {
            this.pos = pos;
            this.chrome = chrome;
        }

        // -- Payment lines -----------------------------------------------------------

        isOurs(line) {
            return isOurs(line);
        }
        lines() {
            const orders = [...this.pos.get_order_list()];
            return orders.flatMap((order) => order.get_paymentlines()).filter(isOurs);
        }
        /** Lines of validated orders that wait to be sent to the server, as saved. */
        unsyncedLines() {
            const orders = this.pos.db.get_orders().map(({data}) => data);
            const saved = orders.flatMap((order) => order.statement_ids);
            return saved.map(([, , line]) => line);
        }
        keptLines() {
            return [...this.lines(), ...this.unsyncedLines()];
        }
        line(id) {
            return this.keptLines().find((line) => this.lineId(line) === id);
        }
        /** The line that carries a transaction, its own or one that was attached. */
        carrier(reference) {
            return this.keptLines().find((line) => line.transaction_id === reference);
        }
        openLines(statuses) {
            return this.lines().filter((line) => statuses.includes(this.status(line)));
        }
        lineId(line) {
            return line.fr_caisse_ap_ip_line;
        }
        methodId(line) {
            return line.payment_method.id;
        }
        status(line) {
            return line.get_payment_status();
        }
        setStatus(line, status) {
            line.set_payment_status(status);
        }
        newId() {
            return newId();
        }

        amount(line) {
            return line.get_amount();
        }
        setAmount(line, amount) {
            line.set_amount(amount);
        }

        /** What the server is told of the sale that a line pays. */
        sale({order}) {
            return {
                order_uuid: order.uid,
                order_name: order.get_name() || "",
                session_id: this.pos.pos_session.id,
                refunded_lines: order
                    .get_orderlines()
                    .map((one) => one.refunded_orderline_id)
                    .filter(Number.isInteger),
            };
        }
        setDetails(line, {transaction_id, card_type, receipt}) {
            Object.assign(line, {transaction_id, card_type});
            if (receipt) {
                line.set_receipt_info(receipt);
            }
            // Odoo 14.0 saves a line only when it is told of a change.
            this.setStatus(line, this.status(line));
        }

        /** Do what Odoo's payment screen does after an answer. */
        finish(line, paid) {
            const {supports_reversals} = line.payment_method.payment_terminal;
            line.can_be_reversed = paid && supports_reversals;
            this.setStatus(line, paid ? "done" : "retry");
        }

        // -- Payments without a sale -------------------------------------------------

        canAttach(state) {
            const order = this.pos.get_order();
            return Boolean(
                order &&
                    !order.finalized &&
                    !order.electronic_payment_in_progress() &&
                    this.method(state)
            );
        }
        method({method_id}) {
            return this.pos.payment_methods_by_id[method_id];
        }
        addLine(state) {
            return this.pos.get_order().add_paymentline(this.method(state));
        }

        /** These series hold no other order up. */
        release() {
            return undefined;
        }

        // -- Server ------------------------------------------------------------------

        async rpc(method, args) {
            const ofSession = ["unfinished", "closing"].includes(method);
            const query = {
                model: "pos.payment.method",
                method: `fr_caisse_ap_ip_${method}`,
                args: ofSession ? [this.pos.pos_session.id, ...args] : args,
            };
            const options = {shadow: true, timeout: RPC_PATIENCE_MS};
            try {
                return await this.chrome.rpc(query, options);
            } catch (failure) {
                // Odoo wraps the error, and shows it unless it is told not to.
                failure.event.preventDefault();
                throw failure.message;
            }
        }
        errorMessage(error) {
            return error.data ? error.data.message : error.message;
        }

        // -- Dialogs -----------------------------------------------------------------

        async alert(title, body) {
            await this.choose(title, body, [{id: "ok", label: _t("Ok")}]);
        }
        choose(title, body, choices) {
            return this.show("CaisseApQuestion", {title, body, choices});
        }
        askText(title) {
            const words = {confirmText: _t("Ok"), cancelText: _t("Decide later")};
            return this.show("TextInputPopup", {title, ...words});
        }
    }

    return {BaseTill, TERMINAL, isOurs, newId};
});
