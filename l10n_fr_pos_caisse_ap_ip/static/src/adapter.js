/** @odoo-module **/

// Selection value of the payment method, see models/pos_payment_method.py.
export const TERMINAL = "fr-caisse_ap_ip";

/** @returns {string} a new random name; crypto.randomUUID is missing without https */
export function newUuid() {
    const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

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
export class BaseAdapter {
    /** @param {Object} pos the data of the Point of Sale */
    constructor(pos) {
        this.pos = pos;
        this.screen = null; // The payment screen of Odoo, while it is shown
    }

    // -- Payment lines ---------------------------------------------------------------

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

    /** @returns {Object[]} our payment lines, of all orders that this page has */
    lines() {
        return this.pos.models["pos.payment"].filter((line) => this.isOurs(line));
    }

    /** @returns {Object[]} the same, and those that only wait to be saved */
    keptLines() {
        return this.lines();
    }

    /**
     * @param {string} uuid
     * @returns {Object|undefined} the payment line
     */
    line(uuid) {
        return this.keptLines().find((line) => this.lineUuid(line) === uuid);
    }

    /**
     * @param {string} reference of a transaction
     * @returns {Object|undefined} the line with its money, its own or another
     */
    carrier(reference) {
        return this.keptLines().find((line) => line.transaction_id === reference);
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
        if (state.receipt) {
            this.setReceipt(line, state.receipt);
        }
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
     * @returns {Promise<void>}
     */
    async finish(line, isPaid) {
        const order = this.orderOf(line);
        this.release();
        line.handle_payment_response(isPaid);
        if (
            isPaid &&
            order.is_paid() &&
            !Math.round(order.get_due() * this.unit()) &&
            this.pos.config.auto_validate_terminal_payment &&
            this.screen &&
            this.orderUuid(this.screen.currentOrder) === this.orderUuid(order)
        ) {
            await this.screen.validateOrder(false);
        }
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
     * @returns {Object[]} its payment lines, ours or not
     */
    paymentLines(order) {
        return [...order.payment_ids];
    }

    /** @returns {Object|undefined} the order on screen */
    currentOrder() {
        return this.pos.get_order();
    }

    /**
     * @param {Object} line
     * @returns {Object} ``order_uuid`` (string), ``order_name`` (string) and
     *     ``refunded_lines`` (ids of order lines) of the sale that it pays
     */
    sale(line) {
        const order = this.orderOf(line);
        return {
            order_uuid: this.orderUuid(order),
            order_name: order.pos_reference || "",
            refunded_lines: order.lines
                .map((one) => one.refunded_orderline_id && one.refunded_orderline_id.id)
                .filter(Number.isInteger),
        };
    }

    /**
     * @param {number} methodId
     * @returns {Object|undefined} that payment method, if this till has it
     */
    method(methodId) {
        return this.pos.config.payment_method_ids.find(({id}) => id === methodId);
    }

    /**
     * @param {number} methodId
     * @returns {boolean} whether the order on screen can take a payment of this method
     */
    canAttach(methodId) {
        const order = this.currentOrder();
        const isFree =
            order && !order.finalized && !order.electronic_payment_in_progress();
        return Boolean(isFree && this.method(methodId));
    }

    /**
     * @param {number} methodId
     * @returns {Object} a new line, of all that is due, in the order on screen
     */
    addLine(methodId) {
        return this.currentOrder().add_paymentline(this.method(methodId));
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

    /**
     * Call the server without a sign on the screen.
     *
     * @param {string} model
     * @param {string} method
     * @param {Array} args
     * @returns {Promise<any>} of what it returns; rejects with Odoo's error
     */
    call(model, method, args) {
        return this.pos.env.services.orm.silent.call(model, method, args);
    }

    /**
     * @param {Error} _error
     * @returns {boolean} whether the call may never have reached the server
     */
    isOffline(_error) {
        throw new Error("abstract");
    }

    /**
     * @param {Error} error
     * @returns {string} the server's words for it
     */
    errorMessage(error) {
        return error.data ? error.data.message : error.message;
    }

    // -- Screen ----------------------------------------------------------------------

    /**
     * @param {string} _title
     * @param {string} _body
     * @returns {Promise<void>} that it was read
     */
    alert(_title, _body) {
        throw new Error("abstract");
    }

    /**
     * @param {Object} _question see Question in dialogs.js
     * @param {Function} _onShown called with a function that takes the question away
     * @returns {Promise<string|undefined>} id of a choice; undefined: closed
     */
    showQuestion(_question, _onShown) {
        throw new Error("abstract");
    }

    /**
     * @param {string} _title what is asked for
     * @returns {Promise<string|undefined>} what was typed; undefined: closed
     */
    askText(_title) {
        throw new Error("abstract");
    }

    /**
     * Print a text as it is, by the browser: each series has a printer of its own kind.
     *
     * @param {string} text
     */
    print(text) {
        const frame = document.createElement("iframe");
        // Firefox prints no frame that is not displayed.
        frame.style.cssText = "position: fixed; left: -100%; border: 0";
        frame.srcdoc = "<pre></pre>";
        frame.onload = () => {
            const paper = frame.contentWindow;
            paper.document.querySelector("pre").textContent = text;
            paper.onafterprint = () => frame.remove();
            paper.print();
        };
        document.body.append(frame);
    }

    /**
     * Let a double click on Send be one click: the second one would hit Cancel, which
     * takes its place.
     */
    ignoreSecondClicks() {
        const ignore = (event) => {
            if (event.detail > 1 && event.target.closest(".electronic_payment")) {
                event.stopPropagation();
            }
        };
        document.addEventListener("click", ignore, true);
    }
}
