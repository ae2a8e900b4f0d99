/** @odoo-module **/

/**
 * The link between the till and the card terminal: the same text for every series.
 *
 * It knows no POS: it asks a `Till` (static/src/pos/till.js, one per series) for
 * everything that differs between series. What became of a payment is known by the
 * server alone; the page only repeats it, so that it may be reloaded at any moment.
 *
 * @typedef {Object} State what the server says of a transaction (see
 *     `_to_till` in models/transaction_words.py)
 */
import {_t} from "@web/core/l10n/translation";

// The server's word ends a payment in one of these; see design.md section 4.
const SETTLED = ["approved", "refused", "not_sent", "busy"];
// Statuses of a payment line that want a word of the server.
const OPEN_STATUSES = ["waiting", "waitingCard", "waitingCancel", "unknown"];
// A request that reaches the server later than that would surprise everybody.
const START_PATIENCE_MS = 20000;
const OFFLINE_RETRY_MS = 2000;
const POLL_MS = 1000;
// A customer who takes long does not need a server that is asked every second.
const SLOW_POLL_MS = 3000;
const SLOW_AFTER_MS = 30000;

export class CaisseApLink {
    /** @param {Object} till adapter of the series, see static/src/pos/till.js */
    constructor(till) {
        this.till = till;
        this.payments = new Map(); // Id of the payment line -> payment under way
        this.timer = null;
        this.dialogs = Promise.resolve();
    }

    // -- What the payment screen asks ------------------------------------------------

    /**
     * Ask the terminal for the amount of a line.
     *
     * @param {Object} line payment line of the POS
     * @returns {Promise<boolean>} true: paid; false: free to try again
     */
    send(line) {
        const id = this.till.lineId(line);
        const running = this.payments.get(id);
        if (running) {
            return running.promise;
        }
        const payment = this.open(line, this.till.demand(line, this.till.newId()));
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
            if (["pending", "sent"].includes(state.state)) {
                await this.tell(state.title, state.cancel_message);
            }
            this.apply(payment, state, state.reason === "given_up");
        } catch (error) {
            if (this.till.isOffline(error) && !payment.state) {
                this.giveUp(payment);
            }
            await this.tellFailure(error);
        }
        return this.isFree(line);
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
            found = await this.insist(() => this.till.rpc("unsettled", [ids]));
        } catch (error) {
            await this.tellFailure(error);
            return;
        }
        for (const line of lines) {
            this.reattach(line, found.lines[this.till.lineId(line)]);
        }
        const known = new Set(this.till.lineIds());
        const others = found.others.filter((state) => !known.has(state.line));
        if (others.length) {
            await this.tell(
                _t("Card payments without a sale"),
                [
                    _t("The terminal took, or may have taken, these payments:"),
                    ...others.map((state) => `${state.summary} (${state.title})`),
                    _t("Compare them with the slips and tell your manager."),
                ].join("\n")
            );
        }
    }

    /** Ask at once what became of the payments under way: the server has news. */
    refresh() {
        clearTimeout(this.timer);
        this.timer = null;
        return this.poll();
    }

    // -- A payment under way ---------------------------------------------------------

    open(line, demand) {
        const payment = {line, demand, state: null, since: Date.now()};
        payment.promise = new Promise((resolve) => {
            payment.settle = resolve;
        });
        this.payments.set(this.till.lineId(line), payment);
        this.till.setStatus(line, "waitingCard");
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
                // The server refused the demand: nothing recorded, nothing sent.
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
        return this.till.rpc(method, [
            this.till.methodId(payment.line),
            payment.demand,
        ]);
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
        const demand = this.till.demand(line, state.reference);
        const payment = this.open(line, demand);
        payment.promise.then((paid) => this.till.finish(line, paid));
        this.apply(payment, state);
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
        payment.demand.reference = state.reference;
        if (SETTLED.includes(state.state)) {
            this.applySettled(payment, state, silent);
        } else if (state.state === "unknown") {
            if (news) {
                this.till.setStatus(payment.line, "unknown");
                this.till.release();
                this.askPerson(payment);
            }
            this.poll();
        } else {
            this.schedule();
        }
    }

    applySettled(payment, state, silent) {
        const paid = state.state === "approved";
        if (paid) {
            this.till.setPaid(payment.line, state);
        }
        this.close(payment, paid);
        if (state.message && !silent) {
            this.tell(state.title, state.message);
        }
    }

    close(payment, paid) {
        this.payments.delete(this.till.lineId(payment.line));
        payment.settle(paid);
    }

    isRunning(payment) {
        return this.payments.get(this.till.lineId(payment.line)) === payment;
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
            const references = asked.map((payment) => payment.demand.reference);
            try {
                const states = await this.till.rpc("status", [references]);
                for (const payment of asked) {
                    this.apply(payment, states[payment.demand.reference]);
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
                if (!this.till.isOffline(error) || isOver()) {
                    throw error;
                }
                await new Promise((resolve) => setTimeout(resolve, OFFLINE_RETRY_MS));
            }
        }
    }

    // -- What a person is told and says ----------------------------------------------------------

    tell(title, body) {
        return this.inTurn(() => this.till.alert(title, body));
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
                this.apply(
                    payment,
                    await this.till.rpc("resolve", [reference, ...answer]),
                    true
                );
            }
        } catch (error) {
            await this.tellFailure(error);
        } finally {
            payment.asking = false;
        }
    }

    /** @returns {Promise<Array|undefined>} outcome and authorisation number */
    async askOutcome(payment) {
        const {state} = payment;
        if (!this.isRunning(payment)) {
            return undefined;
        }
        const choices = [
            {id: "approved", label: _t("It was paid: the slip says so")},
            {id: "refused", label: _t("It was not paid: refused or cancelled")},
            {id: "later", label: _t("Decide later")},
        ];
        const outcome = await this.till.choose(
            state.title,
            [state.summary, state.message || state.cancel_message].join("\n"),
            choices
        );
        if (outcome === "approved") {
            const number = await this.till.askText(
                _t("Authorisation number on the slip (leave empty if there is none)")
            );
            return number === undefined ? undefined : [outcome, number];
        }
        return outcome === "refused" ? [outcome, ""] : undefined;
    }

    tellFailure(error) {
        return this.till.isOffline(error)
            ? this.tell(
                  _t("The Odoo server cannot be reached"),
                  _t(
                      "The payment goes on by itself once the server is back. Look at " +
                          "the terminal: if it asks for a card, the customer may pay; " +
                          "to stop it, press its red key."
                  )
              )
            : this.tell(_t("Card terminal"), this.till.errorMessage(error));
    }
}
