/** @odoo-module **/

import {ConnectionLostError} from "@web/core/network/rpc_service";
import {_t} from "@web/core/l10n/translation";
import {floatIsZero} from "@web/core/utils/numbers";
import {TextInputPopup} from "@point_of_sale/app/utils/input_popups/text_input_popup";
import {uuidv4} from "@point_of_sale/utils";
import {Question} from "@l10n_fr_pos_caisse_ap_ip/pos/question";

export const TERMINAL = "fr-caisse_ap_ip";

/** The Point of Sale of Odoo 17.0 as the link (static/src/link.js) wants to see it. */
export class Till {
    constructor(pos) {
        this.pos = pos;
        this.screen = null; // The payment screen, while it is shown
    }

    // -- Payment lines ---------------------------------------------------------------

    isOurs(line) {
        return line.payment_method?.use_payment_terminal === TERMINAL;
    }
    lines() {
        const lines = this.pos
            .get_order_list()
            .map((order) => order.get_paymentlines());
        return lines.flat().filter((line) => this.isOurs(line));
    }
    /** Lines of validated orders that wait to be sent to the server, as saved. */
    unsyncedLines() {
        const orders = this.pos.db.get_orders().map(({data}) => data);
        return orders.flatMap((order) => order.statement_ids.map(([, , line]) => line));
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
    sale(line) {
        const {order} = line;
        return {
            order_uuid: order.uid,
            order_name: order.get_name(),
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

    /** End a payment on its line; validate its order if the cashier still sees it. */
    async finish(line, paid) {
        const {order} = line;
        line.handle_payment_response(paid);
        if (
            paid &&
            order.is_paid() &&
            floatIsZero(order.get_due(), this.decimals()) &&
            this.pos.config.auto_validate_terminal_payment &&
            this.screen?.currentOrder.uid === order.uid
        ) {
            await this.screen.validateOrder(false);
        }
    }

    // -- Payments without a sale -----------------------------------------------------

    canAttach(state) {
        const order = this.pos.get_order();
        const isFree =
            order && !order.finalized && !order.electronic_payment_in_progress();
        return Boolean(isFree && this.method(state));
    }
    method({method_id}) {
        const isOurTills = this.pos.config.payment_method_ids.includes(method_id);
        return isOurTills && this.pos.payment_methods_by_id[method_id];
    }
    /** @returns {Object} a new line of the order on screen */
    addLine(state) {
        return this.pos.get_order().add_paymentline(this.method(state));
    }

    release() {
        // 17.0 never keeps other orders from using their terminals.
    }

    // -- Server ----------------------------------------------------------------------

    rpc(method, args) {
        const ofSession = ["unfinished", "closing"].includes(method);
        const all = ofSession ? [this.pos.pos_session.id, ...args] : args;
        return this.pos.orm.silent.call(
            "pos.payment.method",
            `fr_caisse_ap_ip_${method}`,
            all
        );
    }
    isOffline(error) {
        return error instanceof ConnectionLostError;
    }
    errorMessage(error) {
        return error.data?.message || error.message;
    }

    // -- Dialogs: Odoo's own lie below the POS's popups -----------------------------

    alert(title, body) {
        return this.choose(title, body, [{id: "ok", label: _t("Ok")}]);
    }
    choose(title, body, choices) {
        return this.show(Question, {title, body, choices});
    }
    askText(title) {
        return this.show(TextInputPopup, {title});
    }
    async show(popup, props) {
        const {confirmed, payload} = await this.pos.popup.add(popup, props);
        return confirmed ? payload : undefined;
    }
}
