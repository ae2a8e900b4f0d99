/** @odoo-module **/

import {_t} from "@web/core/l10n/translation";
import {newUuid} from "@l10n_fr_pos_caisse_ap_ip/names";
import {checkClosing} from "@l10n_fr_pos_caisse_ap_ip/closing";
import {Dialogs} from "@l10n_fr_pos_caisse_ap_ip/dialogs";
import {Follower} from "@l10n_fr_pos_caisse_ap_ip/follower";
import {Inbox} from "@l10n_fr_pos_caisse_ap_ip/inbox";
import {Managers} from "@l10n_fr_pos_caisse_ap_ip/managers";
import {Offers} from "@l10n_fr_pos_caisse_ap_ip/offers";
import {payloadOf} from "@l10n_fr_pos_caisse_ap_ip/payload";
import {Payment} from "@l10n_fr_pos_caisse_ap_ip/payment";
import {askRefunded, proposeRefund} from "@l10n_fr_pos_caisse_ap_ip/refund";
import {Server} from "@l10n_fr_pos_caisse_ap_ip/server";

// Statuses of a payment line for which money may be moving.
const OPEN_STATUSES = [
    "waiting",
    "waitingCard",
    "waitingCancel",
    "unknown",
    "reversing",
];

/**
 * What the Point of Sale asks of the card terminals: the same text for every series.
 *
 * It knows no POS: it asks an adapter (adapter.js, and static/src/pos/adapter.js of the
 * series) for everything that differs between series.
 */
export class Controller {
    /** @param {Object} adapter see adapter.js */
    constructor(adapter) {
        this.adapter = adapter;
        this.server = new Server(adapter);
        this.dialogs = new Dialogs(adapter);
        this.inbox = new Inbox(adapter, this.dialogs);
        this.payments = new Map(); // Uuid of the payment line -> Payment
        this.page = newUuid(); // Names this page until it is loaded again
        this.managers = new Managers(this);
        this.offers = new Offers(this);
        this.follower = new Follower(this);
    }

    /** Called once, when the Point of Sale can show dialogs. */
    async start() {
        this.adapter.ignoreSecondClicks();
        await this.follower.start();
    }

    /**
     * The server has news.
     *
     * @param {Object} message ``states``: see State in server.js
     */
    onNotification(message) {
        this.follower.onNotification(message);
    }

    // -- What the payment screen asks ------------------------------------------------

    /**
     * Ask the terminal for the amount of a line.
     *
     * @param {Object} line payment line of the POS
     * @returns {Promise<boolean>} true: paid; false: free to try again
     */
    async send(line) {
        if (!this.adapter.cents(line)) {
            await this.dialogs.tell(
                _t("Nothing was sent to the terminal"),
                _t("The amount of this payment is zero.")
            );
            return false;
        }
        return this.request(line, this.adapter.amount(line) < 0 ? "credit" : "debit");
    }

    /**
     * Ask the terminal for the amount of a line, and end the line with its answer.
     *
     * @param {Object} line payment line of the POS
     */
    async pay(line) {
        const uuid = this.adapter.lineUuid(line);
        const isPaid = await this.send(line);
        await this.finish(this.adapter.line(uuid), isPaid);
    }

    /**
     * Have the terminal take back the payment of a line (Odoo's Reverse button).
     *
     * @param {Object} line payment line of the POS, done
     * @returns {Promise<boolean>} whether it was taken back
     */
    reverse(line) {
        return this.request(line, "reversal");
    }

    /**
     * Propose to give back what a terminal took, see refund.js.
     *
     * @param {Object} order paid, of the POS
     * @param {Object} refund order that refunds it, on screen
     */
    proposeRefund(order, refund) {
        proposeRefund(this.adapter, order, refund);
    }

    /**
     * Try to cancel: only what has not left for the terminal can be cancelled.
     *
     * @param {Object} line payment line of the POS
     * @returns {Promise<boolean>} true when the line is free
     */
    async cancel(line) {
        const payment = await this.find(line);
        if (!payment) {
            return !this.isOpen(line) && this.adapter.status(line) !== "done";
        }
        await payment.cancel();
        return payment.isFree;
    }

    /**
     * Remove a line as Odoo does, unless money may be moving for it.
     *
     * @param {Object} line payment line of the POS, ours or not
     * @param {Function} remove what Odoo does
     */
    async remove(line, remove) {
        const isSafe = !this.adapter.isOurs(line) || !this.isOpen(line);
        if (isSafe || (await this.cancel(line))) {
            remove();
        }
    }

    /**
     * Let a person say what the terminal shows (button of an unknown payment, and
     * Odoo's own "Force done").
     *
     * @param {Object} line payment line of the POS
     */
    async resolve(line) {
        const payment = await this.find(line);
        if (payment && payment.state) {
            await payment.askPerson();
        } else if (this.adapter.status(line) === "unknown") {
            await this.inbox.ask(this.adapter.lineUuid(line));
        }
    }

    /**
     * @param {Object} line payment line of the POS
     * @returns {boolean} whether money may be moving for this line
     */
    isOpen(line) {
        return (
            Boolean(this.payment(line)) ||
            OPEN_STATUSES.includes(this.adapter.status(line))
        );
    }

    /**
     * @param {Object} order of the POS
     * @returns {boolean} whether money may be moving for one of its lines
     */
    hasOpenLine(order) {
        return this.adapter.ourLines(order).some((line) => this.isOpen(line));
    }

    /**
     * Odoo drops unfinished lines when it validates an order, money moving or not.
     *
     * @param {Object} order of the POS
     * @returns {Promise<boolean>} whether to go on; if not, it was said why
     */
    async mayValidate(order) {
        await this.adapter.saved(order);
        await this.follower.refreshIfStale();
        if (this.hasOpenLine(order)) {
            await this.tellOpen();
            return false;
        }
        return true;
    }

    /**
     * Before an order is deleted or cancelled; the server checks it too. Odoo may block
     * the screen meanwhile: what is said is not waited for.
     *
     * @param {Object} order of the POS
     * @returns {boolean} whether to go on; if not, it is said why
     */
    mayDelete(order) {
        const paid = this.adapter.isValidated(order) ? [] : this.paidLines(order);
        if (this.hasOpenLine(order)) {
            this.tellOpen();
        } else if (paid.length) {
            askRefunded(this, paid);
        } else {
            return true;
        }
        return false;
    }

    /**
     * Before an order is merged into another one: Odoo asks the server only after it
     * has moved the products, and another page may be paying the order.
     *
     * @param {Object} order of the POS
     * @returns {Promise<boolean>} whether to go on; if not, it is said why
     */
    async mayMerge(order) {
        try {
            if (this.mayDelete(order)) {
                await this.server.checkOrder(this.adapter.orderUuid(order));
                return true;
            }
        } catch (error) {
            this.dialogs.tellNotMerged(this.server, error);
        }
        return false;
    }

    paidLines(order) {
        const isPaid = (line) => this.adapter.status(line) === "done";
        return this.adapter.ourLines(order).filter(isPaid);
    }

    tellOpen() {
        return this.dialogs.tell(
            _t("A card payment is not finished"),
            _t("Wait for the terminal, or say what it shows, before you go on.")
        );
    }

    /**
     * Tell what the terminals did in this session, before it is closed.
     *
     * @returns {Promise<boolean>} whether to close
     */
    checkClosing() {
        return checkClosing(this);
    }

    // -- Payments under way ----------------------------------------------------------

    /** @returns {Payment|undefined} the payment under way for a line */
    payment(line) {
        return this.payments.get(this.adapter.lineUuid(line));
    }

    /** The same; an open line that nobody follows yet is looked up first. */
    async find(line) {
        if (!this.payment(line) && this.isOpen(line)) {
            try {
                await this.follower.look();
            } catch (error) {
                await this.tellFailure(error);
            }
        }
        return this.payment(line);
    }

    async request(line, operation, right = this.managers.unusedRight(line, operation)) {
        const running = this.payment(line);
        if (running) {
            return running.ended;
        }
        const payment = this.follow(line, operation, newUuid(), right);
        payment.start();
        const isSuccess = await payment.ended;
        this.managers.keepUnused(payment);
        return payment.needsManager ? this.managers.requestAgain(payment) : isSuccess;
    }

    /** @returns {Payment} from now on followed for a line */
    follow(line, operation, reference, right = "") {
        const payload = payloadOf(this, line, operation, reference, right);
        const payment = this.open(payload, this.adapter.methodId(line));
        if (operation !== "reversal") {
            this.adapter.setStatus(line, "waitingCard");
        }
        return payment;
    }

    open(payload, methodId) {
        const payment = new Payment(this, payload, methodId);
        this.payments.set(payload.line_uuid, payment);
        return payment;
    }

    onState({bus}) {
        this.follower.schedule(bus);
    }

    onEnd({lineUuid, state, line, isReversal, needsManager}) {
        // While a manager is asked, nobody else looks after the line.
        if (!needsManager || !line) {
            this.payments.delete(lineUuid);
        }
        if (state && state.state === "approved" && !isReversal && !line) {
            // Nobody carries this money: the server offers it.
            this.follower.try(() => this.follower.look());
        }
    }

    /**
     * Follow a payment that another page, or an earlier one, left on a line.
     *
     * @param {Object} line payment line of the POS
     * @param {Object} state see State in server.js
     * @param {boolean} isStart whether this page left it when it was loaded again: two
     *     pages must not validate one order
     */
    reattach(line, state, isStart) {
        const payment = this.follow(line, state.operation, state.reference);
        payment.senderMessage = state.sender_message;
        payment.ended.then((isSuccess) =>
            payment.isReversal
                ? this.adapter.finishReversal(payment.line, isSuccess)
                : this.finish(payment.line, isSuccess, isStart)
        );
        payment.apply(state);
    }

    /** Follow a payment whose line this page does not have. */
    followWithoutLine(state) {
        const {line_uuid, reference, operation} = state;
        if (!this.payments.has(line_uuid)) {
            const payload = {line_uuid, reference, operation};
            this.open(payload, state.method_id).apply(state);
        }
    }

    /**
     * End a payment on its line, and say so when more was paid than is due.
     *
     * @param {Object|undefined} line undefined: it went while a person was asked
     * @param {boolean} isPaid
     * @param {boolean} mayValidate whether this page is the one that validates
     */
    async finish(line, isPaid, mayValidate = true) {
        if (!line) {
            this.adapter.release();
            return;
        }
        const isTooMuch = isPaid && this.adapter.isOverpaid(line);
        await this.adapter.finish(line, isPaid, mayValidate);
        if (isTooMuch) {
            await this.dialogs.tell(
                _t("More was paid than is due"),
                _t("The order has changed since. Check it before you validate it.")
            );
        }
    }

    // -- Money that went elsewhere ---------------------------------------------------

    /**
     * Free a line that was called paid, and whose money another one owns.
     *
     * @param {Object} line payment line of the POS
     * @param {Object} state see State in server.js
     */
    lose(line, state) {
        this.adapter.clearPaid(line);
        this.adapter.setStatus(line, "retry");
        this.tellLost(state);
    }

    tellLost({lost_message, summary}) {
        const body = [lost_message, summary].filter(Boolean).join("\n");
        return this.dialogs.tell(
            _t("This payment no longer belongs to this order"),
            body
        );
    }

    tellFailure(error) {
        return this.dialogs.tell(...this.server.failure(error));
    }
}
