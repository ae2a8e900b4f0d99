import {ConnectionLostError} from "@web/core/network/rpc";
import {AlertDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {TextInputPopup} from "@point_of_sale/app/components/popups/text_input_popup/text_input_popup";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {makeAwaitable} from "@point_of_sale/app/utils/make_awaitable_dialog";
import {uuidv4} from "@point_of_sale/utils";
import {Question} from "@l10n_fr_pos_caisse_ap_ip/pos/question";

export const TERMINAL = "fr-caisse_ap_ip";

/** The Point of Sale of Odoo 19.0 as the link (static/src/link.js) wants to see it. */
export class Till {
    constructor(pos) {
        this.pos = pos;
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
        return line.getPaymentStatus();
    }
    setStatus(line, status) {
        line.setPaymentStatus(status);
        // Odoo writes it down a little later: the page may be gone by then.
        this.pos.data.synchronizeLocalDataInIndexedDB();
    }
    newId() {
        return uuidv4();
    }

    amount(line) {
        return line.getAmount();
    }
    setAmount(line, amount) {
        line.setAmount(amount);
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
            line.setReceiptInfo(receipt);
        }
    }

    /** Do for a payment of an earlier page what the payment screen does for its own. */
    async finish(line, paid) {
        line.handlePaymentResponse(paid);
        const order = line.pos_order_id;
        if (
            paid &&
            order.isPaid() &&
            this.pos.config.auto_validate_terminal_payment &&
            !order.isRefundInProcess() &&
            this.pos.router.state.current === "PaymentScreen" &&
            this.pos.getOrder() === order
        ) {
            const validation = new OrderPaymentValidation({
                pos: this.pos,
                orderUuid: order.uuid,
            });
            await validation.validateOrder(false);
        }
    }

    // -- Payments without a sale -----------------------------------------------------

    canAttach(state) {
        const order = this.pos.getOrder();
        return Boolean(order && !order.finalized && this.method(state));
    }
    method({method_id}) {
        return this.pos.config.payment_method_ids.find(({id}) => id === method_id);
    }
    /** @returns {Object|undefined} a new line of the order on screen */
    addLine(state) {
        return this.pos.getOrder().addPaymentline(this.method(state)).data;
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
