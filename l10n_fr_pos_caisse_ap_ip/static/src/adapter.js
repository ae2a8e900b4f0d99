/** @odoo-module **/

import {
    drawn,
    ignoreSecondClicks,
    printText,
    readSent,
    rememberSent,
    showMark,
} from "@l10n_fr_pos_caisse_ap_ip/browser";
import {LineAdapter} from "@l10n_fr_pos_caisse_ap_ip/line_adapter";
import {wait} from "@l10n_fr_pos_caisse_ap_ip/server";

// How often to look whether Odoo has saved an order.
const SAVING_MS = 100;

/**
 * The Point of Sale as the controller wants to see it: the base of every series.
 *
 * A payment line and an order are Odoo's own objects: only an adapter looks into them.
 * What stands here is true of Odoo 18.0, in the middle of the series; the adapter of
 * a series (static/src/pos/adapter.js) says what is otherwise there. Methods that throw
 * have no common text.
 *
 * Amounts are floats in the currency's main unit here, because they are in Odoo; cents
 * are integers in its smallest unit.
 */
export class BaseAdapter extends LineAdapter {
    // -- Orders ----------------------------------------------------------------------

    /**
     * @param {Object} line
     * @returns {Object} its order
     */
    orderOf(line) {
        return line.pos_order_id;
    }

    /**
     * @param {Object} order
     * @returns {string} names the order in every page and on the server
     */
    orderUuid(order) {
        return order.uuid;
    }

    /**
     * @param {Object} order
     * @returns {boolean} whether it was validated
     */
    isValidated(order) {
        return order.finalized;
    }

    /**
     * @param {Object} order
     * @returns {Object[]} its payment lines, ours or not
     */
    paymentLines(order) {
        return [...order.payment_ids];
    }

    /**
     * @param {Object} order
     * @returns {boolean} whether it is paid, and not too much
     */
    isPaidExactly(order) {
        return order.is_paid() && !this.dueCents(order);
    }

    /**
     * Odoo does not save an order again that it is saving: not as paid either.
     *
     * @param {Object} order
     * @returns {Promise<void>} that it is not being saved
     */
    async saved(order) {
        while (this.isBeingSaved(order)) {
            await wait(SAVING_MS);
        }
    }

    /**
     * @param {Object} order
     * @returns {boolean} whether Odoo is saving it just now
     */
    isBeingSaved(order) {
        return this.pos.syncingOrders.has(order.id);
    }

    /**
     * Have Odoo save paid orders: of one that it could not save it waits for the cashier.
     *
     * @param {Object[]} lines of these orders
     * @returns {Promise<void>} that it tried
     */
    saveAgain(lines) {
        const orders = new Set(lines.map((line) => this.orderOf(line)));
        // 19.0 takes an order for saved once it was sent, unless it is forced.
        return this.pos.syncAllOrders({orders: [...orders], force: true});
    }

    /** @returns {boolean} whether a paid order is validated by itself */
    validatesByItself() {
        return this.pos.config.auto_validate_terminal_payment;
    }

    /**
     * @param {Object} order
     * @returns {boolean} whether the cashier sees its payments
     */
    isOnScreen(order) {
        const {screen} = this;
        return Boolean(
            screen && this.orderUuid(screen.currentOrder) === this.orderUuid(order)
        );
    }

    /** @returns {Promise<void>} that the cashier sees what was changed */
    drawn() {
        return drawn();
    }

    /**
     * @param {Object} _order on screen
     * @returns {Promise<void>} that it was validated
     */
    validate(_order) {
        return this.screen.validateOrder(false);
    }

    /** @returns {Object|undefined} the order on screen */
    currentOrder() {
        return this.pos.get_order();
    }

    /**
     * @param {Object} order
     * @returns {string} as printed on its receipt
     */
    orderName(order) {
        return order.pos_reference || "";
    }

    /**
     * @param {Object} order
     * @returns {number[]} ids of the order lines that it gives back
     */
    refundedLines(order) {
        return order.lines
            .map((one) => one.refunded_orderline_id && one.refunded_orderline_id.id)
            .filter(Number.isInteger);
    }

    /**
     * @param {Object} order
     * @returns {number} what is left to pay, in cents; negative: to give back
     */
    dueCents(order) {
        return Math.round(order.get_due() * this.unit());
    }

    /**
     * @param {number} methodId
     * @returns {Object|undefined} that payment method, if this till has it
     */
    method(methodId) {
        return this.pos.config.payment_method_ids.find(({id}) => id === methodId);
    }

    /**
     * @param {Object} order
     * @returns {boolean} whether it can take another payment now
     */
    canAddLine(order) {
        return !this.isValidated(order) && !order.electronic_payment_in_progress();
    }

    /**
     * @param {Object} state see State in server.js
     * @returns {boolean} whether the order on screen owes such a payment
     */
    canAttach(state) {
        const order = this.currentOrder();
        if (!order || !this.method(state.method_id) || !this.canAddLine(order)) {
            return false;
        }
        const due = this.dueCents(order);
        return state.operation === "credit" ? due < 0 : due > 0;
    }

    /**
     * @param {number} methodId
     * @returns {Object} a new line, of all that is due, in the order on screen
     */
    addLine(methodId) {
        return this.currentOrder().add_paymentline(this.method(methodId));
    }

    /** @param {Object} line to take out of its order */
    removeLine(line) {
        this.orderOf(line).remove_paymentline(line);
    }

    /**
     * Let other orders use their terminals: this payment waits for a person, or has
     * ended. Only 18.0 and 19.0 hold them up.
     */
    release() {
        this.pos.paymentTerminalInProgress = false;
    }

    // -- Server ----------------------------------------------------------------------

    /** @returns {number} id of the open session */
    sessionId() {
        return this.pos.session.id;
    }

    /** @returns {Object|undefined} who is logged in: a user or an employee */
    cashier() {
        return this.pos.get_cashier();
    }

    /** @returns {number|boolean} the employee who is logged in (pos_hr), or false */
    employeeId() {
        const cashier = this.pos.config.module_pos_hr && this.cashier();
        return cashier ? cashier.id : false;
    }

    /**
     * Call the server without a sign on the screen.
     *
     * @param {string} model
     * @param {string} method
     * @param {Array} args
     * @returns {Promise<any>} of what it returns; rejects with the error of the browser,
     *     or with Odoo's, which has ``code``, ``data.name`` and ``data.message``
     */
    call(model, method, args) {
        return this.pos.env.services.orm.silent.call(model, method, args);
    }

    // -- Device ----------------------------------------------------------------------

    /** @param {string} reference of a payment that this device sends */
    rememberSent(reference) {
        rememberSent(reference);
    }

    /**
     * @param {string} reference of a payment
     * @returns {boolean} whether this device sent it
     */
    hasSent(reference) {
        return readSent().includes(reference);
    }

    // -- Screen ----------------------------------------------------------------------

    /**
     * @param {Object} _question see Question in dialogs.js
     * @param {Function} _onShown called with a function that takes the question away
     * @returns {Promise<Object|undefined>} see Answer in dialogs.js; undefined: closed
     */
    showQuestion(_question, _onShown) {
        throw new Error("abstract");
    }

    /** @returns {boolean} whether a cashier is at work: else nothing is asked */
    isAtWork() {
        return Boolean(this.currentOrder());
    }

    /**
     * Keep a button on the screen that leads to what waits for a person.
     *
     * @param {string} text empty: none
     * @param {Function} onClick
     */
    showMark(text, onClick) {
        showMark(text, onClick);
    }

    /** @param {string} text of a receipt */
    print(text) {
        printText(text);
    }

    /** Let a double click on Send be one click. */
    ignoreSecondClicks() {
        ignoreSecondClicks();
    }
}
