/** @odoo-module **/

import {_t} from "web.core";
import {ConnectionLostError} from "@web/core/network/rpc_service";
import {uuidv4} from "point_of_sale.utils";

export const TERMINAL = "fr-caisse_ap_ip";

export function isOurs(line) {
    return line.payment_method.use_payment_terminal === TERMINAL;
}

/** The Point of Sale of Odoo 16.0 as the link (static/src/link.js) wants to see it. */
export class Till {
    /**
     * @param {Object} pos the data of the Point of Sale
     * @param {Object} chrome its outermost component, which shows popups
     */
    constructor(pos, chrome) {
        this.pos = pos;
        this.chrome = chrome;
    }

    // -- Payment lines ---------------------------------------------------------------

    lines() {
        const orders = [...this.pos.get_order_list()];
        return orders.flatMap((order) => order.get_paymentlines()).filter(isOurs);
    }
    /** Lines of validated orders that wait to be sent to the server, as saved. */
    unsyncedLines() {
        const orders = this.pos.db.get_orders().map(({data}) => data);
        return orders.flatMap((order) => order.statement_ids.map(([, , line]) => line));
    }
    line(id) {
        const lines = [...this.lines(), ...this.unsyncedLines()];
        return lines.find((line) => this.lineId(line) === id);
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
        return uuidv4();
    }

    amount(line) {
        return line.get_amount();
    }
    setAmount(line, amount) {
        line.set_amount(amount);
    }
    decimals() {
        return this.pos.currency.decimal_places;
    }

    /** What the server is told of the sale that a line pays. */
    sale({order}) {
        return {
            order: order.uid,
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
    }

    /** Do what Odoo's payment screen does after an answer, for the line's own order. */
    finish(line, paid) {
        this.setStatus(line, paid ? "done" : "retry");
        if (paid) {
            const {supports_reversals} = line.payment_method.payment_terminal;
            line.can_be_reversed = supports_reversals;
            this.chrome.env.posbus.trigger("caisse-ap-paid", line.order.uid);
        }
    }

    // -- Payments without a sale -----------------------------------------------------

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

    /** Odoo 16.0 holds no other order up. */
    release() {
        return undefined;
    }

    // -- Server ----------------------------------------------------------------------

    async rpc(method, args) {
        const ofSession = ["unsettled", "closing"].includes(method);
        const query = {
            model: "pos.payment.method",
            method: `fr_caisse_ap_ip_${method}`,
            args: ofSession ? [this.pos.pos_session.id, ...args] : args,
        };
        try {
            return await this.pos.env.services.rpc(query, {shadow: true});
        } catch (failure) {
            // Odoo wraps the error in another one for its older modules.
            throw failure.message;
        }
    }
    isOffline(error) {
        return error instanceof ConnectionLostError;
    }
    errorMessage(error) {
        return error.data?.message || error.message;
    }

    // -- Dialogs ---------------------------------------------------------------------

    async alert(title, body) {
        await this.choose(title, body, [{id: "ok", label: _t("Ok")}]);
    }
    choose(title, body, choices) {
        return this.show("CaisseApQuestion", {title, body, choices});
    }
    askText(title) {
        return this.show("TextInputPopup", {title});
    }
    async show(popup, props) {
        const {confirmed, payload} = await this.chrome.showPopup(popup, props);
        return confirmed ? payload : undefined;
    }
}
