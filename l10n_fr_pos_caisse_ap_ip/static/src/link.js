/** @odoo-module **/

/**
 * The link between the till and the card terminal: the same text for every series.
 *
 * It knows no POS: it asks a `Till` (static/src/pos/till.js, one per series) for
 * everything that differs between series. What became of a payment is known by the
 * server alone; the page only repeats it, so that it may be reloaded at any moment.
 *
 * @typedef {Object} State what the server says of a transaction (see
 *     `_to_till` in models/transaction_messages.py)
 */
import {_t} from "@web/core/l10n/translation";

// Statuses of a payment line that want a word of the server.
const OPEN_STATUSES = [
    "waiting",
    "waitingCard",
    "waitingCancel",
    "unknown",
    "reversing",
];
// An order that was just paid elsewhere needs a moment to reach the server.
const ORPHAN_GRACE_MS = 5000;
// A request that reaches the server later than that would surprise everybody.
const START_PATIENCE_MS = 20000;
const OFFLINE_RETRY_MS = 2000;
const POLL_MS = 1000;
// A customer who takes long does not need a server that is asked every second.
const SLOW_POLL_MS = 3000;
const SLOW_AFTER_MS = 30000;
// Money that no sale carries is looked for that often, where no news is pushed.
const STRAY_MS = 30000;
// Lines that the cashier believes unpaid.
const FREE_STATUSES = ["pending", "retry"];

function wait(milliseconds) {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Let a double click on Send be one click: the second one would hit Cancel, which
 * takes its place.
 */
function ignoreSecondClicks() {
    const ignore = (event) => {
        if (event.detail > 1 && event.target.closest(".electronic_payment")) {
            event.stopPropagation();
        }
    };
    document.addEventListener("click", ignore, true);
}

/** Print a text as it is, by the browser: every series has a printer of its own kind. */
function printText(text) {
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

export class CaisseApLink {
    /** @param {Object} till adapter of the series, see static/src/pos/till.js */
    constructor(till) {
        this.till = till;
        this.payments = new Map(); // Id of the payment line -> payment under way
        this.timer = null;
        this.dialogs = Promise.resolve();
        this.questioned = null; // The payment that the question on screen is about
        this.known = new Set(); // References this page followed or heard of
        this.orphans = new Set(); // References a person is, or was, asked about
        ignoreSecondClicks();
    }

    // -- What the payment screen asks ------------------------------------------------

    /**
     * Ask the terminal for the amount of a line.
     *
     * @param {Object} line payment line of the POS
     * @returns {Promise<boolean>} true: paid; false: free to try again
     */
    async send(line) {
        if (!this.cents(line)) {
            await this.tell(
                _t("Nothing was sent to the terminal"),
                _t("The amount of this payment is zero.")
            );
            return false;
        }
        const operation = this.till.amount(line) < 0 ? "credit" : "debit";
        return this.follow(line, this.payload(line, operation, this.till.newId()));
    }

    /**
     * Ask the terminal for the amount of a line, and end the line with its answer.
     *
     * @param {Object} line payment line of the POS
     */
    async pay(line) {
        const id = this.till.lineId(line);
        const paid = await this.send(line);
        await this.till.finish(this.till.line(id), paid);
    }

    /**
     * Have the terminal take back the payment of a line (Odoo's Reverse button).
     *
     * @param {Object} line payment line of the POS, done
     * @returns {Promise<boolean>} whether it was taken back
     */
    reverse(line) {
        return this.follow(line, this.payload(line, "reversal", this.till.newId()));
    }

    /**
     * Propose to give back, in the order on screen, on the terminal it was paid with,
     * and no more than was paid there. What a second terminal took comes after that.
     *
     * @param {Object[]} paidLines payment lines of the order that is refunded
     */
    proposeRefund(paidLines) {
        const ours = paidLines.filter((line) => this.till.isOurs(line));
        const [method_id] = ours.map((line) => this.till.methodId(line));
        if (!this.till.method({method_id})) {
            return;
        }
        const cents = ours
            .filter((line) => this.till.methodId(line) === method_id)
            .reduce((sum, line) => sum + this.cents(line), 0);
        const line = this.till.addLine({method_id}); // Of all that is due
        this.till.setAmount(line, -Math.min(this.cents(line), cents) / this.unit());
    }

    follow(line, payload) {
        const running = this.payments.get(this.till.lineId(line));
        if (running) {
            return running.promise;
        }
        const payment = this.open(line, payload);
        this.start(payment);
        return payment.promise;
    }

    /**
     * Try to cancel: only what has not left for the terminal can be cancelled.
     *
     * @param {Object} line payment line of the POS
     * @returns {Promise<boolean>} true when the line is free
     */
    async cancel(line) {
        const payment = this.payments.get(this.till.lineId(line));
        if (!payment) {
            return this.isFree(line);
        }
        try {
            const state = await this.call(payment, "cancel");
            this.apply(payment, state, state.reason === "given_up");
            if (["pending", "sent"].includes(state.state)) {
                await this.tell(state.title, state.cancel_message);
            } else if (state.state === "unknown") {
                await this.askPerson(payment);
            }
        } catch (error) {
            if (this.till.isOffline(error) && !payment.state) {
                this.giveUp(payment);
            }
            await this.tellFailure(error);
        }
        return payment.isFree;
    }

    /**
     * Remove a line as Odoo does, unless money may be moving for it.
     *
     * @param {Object} line payment line of the POS, ours or not
     * @param {Function} remove what Odoo does
     */
    async remove(line, remove) {
        const isSafe = !this.till.isOurs(line) || !this.isOpen(line);
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
        const payment = this.payments.get(this.till.lineId(line));
        if (payment && payment.state) {
            await this.askPerson(payment);
        }
    }

    /**
     * @param {Object} line payment line of the POS
     * @returns {boolean} whether money may be moving for this line
     */
    isOpen(line) {
        return (
            this.payments.has(this.till.lineId(line)) ||
            OPEN_STATUSES.includes(this.till.status(line))
        );
    }

    /**
     * Odoo drops unfinished lines when it validates or deletes an order, money moving
     * or not.
     *
     * @param {Object[]} lines payment lines of the order, ours or not
     * @returns {Promise<boolean>} whether to go on; if not, it was said why
     */
    async mayValidate(lines) {
        const isOpen = (line) => this.till.isOurs(line) && this.isOpen(line);
        if (lines.some(isOpen)) {
            await this.tellOpen();
            return false;
        }
        return true;
    }

    /** Say why an order with a payment under way cannot be validated yet. */
    tellOpen() {
        return this.tell(
            _t("A card payment is not finished"),
            _t("Wait for the terminal, or say what it shows, before you go on.")
        );
    }

    /** Find out, when the page starts, what became of the payments it left. */
    async resume() {
        const lines = this.till.openLines(OPEN_STATUSES);
        const ids = lines.map((line) => this.till.lineId(line));
        let found = null;
        try {
            found = await this.insist(() => this.till.rpc("unfinished", [ids]));
        } catch (error) {
            await this.tellFailure(error);
            return;
        }
        for (const line of lines) {
            this.reattach(line, found.lines[this.till.lineId(line)]);
        }
        for (const state of found.others) {
            if (!this.isCarried(state)) {
                this.adopt(state);
            }
        }
        setInterval(() => this.findStray(), STRAY_MS);
    }

    /** The server has news: ask what became of payments, ours and others. */
    async hear() {
        await this.refresh();
        await this.findStray();
    }

    /**
     * Look for accepted payments that nobody waits for any more: the cashier said that
     * it was not paid, or the page of the sale is gone.
     */
    async findStray() {
        let found = null;
        try {
            found = await this.till.rpc("unfinished", [[]]);
        } catch {
            return; // Offline or overloaded: the next round asks again.
        }
        for (const state of found.others.filter((one) => one.is_orphan)) {
            if (this.payments.has(state.line_uuid)) {
                continue;
            }
            const free = this.till.openLines(FREE_STATUSES);
            const line = free.find((one) => this.till.lineId(one) === state.line_uuid);
            if (line) {
                this.reattach(line, state);
            } else if (this.known.has(state.reference) && !this.isCarried(state)) {
                this.adopt(state);
            }
            // Another window of this till may be busy with it: time for one round more.
            this.known.add(state.reference);
        }
    }

    /**
     * Tell what the terminals did in this session, before it is closed.
     *
     * @returns {Promise<boolean>} whether to close
     */
    async checkClosing() {
        const closing = await this.till.rpc("closing", []);
        if (!closing.text) {
            return true;
        }
        const attention = closing.needs_attention
            ? _t("Some payments are not settled. Compare them with the slips first.")
            : "";
        const answer = await this.inTurn(() =>
            this.till.choose(
                _t("Card terminals in this session"),
                [closing.text, attention].filter(Boolean).join("\n\n"),
                [
                    {id: "close", label: _t("Close the session")},
                    {id: "later", label: _t("Not yet")},
                ]
            )
        );
        return answer === "close";
    }

    /** Ask at once what became of the payments under way: the server has news. */
    refresh() {
        clearTimeout(this.timer);
        this.timer = null;
        return this.poll();
    }

    // -- A payment under way ---------------------------------------------------------

    /** What the server is told: the amount is positive, in the smallest unit. */
    payload(line, operation, reference) {
        return {
            reference,
            operation,
            line_uuid: this.till.lineId(line),
            amount_cents: this.cents(line),
            ...this.till.sale(line),
        };
    }

    cents(line) {
        return Math.round(Math.abs(this.till.amount(line)) * this.unit());
    }

    unit() {
        return 10 ** this.till.decimals();
    }

    open(line, payload) {
        // Not the line itself: Odoo may make it anew meanwhile.
        const methodId = line && this.till.methodId(line);
        const since = Date.now();
        const payment = {payload, methodId, since, state: null, isFree: false};
        payment.promise = new Promise((resolve) => {
            payment.settle = resolve;
        });
        this.payments.set(payload.line_uuid, payment);
        if (line && payload.operation !== "reversal") {
            this.till.setStatus(line, "waitingCard");
        }
        return payment;
    }

    async start(payment) {
        const isTooLate = () => Date.now() - payment.since > START_PATIENCE_MS;
        try {
            const state = await this.insist(
                () => this.call(payment, "start"),
                () => payment.isGivenUp || isTooLate()
            );
            this.apply(payment, state);
        } catch (error) {
            if (this.till.isOffline(error)) {
                this.giveUp(payment);
            } else {
                // The server refused the payload: nothing recorded, nothing sent.
                this.close(payment, false);
            }
            await this.tellFailure(error);
        }
    }

    /**
     * Have the server forbid a start that it may not have received yet; if it has,
     * the payment goes on.
     */
    async giveUp(payment) {
        if (payment.isGivenUp) {
            return;
        }
        payment.isGivenUp = true;
        const state = await this.insist(() => this.call(payment, "cancel"));
        this.apply(payment, state, state.reason === "given_up");
    }

    call(payment, method) {
        return this.till.rpc(method, [payment.methodId, payment.payload]);
    }

    reattach(line, state) {
        if (this.payments.has(this.till.lineId(line))) {
            return;
        }
        if (!state) {
            // The server never heard of it.
            this.till.finish(line, false);
            return;
        }
        const {reference, operation} = state;
        const payment = this.open(line, this.payload(line, operation, reference));
        payment.promise.then((success) => {
            const found = this.till.line(payment.payload.line_uuid);
            return operation === "reversal"
                ? this.finishReversal(found, success)
                : this.till.finish(found, success);
        });
        this.apply(payment, state);
    }

    /** Follow a payment whose line this page does not have (any more). */
    adopt(state) {
        const {line_uuid, reference} = state;
        this.apply(this.open(null, {line_uuid, reference}), state);
    }

    /**
     * Repeat on the line what the server says.
     *
     * @param {Object} payment
     * @param {State} state
     * @param {boolean} silent whether a failure needs no words
     */
    apply(payment, state, silent = false) {
        if (!state || !this.isRunning(payment)) {
            return;
        }
        const news = !payment.state || payment.state.state !== state.state;
        payment.state = state;
        // A line may have had an earlier attempt that the server follows instead.
        payment.payload.reference = state.reference;
        this.known.add(state.reference);
        if (state.is_final) {
            this.applySettled(payment, state, silent);
        } else if (state.state === "unknown") {
            if (news) {
                const line = this.till.line(payment.payload.line_uuid);
                if (line && state.operation !== "reversal") {
                    this.till.setStatus(line, "unknown");
                }
                this.till.release();
                this.askPerson(payment);
            }
            this.schedule();
        } else {
            this.schedule();
        }
    }

    applySettled(payment, state, silent) {
        const success = state.state === "approved";
        const isPayment = state.operation !== "reversal";
        const line = this.till.line(payment.payload.line_uuid);
        if (success && isPayment && line) {
            this.setPaid(line, state);
        }
        this.close(payment, success);
        if (success && isPayment && !line) {
            this.askOrphan(state);
        }
        if (!silent && !payment.isAnswered) {
            this.tellSettled(state);
        }
    }

    /** Write on a line what the terminal accepted, which may be less than asked. */
    setPaid(line, state) {
        const sign = state.operation === "credit" ? -1 : 1;
        if (this.cents(line) !== state.approved_cents) {
            this.till.setAmount(line, (sign * state.approved_cents) / this.unit());
        }
        this.till.setDetails(line, {
            transaction_id: state.reference,
            card_type: state.card_type,
            card_number: state.card_number,
            authorisation: state.authorisation,
            receipt: state.receipt,
        });
    }

    finishReversal(line, success) {
        this.till.setStatus(line, success ? "reversed" : "done");
        if (success) {
            this.till.setAmount(line, 0);
        }
    }

    close(payment, success) {
        payment.isFree = !success;
        this.payments.delete(payment.payload.line_uuid);
        if (this.questioned === payment) {
            this.dropQuestion();
        }
        if (this.till.line(payment.payload.line_uuid)) {
            payment.settle(success);
        } else {
            // Odoo would write on a line that was deleted meanwhile.
            this.till.release();
        }
    }

    isRunning(payment) {
        return this.payments.get(payment.payload.line_uuid) === payment;
    }

    isFree(line) {
        return !this.isOpen(line) && this.till.status(line) !== "done";
    }

    // -- News from the server --------------------------------------------------------

    schedule() {
        if (this.timer || !this.payments.size) {
            return;
        }
        const oldest = Math.min(...[...this.payments.values()].map((one) => one.since));
        const slow = Date.now() - oldest > SLOW_AFTER_MS;
        this.timer = setTimeout(() => this.refresh(), slow ? SLOW_POLL_MS : POLL_MS);
    }

    async poll() {
        const asked = [...this.payments.values()].filter((payment) => payment.state);
        if (asked.length) {
            const references = asked.map((payment) => payment.payload.reference);
            try {
                const states = await this.till.rpc("status", [references]);
                for (const payment of asked) {
                    this.apply(payment, states[payment.payload.reference]);
                }
            } catch {
                // Offline or overloaded: the next round asks again.
            }
        }
        this.schedule();
    }

    /** Repeat a call until the server is reached; other errors are final. */
    async insist(call, isOver = () => false) {
        for (;;) {
            try {
                return await call();
            } catch (error) {
                if (this.till.isOffline(error) && !isOver()) {
                    await wait(OFFLINE_RETRY_MS);
                }
                // Over meanwhile, too: a cancelled payment must not leave any more.
                if (!this.till.isOffline(error) || isOver()) {
                    throw error;
                }
            }
        }
    }

    // -- What a person is told and says ----------------------------------------------------------

    tell(title, body) {
        return this.inTurn(() => this.till.alert(title, body));
    }

    /** Tell what became of a payment, and show the slip that no sale will carry. */
    async tellSettled({state, title, message, receipt}) {
        if (state === "approved" || !receipt) {
            return message ? this.tell(title, message) : undefined;
        }
        const body = [message, receipt].filter(Boolean).join("\n\n");
        const choices = [
            {id: "print", label: _t("Print the terminal's receipt")},
            {id: "ok", label: _t("Ok")},
        ];
        const show = () => this.till.choose(title, body, choices);
        if ((await this.inTurn(show)) === "print") {
            printText(receipt);
        }
    }

    /** Show one dialog after the other: two at once would hide each other. */
    inTurn(dialog) {
        const shown = this.dialogs.then(dialog);
        this.dialogs = shown.catch(() => undefined);
        return shown;
    }

    async askPerson(payment) {
        if (payment.asking) {
            return;
        }
        payment.asking = true;
        try {
            const answer = await this.inTurn(() => this.askOutcome(payment));
            if (answer && this.isRunning(payment)) {
                const {reference} = payment.state;
                // The push may be quicker than the answer: no words for either.
                payment.isAnswered = true;
                this.apply(
                    payment,
                    await this.till.rpc("resolve", [reference, ...answer])
                );
            }
        } catch (error) {
            await this.tellFailure(error);
        } finally {
            payment.asking = false;
            payment.isAnswered = false;
        }
    }

    /** @returns {Promise<Array|undefined>} outcome and authorisation number */
    async askOutcome(payment) {
        const {state} = payment;
        const choices = [
            {id: "approved", label: _t("Yes: the slip says so")},
            {id: "refused", label: _t("No: refused or cancelled")},
            {id: "later", label: _t("Decide later")},
        ];
        if (state.can_query && state.state === "unknown") {
            choices.splice(2, 0, {id: "ask", label: _t("Ask the terminal")});
        }
        let outcome = "ask";
        let news = "";
        while (outcome === "ask") {
            if (!this.isRunning(payment)) {
                return undefined;
            }
            this.questioned = payment;
            outcome = await this.till.choose(
                state.title,
                [state.summary, state.message || state.cancel_message, news].join("\n"),
                choices
            );
            this.questioned = null;
            if (outcome === "ask") {
                news = await this.askTerminal(state);
            }
        }
        if (outcome === "approved") {
            const number = await this.till.askText(
                _t("Authorisation number on the slip (leave empty if there is none)")
            );
            return number === undefined ? undefined : [outcome, number];
        }
        return outcome === "refused" ? [outcome, ""] : undefined;
    }

    /** Take a question off the screen that the terminal has answered meanwhile. */
    dropQuestion() {
        const later = document.querySelector(".caisse-ap-later");
        if (later) {
            later.click();
        }
    }

    /** @returns {Promise<string>} what the terminal says of its last transaction */
    async askTerminal({reference}) {
        try {
            let question = await this.till.rpc("query_terminal", [reference]);
            const id = question.reference;
            while (["pending", "sent"].includes(question.state)) {
                await wait(POLL_MS);
                question = (await this.till.rpc("status", [[id]]))[id];
            }
            return question.message;
        } catch (error) {
            return this.failure(error);
        }
    }

    /** Whether a payment line of this page stands for a transaction. */
    isCarried({line_uuid, reference}) {
        return Boolean(this.till.line(line_uuid) || this.till.carrier(reference));
    }

    /** Ask, once, what to do with an accepted payment that no sale carries. */
    async askOrphan({reference}) {
        if (this.orphans.has(reference)) {
            return;
        }
        this.orphans.add(reference);
        await wait(ORPHAN_GRACE_MS);
        const found = await this.insist(() => this.till.rpc("status", [[reference]]));
        const state = found[reference];
        if (!state.is_orphan || this.isCarried(state)) {
            this.orphans.delete(reference);
            return;
        }
        const choices = [
            {id: "refunded", label: _t("The money was given back to the customer")},
            {id: "later", label: _t("Decide later")},
        ];
        if (this.till.canAttach(state)) {
            choices.unshift({id: "attach", label: _t("Add it to the sale on screen")});
        }
        const answer = await this.inTurn(() =>
            this.till.choose(
                _t("The terminal accepted a payment without a sale"),
                state.summary,
                choices
            )
        );
        if (answer === "attach") {
            const line = this.till.addLine(state);
            this.setPaid(line, state);
            this.till.setStatus(line, "done"); // Written down with its reference
        } else if (answer === "refunded") {
            await this.till.rpc("mark_refunded", [reference]);
        }
    }

    failure(error) {
        return this.till.isOffline(error)
            ? _t(
                  "The Odoo server cannot be reached. The payment goes on by itself " +
                      "once it is back. Look at the terminal: if it asks for a card, " +
                      "the customer may pay; to stop it, press its red key."
              )
            : this.till.errorMessage(error);
    }

    tellFailure(error) {
        return this.tell(_t("Card terminal"), this.failure(error));
    }
}
