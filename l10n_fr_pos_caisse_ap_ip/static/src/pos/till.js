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
    lineIds() {
        return this.lines().map((line) => line.uuid);
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
    }
    newId() {
        return uuidv4();
    }

    /** What the server is told about a payment: amounts in the smallest unit. */
    demand(line, reference) {
        const order = line.pos_order_id;
        const amount = line.getAmount();
        return {
            reference,
            line: line.uuid,
            order: order.uuid,
            order_name: order.getName() || "",
            session_id: this.pos.session.id,
            operation: amount < 0 ? "credit" : "debit",
            amount_cents: this.toCents(Math.abs(amount)),
        };
    }
    toCents(amount) {
        return Math.round(amount * 10 ** this.pos.currency.decimal_places);
    }

    /** Write on the line what the terminal said of an accepted payment. */
    setPaid(line, state) {
        const sign = state.operation === "credit" ? -1 : 1;
        if (this.toCents(Math.abs(line.getAmount())) !== state.approved_cents) {
            const unit = 10 ** this.pos.currency.decimal_places;
            line.setAmount((sign * state.approved_cents) / unit);
        }
        line.transaction_id = state.reference;
        line.card_type = state.card_type;
        line.card_no = state.card_number.slice(-4);
        line.payment_method_authcode = state.authorisation;
        if (state.receipt) {
            line.setReceiptInfo(state.receipt);
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

    /** Let other orders use their terminals: this payment waits for a person. */
    release() {
        this.pos.paymentTerminalInProgress = false;
    }

    // -- Server ----------------------------------------------------------------------

    rpc(method, args) {
        const all = method === "unsettled" ? [this.pos.session.id, ...args] : args;
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
