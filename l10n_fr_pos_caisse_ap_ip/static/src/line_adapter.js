/** @odoo-module **/

import {TERMINAL} from "@l10n_fr_pos_caisse_ap_ip/names";

/**
 * The payment lines of the Point of Sale: the first half of an adapter, see adapter.js.
 */
export class LineAdapter {
    /** @param {Object} pos the data of the Point of Sale */
    constructor(pos) {
        this.pos = pos;
        this.screen = null; // The payment screen of Odoo, while it is shown
    }

    /**
     * @param {Object} line
     * @returns {Object} its payment method, as Odoo has it
     */
    methodOf(line) {
        return line.payment_method_id;
    }

    /**
     * @param {Object} line payment line of any method
     * @returns {boolean} whether one of our terminals pays it
     */
    isOurs(line) {
        const method = this.methodOf(line);
        return Boolean(method && method.use_payment_terminal === TERMINAL);
    }

    /**
     * @param {Object} order
     * @returns {Object[]} its payment lines that are ours
     */
    ourLines(order) {
        return this.paymentLines(order).filter((line) => this.isOurs(line));
    }

    /** @returns {Object[]} the orders that this page has */
    orders() {
        return this.pos.models["pos.order"].getAll();
    }

    /**
     * Not what Odoo keeps of payments: an order that it reads again has lost those that
     * the server does not know, and they still name it.
     *
     * @returns {Object[]} our payment lines, of all orders that this page has
     */
    lines() {
        return this.orders().flatMap((order) => this.ourLines(order));
    }

    /** @returns {Object[]} those of orders that are not paid yet */
    openOrderLines() {
        return this.lines().filter((line) => !this.isValidated(this.orderOf(line)));
    }

    /** @returns {Object[]} those of paid orders that only wait to be saved */
    unsavedLines() {
        const isUnsaved = ({finalized, id}) => finalized && typeof id !== "number";
        return this.lines().filter((line) => isUnsaved(this.orderOf(line)));
    }

    /** @returns {Object[]} those whose money only this page has */
    heldLines() {
        return [...this.openOrderLines(), ...this.unsavedLines()];
    }

    /**
     * @param {string} uuid
     * @returns {Object|undefined} the payment line
     */
    line(uuid) {
        return this.lines().find((line) => this.lineUuid(line) === uuid);
    }

    /**
     * @param {string} uuid
     * @returns {Object|undefined} the payment line, if its order is not paid yet
     */
    openOrderLine(uuid) {
        return this.openOrderLines().find((line) => this.lineUuid(line) === uuid);
    }

    /**
     * @param {string} reference of a transaction
     * @returns {Object|undefined} the line with its money, its own or another
     */
    carrier(reference) {
        const lines = [...this.lines(), ...this.unsavedLines()];
        return lines.find((line) => line.transaction_id === reference);
    }

    /**
     * @param {Object} line
     * @returns {string} names the line in every page and on the server
     */
    lineUuid(line) {
        return line.uuid;
    }

    /**
     * @param {Object} line
     * @returns {number} id of its payment method
     */
    methodId(line) {
        return this.methodOf(line).id;
    }

    /**
     * @param {Object} line
     * @returns {string} status of the payment in Odoo, or "unknown"
     */
    status(line) {
        return line.get_payment_status();
    }

    /**
     * Set the status, and save it in the browser.
     *
     * @param {Object} line
     * @param {string} status
     */
    setStatus(line, status) {
        line.set_payment_status(status);
    }

    /**
     * @param {Object} line
     * @returns {number} amount, negative for a refund
     */
    amount(line) {
        return line.get_amount();
    }

    /**
     * @param {Object} line
     * @param {number} amount negative for a refund
     */
    setAmount(line, amount) {
        line.set_amount(amount);
    }

    /** @returns {number} decimals of the currency */
    decimals() {
        return this.pos.currency.decimal_places;
    }

    /** @returns {number} how many cents one of the currency has */
    unit() {
        return 10 ** this.decimals();
    }

    /**
     * @param {Object} line
     * @returns {number} amount in cents, positive also for a refund
     */
    cents(line) {
        return Math.round(Math.abs(this.amount(line)) * this.unit());
    }

    /**
     * @param {Object} line
     * @param {number} cents negative for a refund
     */
    setCents(line, cents) {
        this.setAmount(line, cents / this.unit());
    }

    /**
     * Write on a line what the terminal approved, which may be less than asked.
     *
     * @param {Object} line
     * @param {Object} state see State in server.js
     */
    setPaid(line, state) {
        const sign = state.operation === "credit" ? -1 : 1;
        if (this.cents(line) !== state.approved_cents) {
            this.setCents(line, sign * state.approved_cents);
        }
        this.setDetails(line, state);
        // Odoo adds a receipt to the one that is there.
        if (state.receipt && !line.ticket) {
            this.setReceipt(line, state.receipt);
        }
    }

    /**
     * @param {Object} line
     * @param {Object} state see State in server.js
     * @returns {boolean} whether the line was called paid by that transaction
     */
    isPaidBy(line, {reference}) {
        const {transaction_id} = line;
        const isIt = !transaction_id || transaction_id === reference;
        return this.status(line) === "done" && isIt;
    }

    /**
     * Take off a line what the terminal approved: another one owns that money.
     *
     * @param {Object} line
     */
    clearPaid(line) {
        const nothing = {
            reference: "",
            card_type: "",
            card_number: "",
            authorisation: "",
        };
        this.setDetails(line, nothing);
        line.ticket = "";
    }

    /**
     * Save with the payment what identifies it.
     *
     * @param {Object} line
     * @param {Object} state see State in server.js
     */
    setDetails(line, state) {
        line.update({
            transaction_id: state.reference,
            card_type: state.card_type,
            card_no: state.card_number.slice(-4),
            payment_method_authcode: state.authorisation,
        });
    }

    /**
     * Have the customer's receipt end with the terminal's.
     *
     * @param {Object} line
     * @param {string} text
     */
    setReceipt(line, text) {
        line.set_receipt_info(text);
    }

    /**
     * End a payment on its line as Odoo would; validate its order if that is paid
     * exactly, the cashier still sees it, and the series does so.
     *
     * @param {Object} line
     * @param {boolean} isPaid else the line may be sent again
     * @param {boolean} mayValidate whether this page is the one that validates
     * @returns {Promise<void>}
     */
    async finish(line, isPaid, mayValidate) {
        const order = this.orderOf(line);
        this.release();
        this.endLine(line, isPaid);
        if (isPaid && mayValidate && this.validatesByItself()) {
            // Validating keeps the page busy: the cashier sees first that it is paid.
            await this.drawn();
            await this.validateIfPaid(order);
        }
    }

    async validateIfPaid(order) {
        const isEnd = this.isPaidExactly(order) && !this.isValidated(order);
        if (isEnd && this.isOnScreen(order)) {
            await this.validate(order);
        }
    }

    /**
     * Set the status as Odoo does after an answer.
     *
     * @param {Object} line
     * @param {boolean} isPaid
     */
    endLine(line, isPaid) {
        line.handle_payment_response(isPaid);
    }

    /**
     * @param {Object} line just paid, not yet called so
     * @returns {boolean} whether its order is paid too much with it
     */
    isOverpaid(line) {
        const due = this.dueCents(this.orderOf(line));
        const cents = this.cents(line);
        return this.amount(line) > 0 ? cents > due : -cents < due;
    }

    /**
     * End the reversal of a payment on its line.
     *
     * @param {Object} line
     * @param {boolean} isReversed else it is paid as before
     */
    finishReversal(line, isReversed) {
        this.setStatus(line, isReversed ? "reversed" : "done");
        if (isReversed) {
            this.setAmount(line, 0);
        }
    }
}
