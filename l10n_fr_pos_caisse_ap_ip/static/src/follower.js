/** @odoo-module **/

import {_t} from "@web/core/l10n/translation";
import {newsOf} from "@l10n_fr_pos_caisse_ap_ip/news";
import {isLost, pays} from "@l10n_fr_pos_caisse_ap_ip/payment";

// The server is told that often what this page holds; see transaction_owner.py.
const ROUND_MS = 30000;
// A page that was asleep for longer may have lost its money to another one.
const STALE_MS = 60000;
// Longer than the server is left alone below: what is pushed then may be old.
const FRESH_MS = 5000;
// Lines come from the server, from other devices, from tables that are opened again.
const WATCH_MS = 1000;
// Lines that the cashier believes unpaid.
const FREE_STATUSES = ["pending", "retry"];
// After that a page has given its start up, see payment.js.
const UNHEARD_MS = 25000;
// How long to wait before the server is asked again, by the age of the payment: many a
// customer is quick, and one who takes long needs no server that is asked every second.
const POLLS = [
    {youngerThan: 8000, wait: 500},
    {youngerThan: 30000, wait: 1000},
    {youngerThan: Infinity, wait: 3000},
];

/**
 * Knows what the server says of every payment line of this page, whatever is on the
 * screen: of payments under way by push or by a light poll, of all others each 30 s.
 */
export class Follower {
    /** @param {Object} controller see controller.js */
    constructor(controller) {
        this.controller = controller;
        this.adapter = controller.adapter;
        this.server = controller.server;
        this.payments = controller.payments;
        this.timer = null; // Of the poll
        this.news = null; // Of the bus, where Odoo's own does not reach this page
        this.polledAt = 0; // When the server last said what becomes of the payments
        this.lookedAt = 0; // When the server was last told what this page holds
        this.met = new Set(); // Open lines that the server was asked about
        this.unsaved = new Set(); // Lines of paid orders that Odoo had not saved then
        this.unheard = new Map(); // Those that it does not know -> since when
        this.isLoggedOut = false; // And the cashier was told
        this.told = new Set(); // Transactions where a person and the terminal differ
    }

    /** Find out, when the page starts, what became of the payments it left. */
    async start() {
        setInterval(() => this.try(() => this.goRound()), ROUND_MS);
        setInterval(() => this.watch(), WATCH_MS);
        try {
            await this.server.retryWhileOffline(() => this.look(true));
        } catch (error) {
            await this.controller.tellFailure(error);
        }
    }

    async try(call) {
        try {
            await call();
        } catch (error) {
            // Offline or overloaded: the next round asks again.
            const isLoggedOut = this.server.isLoggedOut(error) && this.payments.size;
            if (isLoggedOut && !this.isLoggedOut) {
                this.isLoggedOut = true;
                this.controller.tellFailure(error);
            }
        }
    }

    // -- Lines -----------------------------------------------------------------------

    /**
     * Tell the server what this page holds, and hear what became of it.
     *
     * @param {boolean} isStart whether this page can have sent nothing yet
     */
    async look(isStart = false) {
        const {adapter} = this;
        const uuids = this.uuidsOf(adapter.heldLines());
        const asked = uuids.filter((uuid) => !this.isUnderWay(uuid));
        const found = await this.server.unfinished(uuids, this.controller.page);
        this.lookedAt = Date.now();
        for (const uuid of asked) {
            const line = adapter.openOrderLine(uuid);
            // What was sent since is newer than this reply.
            if (line && !this.isUnderWay(uuid)) {
                this.hear(line, found.lines[uuid], isStart);
            }
        }
        this.controller.offers.hear(found.others);
        for (const state of [...Object.values(found.lines), ...found.others]) {
            this.tellDifference(state, false);
        }
    }

    uuidsOf(lines) {
        return lines.map((line) => this.adapter.lineUuid(line));
    }

    /** Look; the server is there: have Odoo save what it had not saved a round ago. */
    async goRound() {
        await this.look();
        const {adapter, unsaved} = this;
        const lines = adapter.unsavedLines();
        this.unsaved = new Set(this.uuidsOf(lines));
        const again = lines.filter((line) => unsaved.has(adapter.lineUuid(line)));
        if (again.length) {
            await adapter.saveAgain(again);
        }
    }

    /** Whether somebody waits already for what the server says of a line. */
    isUnderWay(uuid) {
        return this.payments.has(uuid) || this.controller.offers.attaching === uuid;
    }

    /** Look again, if that was long ago: money may have been given to another sale. */
    async refreshIfStale() {
        if (Date.now() - this.lookedAt > STALE_MS) {
            await this.try(() => this.look());
        }
    }

    hear(line, state, isStart) {
        const uuid = this.adapter.lineUuid(line);
        const isOpen = this.controller.isOpen(line);
        if (!state) {
            if (isOpen) {
                this.hearNothing(line, isStart);
            }
            return;
        }
        this.unheard.delete(uuid);
        const isFree = FREE_STATUSES.includes(this.adapter.status(line));
        const isMore = !state.is_final || pays(state, uuid);
        if (isOpen || (isFree && isMore)) {
            this.controller.reattach(line, state, isStart);
        } else if (this.adapter.isPaidBy(line, state) && isLost(state, uuid)) {
            this.controller.lose(line, state);
        } else if (this.isReversed(line, state)) {
            this.adapter.finishReversal(line, true);
            this.controller.dialogs.tell(state.title, state.summary);
        }
    }

    /** Another page had the terminal take back what this line was paid with. */
    isReversed(line, {operation, state}) {
        const isReversal = operation === "reversal" && state === "approved";
        return isReversal && this.adapter.status(line) === "done";
    }

    /**
     * The server does not know an open line. One that just came from another device may
     * still be on its way; one that was unknown stays so: a person looks at the terminal.
     * So is one that the server had and has lost.
     */
    hearNothing(line, isStart) {
        const uuid = this.adapter.lineUuid(line);
        const since = this.unheard.get(uuid) || Date.now();
        this.unheard.set(uuid, since);
        if (this.adapter.hasSent(uuid)) {
            this.adapter.setStatus(line, "unknown");
        }
        if (this.adapter.status(line) === "unknown") {
            this.askUnheard(line);
        } else if (isStart || Date.now() - since > UNHEARD_MS) {
            this.unheard.delete(uuid);
            this.controller.finish(line, false);
        }
    }

    /** Ask about an unknown payment that the server has no trace of. */
    askUnheard(line) {
        const uuid = this.adapter.lineUuid(line);
        const name = this.adapter.orderName(this.adapter.orderOf(line));
        const talk = (dialog) =>
            dialog.askUntilAnswered({
                title: _t("Was it paid? Look at the terminal"),
                body: [name, _t("The server has no trace of this payment.")].join("\n"),
                choices: [
                    {id: "approved", label: _t("Yes: the receipt shows it")},
                    {id: "refused", label: _t("No: refused or cancelled")},
                    {id: "later", label: _t("Answer later")},
                ],
            });
        const label = `${_t("Was it paid?")} - ${name}`;
        this.controller.inbox.add(uuid, label, async () => {
            const answer = await this.controller.dialogs.open(talk).answer;
            const found = this.adapter.openOrderLine(uuid);
            if (answer !== "later") {
                this.controller.inbox.remove(uuid);
                await this.controller.finish(found, answer === "approved");
            }
        });
    }

    /** Look as soon as there is an open line that nobody follows. */
    watch() {
        this.controller.inbox.update();
        this.payments.forEach((payment) => this.tellSender(payment));
        const lines = this.adapter
            .openOrderLines()
            .filter((line) => this.controller.isOpen(line));
        const open = this.uuidsOf(lines).filter((uuid) => !this.isUnderWay(uuid));
        const isNew = open.some((uuid) => !this.met.has(uuid));
        this.met = new Set(open);
        if (isNew) {
            this.try(() => this.look());
        }
    }

    /**
     * Whoever opens an order that another device is paying is told so; on the other
     * devices, which have all orders, nobody is disturbed.
     */
    tellSender(payment) {
        const {adapter} = this;
        const {line, state, senderMessage} = payment;
        const isWaiting = senderMessage && state.state !== "unknown" && line;
        if (!isWaiting || !adapter.isOnScreen(adapter.orderOf(line))) {
            return;
        }
        payment.senderMessage = "";
        if (!adapter.hasSent(state.reference)) {
            const title = _t("This order is being paid already");
            this.controller.dialogs.tell(title, senderMessage);
        }
    }

    // -- Payments under way ----------------------------------------------------------

    /**
     * The server has news.
     *
     * @param {Object} message ``states``: see State in server.js
     */
    onNotification(message) {
        for (const state of message.states) {
            const payment = [...this.payments.values()].find(
                (one) => one.payload.reference === state.reference
            );
            if (payment) {
                this.hearPayment(payment, state);
            } else {
                this.try(() => this.onStateOfLine(state));
            }
            this.hearOffer(state);
            this.try(() => this.hearDifference(state));
        }
    }

    /**
     * News of a payment under way. To a page that was offline Odoo's bus repeats what it
     * missed: another sale may have the money since. Such a page asks.
     */
    hearPayment(payment, state) {
        const heardAt = Math.max(this.polledAt, payment.since);
        if (Date.now() - heardAt > FRESH_MS) {
            this.poll();
        } else {
            payment.apply(state);
        }
    }

    /** A line of this page, or money that was offered to it. */
    hearOffer(state) {
        const {offers} = this.controller;
        if (!state.is_orphan) {
            offers.drop(state.reference);
        } else if (state.offer && this.adapter.line(state.line_uuid)) {
            offers.hearOne(state);
        }
    }

    /** News of a difference may be old as well, and resolved since: ask the server. */
    async hearDifference(state) {
        if (this.isNewDifference(state)) {
            const states = await this.server.status([state.reference]);
            this.tellDifference(states[state.reference] || {}, true);
        }
    }

    isNewDifference({reference, state, offer, needs_person}) {
        const isOther = state === "unknown" || offer;
        return needs_person && !isOther && !this.told.has(reference);
    }

    /**
     * A person and the terminal differ: told once, whatever became of the sale.
     *
     * @param {Object} state see State in server.js
     * @param {boolean} isNews whether it was just found
     */
    tellDifference(state, isNews) {
        if (!this.isNewDifference(state)) {
            return;
        }
        const {reference, title, summary, message} = state;
        this.told.add(reference);
        const {dialogs, inbox} = this.controller;
        const key = `difference ${reference}`;
        const tell = async () => {
            await dialogs.tell(title, `${summary}\n${message}`);
            inbox.remove(key);
        };
        inbox.add(key, `${title} - ${summary}`, tell, isNews);
    }

    /**
     * News of a line that nobody follows: the server is asked, as Odoo's bus repeats old
     * news to a page that was just loaded. Money may be another line's by now.
     *
     * @param {Object} state see State in server.js
     */
    async onStateOfLine({reference, line_uuid, owner_uuid}) {
        const isHere = (uuid) =>
            this.adapter.openOrderLine(uuid) && !this.isUnderWay(uuid);
        if ([line_uuid, owner_uuid].some(isHere)) {
            const states = await this.server.status([reference]);
            for (const uuid of new Set([line_uuid, owner_uuid].filter(isHere))) {
                this.hear(this.adapter.openOrderLine(uuid), states[reference], false);
            }
        }
    }

    /** Ask at once what became of the payments under way. */
    async poll() {
        clearTimeout(this.timer);
        this.timer = null;
        const asked = [...this.payments.values()].filter((one) => one.isFollowed);
        if (asked.length) {
            const references = asked.map((payment) => payment.payload.reference);
            await this.try(async () => {
                const states = await this.server.status(references);
                this.isLoggedOut = false;
                this.polledAt = Date.now();
                // One that cannot be told keeps no other from hearing.
                asked.forEach((payment) =>
                    this.try(() => payment.hear(states[payment.payload.reference]))
                );
            });
        }
        this.schedule();
    }

    /**
     * Ask again in a while, and listen meanwhile.
     *
     * @param {Object} [bus] see State in server.js
     */
    schedule(bus) {
        this.listen(bus);
        if (this.timer || !this.payments.size) {
            return;
        }
        const youngest = Math.max(
            ...[...this.payments.values()].map((one) => one.since)
        );
        const age = Date.now() - youngest;
        const {wait} = POLLS.find(({youngerThan}) => age < youngerThan);
        this.timer = setTimeout(() => this.poll(), wait);
    }

    /** Listen as long as a payment waits, and no longer. */
    listen(bus) {
        if (bus && !this.news) {
            this.news = newsOf(bus, (message) => this.onNotification(message));
        }
        if (this.news && this.payments.size) {
            this.news.open();
        } else if (this.news) {
            this.news.close();
        }
    }
}
