/** @odoo-module **/

import {_t} from "@web/core/l10n/translation";
import {newUuid} from "@l10n_fr_pos_caisse_ap_ip/adapter";
import {Dialogs} from "@l10n_fr_pos_caisse_ap_ip/dialogs";
import {Payment, STAGES} from "@l10n_fr_pos_caisse_ap_ip/payment";
import {Server, wait} from "@l10n_fr_pos_caisse_ap_ip/server";

// Statuses of a payment line for which money may be moving.
const OPEN_STATUSES = [
    "waiting",
    "waitingCard",
    "waitingCancel",
    "unknown",
    "reversing",
];
// Lines that the cashier believes unpaid.
const FREE_STATUSES = ["pending", "retry"];
// An order that was just paid elsewhere needs a moment to reach the server.
const ORPHAN_GRACE_MS = 5000;
const POLL_MS = 1000;
// A customer who takes long does not need a server that is asked every second.
const SLOW_POLL_MS = 3000;
const SLOW_AFTER_MS = 30000;
// Money that no sale carries is looked for that often, where no news is pushed.
const ORPHANS_MS = 30000;

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
        this.payments = new Map(); // Uuid of the payment line -> Payment
        this.timer = null;
        this.known = new Set(); // References this page followed or heard of
        this.orphans = new Set(); // References a person is, or was, asked about
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
        await this.adapter.finish(this.adapter.line(uuid), isPaid);
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
     * Propose to give back, in the order on screen, on the terminal it was paid with,
     * and no more than was paid there. What a second terminal took comes after that.
     *
     * @param {Object} order paid, of the POS
     * @param {Object} refund order that refunds it, on screen
     */
    proposeRefund(order, refund) {
        const ours = this.ourLines(order);
        const [methodId] = ours.map((line) => this.adapter.methodId(line));
        const isBegun = this.adapter.paymentLines(refund).length > 0;
        if (isBegun || !this.adapter.method(methodId)) {
            return;
        }
        const cents = ours
            .filter((line) => this.adapter.methodId(line) === methodId)
            .reduce((sum, line) => sum + this.adapter.cents(line), 0);
        const line = this.adapter.addLine(methodId); // Of all that is due
        this.adapter.setCents(line, -Math.min(this.adapter.cents(line), cents));
    }

    /**
     * Try to cancel: only what has not left for the terminal can be cancelled.
     *
     * @param {Object} line payment line of the POS
     * @returns {Promise<boolean>} true when the line is free
     */
    async cancel(line) {
        const payment = this.payment(line);
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
        const payment = this.payment(line);
        if (payment && payment.state) {
            await payment.askPerson();
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
        return this.ourLines(order).some((line) => this.isOpen(line));
    }

    /**
     * Odoo drops unfinished lines when it validates or deletes an order, money moving
     * or not.
     *
     * @param {Object} order of the POS
     * @returns {Promise<boolean>} whether to go on; if not, it was said why
     */
    async mayValidate(order) {
        if (this.hasOpenLine(order)) {
            await this.dialogs.tell(
                _t("A card payment is not finished"),
                _t("Wait for the terminal, or say what it shows, before you go on.")
            );
            return false;
        }
        return true;
    }

    /**
     * Tell what the terminals did in this session, before it is closed.
     *
     * @returns {Promise<boolean>} whether to close
     */
    async checkClosing() {
        const closing = await this.server.closing();
        if (!closing.text) {
            return true;
        }
        const attention = closing.needs_attention
            ? _t(
                  "Some payments are not resolved. Compare them with the receipts first."
              )
            : "";
        const answer = await this.dialogs.choose(
            _t("Card terminals in this session"),
            [closing.text, attention].filter(Boolean).join("\n\n"),
            [
                {id: "close", label: _t("Close the till")},
                {id: "later", label: _t("Back")},
            ]
        );
        return answer === "close";
    }

    ourLines(order) {
        const lines = this.adapter.paymentLines(order);
        return lines.filter((line) => this.adapter.isOurs(line));
    }

    // -- Payments under way ----------------------------------------------------------

    /** @returns {Payment|undefined} the payment under way for a line */
    payment(line) {
        return this.payments.get(this.adapter.lineUuid(line));
    }

    request(line, operation) {
        const running = this.payment(line);
        if (running) {
            return running.ended;
        }
        const payment = this.follow(line, operation, newUuid());
        payment.start();
        return payment.ended;
    }

    /** What the server is told of the payment of a line, see Payload in server.js. */
    payload(line, operation, reference) {
        return {
            reference,
            operation,
            line_uuid: this.adapter.lineUuid(line),
            amount_cents: this.adapter.cents(line),
            session_id: this.adapter.sessionId(),
            ...this.adapter.sale(line),
        };
    }

    /** @returns {Payment} from now on followed for a line */
    follow(line, operation, reference) {
        const payload = this.payload(line, operation, reference);
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

    onState({reference}) {
        this.known.add(reference);
        this.schedule();
    }

    onEnd({lineUuid, state, line, isReversal}) {
        this.payments.delete(lineUuid);
        if (state && state.state === "approved" && !isReversal && !line) {
            this.askOrphan(state);
        }
    }

    /**
     * Follow a payment that an earlier page left on a line.
     *
     * @param {Object} line payment line of the POS
     * @param {Object|undefined} state see State in server.js
     */
    reattach(line, state) {
        if (this.payment(line)) {
            return;
        }
        if (!state) {
            // The server never heard of it.
            this.adapter.finish(line, false);
            return;
        }
        const payment = this.follow(line, state.operation, state.reference);
        payment.ended.then((isSuccess) => {
            const finish = payment.isReversal ? "finishReversal" : "finish";
            return this.adapter[finish](payment.line, isSuccess);
        });
        payment.apply(state);
    }

    /** Follow a payment whose line this page does not have (any more). */
    adopt(state) {
        const {line_uuid, reference, operation} = state;
        this.open({line_uuid, reference, operation}, state.method_id).apply(state);
    }

    // -- News from the server --------------------------------------------------------

    /** Find out, when the page starts, what became of the payments it left. */
    async start() {
        this.adapter.ignoreSecondClicks();
        const lines = this.adapter
            .lines()
            .filter((line) => OPEN_STATUSES.includes(this.adapter.status(line)));
        const uuids = lines.map((line) => this.adapter.lineUuid(line));
        let found = null;
        try {
            const ask = () => this.server.unfinished(uuids);
            found = await this.server.retryWhileOffline(ask);
        } catch (error) {
            await this.dialogs.tell(...this.server.failure(error));
            return;
        }
        for (const line of lines) {
            this.reattach(line, found.lines[this.adapter.lineUuid(line)]);
        }
        for (const state of found.others) {
            if (!this.isCarried(state)) {
                this.adopt(state);
            }
        }
        setInterval(() => this.findOrphans(), ORPHANS_MS);
    }

    /** The server has news: ask what became of payments, ours and others. */
    async onNotification() {
        await this.refresh();
        await this.findOrphans();
    }

    /** Ask at once what became of the payments under way. */
    async refresh() {
        clearTimeout(this.timer);
        this.timer = null;
        const asked = [...this.payments.values()].filter(
            ({stage}) => stage === STAGES.followed
        );
        if (asked.length) {
            const references = asked.map((payment) => payment.payload.reference);
            try {
                const states = await this.server.status(references);
                for (const payment of asked) {
                    payment.apply(states[payment.payload.reference]);
                }
            } catch {
                // Offline or overloaded: the next round asks again.
            }
        }
        this.schedule();
    }

    schedule() {
        if (this.timer || !this.payments.size) {
            return;
        }
        const oldest = Math.min(...[...this.payments.values()].map((one) => one.since));
        const isSlow = Date.now() - oldest > SLOW_AFTER_MS;
        this.timer = setTimeout(() => this.refresh(), isSlow ? SLOW_POLL_MS : POLL_MS);
    }

    // -- Money without a sale --------------------------------------------------------

    /**
     * Look for approved payments that nobody waits for any more: the cashier said that
     * it was not paid, or the page of the sale is gone.
     */
    async findOrphans() {
        let found = null;
        try {
            found = await this.server.unfinished([]);
        } catch {
            return; // Offline or overloaded: the next round asks again.
        }
        found.others.filter((state) => state.is_orphan).forEach(this.meetOrphan, this);
    }

    meetOrphan(state) {
        const {line_uuid, reference} = state;
        if (this.payments.has(line_uuid)) {
            return;
        }
        const line = this.adapter.line(line_uuid);
        if (line && FREE_STATUSES.includes(this.adapter.status(line))) {
            this.reattach(line, state);
        } else if (this.known.has(reference) && !this.isCarried(state)) {
            this.adopt(state);
        }
        // Another window of this till may be busy with it: time for one round more.
        this.known.add(reference);
    }

    /** Whether a payment line of this page stands for a transaction. */
    isCarried({line_uuid, reference}) {
        return Boolean(this.adapter.line(line_uuid) || this.adapter.carrier(reference));
    }

    /** Ask, once, what to do with an approved payment that no sale carries. */
    async askOrphan({reference}) {
        if (this.orphans.has(reference)) {
            return;
        }
        this.orphans.add(reference);
        await wait(ORPHAN_GRACE_MS);
        const ask = () => this.server.status([reference]);
        const state = (await this.server.retryWhileOffline(ask))[reference];
        if (!state.is_orphan || this.isCarried(state)) {
            this.orphans.delete(reference);
            return;
        }
        const isRefund = state.operation === "credit";
        const closed = isRefund
            ? _t("The customer keeps this refund")
            : _t("Refunded to the customer");
        const choices = [
            {id: "refunded", label: closed},
            {id: "later", label: _t("Answer later")},
        ];
        if (this.adapter.canAttach(state.method_id)) {
            choices.unshift({id: "attach", label: _t("Add it to the sale on screen")});
        }
        const title = isRefund
            ? _t("The terminal approved a refund without a sale")
            : _t("The terminal approved a payment without a sale");
        const answer = await this.dialogs.choose(title, state.summary, choices);
        if (answer === "attach") {
            const line = this.adapter.addLine(state.method_id);
            this.adapter.setPaid(line, state);
            this.adapter.setStatus(line, "done"); // Saved with its reference
        } else if (answer === "refunded") {
            await this.server.markRefunded(reference);
        }
    }
}
