import {ConnectionLostError} from "@web/core/network/rpc";
import {AlertDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {floatIsZero} from "@web/core/utils/numbers";
import {TextInputPopup} from "@point_of_sale/app/utils/input_popups/text_input_popup";
import {makeAwaitable} from "@point_of_sale/app/store/make_awaitable_dialog";
import {uuidv4} from "@point_of_sale/utils";
import {Question} from "@l10n_fr_pos_caisse_ap_ip/pos/question";

export const TERMINAL = "fr-caisse_ap_ip";

/** The Point of Sale of Odoo 18.0 as the link (static/src/link.js) wants to see it. */
export class Till {
    constructor(pos) {
        this.pos = pos;
        this.screen = null; // The payment screen, while it is shown
    }

    // -- Payment lines ---------------------------------------------------------------

    isOurs(line) {
        return line.payment_method_id?.use_payment_terminal === TERMINAL;
    }
    lines() {
        return this.pos.models["pos.payment"].filter((line) => this.isOurs(line));
    }
    line(id) {
        return this.lines().find((line) => line.uuid === id);
    }
    /** The line that carries a transaction, its own or one that was attached. */
    carrier(reference) {
        return this.lines().find((line) => line.transaction_id === reference);
    }
    openLines(statuses) {
        return this.lines().filter((line) => statuses.includes(this.status(line)));
    }
    lineId(line) {
        return line.uuid;
    }
    methodId(line) {
        return line.payment_method_id.id;
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
        const order = line.pos_order_id;
        return {
            order_uuid: order.uuid,
            order_name: order.pos_reference || "",
            session_id: this.pos.session.id,
            refunded_lines: order.lines
                .map((one) => one.refunded_orderline_id?.id)
                .filter(Number.isInteger),
        };
    }
    setDetails(line, {card_number, authorisation, receipt, ...details}) {
        line.update({
            ...details,
            card_no: card_number.slice(-4),
            payment_method_authcode: authorisation,
        });
        if (receipt) {
            line.set_receipt_info(receipt);
        }
    }

    /** End a payment on its line; validate its order if the cashier still sees it. */
    async finish(line, paid) {
        const order = line.pos_order_id;
        this.release();
        line.handle_payment_response(paid);
        if (
            paid &&
            order.is_paid() &&
            floatIsZero(order.get_due(), this.decimals()) &&
            this.pos.config.auto_validate_terminal_payment &&
            this.screen?.currentOrder.uuid === order.uuid
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
        return this.pos.config.payment_method_ids.find(({id}) => id === method_id);
    }
    /** @returns {Object} a new line of the order on screen */
    addLine(state) {
        return this.pos.get_order().add_paymentline(this.method(state));
    }

    /** Let other orders use their terminals: this payment waits for a person. */
    release() {
        this.pos.paymentTerminalInProgress = false;
    }

    // -- Server ----------------------------------------------------------------------

    rpc(method, args) {
        const ofSession = ["unfinished", "closing"].includes(method);
        const all = ofSession ? [this.pos.session.id, ...args] : args;
        return this.pos.env.services.orm.silent.call(
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

    // -- Dialogs ---------------------------------------------------------------------

    alert(title, body) {
        return new Promise((resolve) =>
            this.pos.dialog.add(AlertDialog, {title, body}, {onClose: resolve})
        );
    }
    choose(title, body, choices) {
        return makeAwaitable(this.pos.dialog, Question, {title, body, choices});
    }
    askText(title) {
        return makeAwaitable(this.pos.dialog, TextInputPopup, {title});
    }
}
