/** @odoo-module **/

import {_t} from "@web/core/l10n/translation";
import {wait} from "@l10n_fr_pos_caisse_ap_ip/server";
import {STAGES, giveUp, start} from "@l10n_fr_pos_caisse_ap_ip/start";

const INQUIRY_POLL_MS = 1000;

/**
 * @param {Object} state see State in server.js
 * @param {string} lineUuid
 * @returns {boolean} whether this line may be called paid: it owns the money
 */
export function pays(state, lineUuid) {
    return state.state === "approved" && state.owner_uuid === lineUuid;
}

/**
 * @param {Object} state see State in server.js
 * @param {string} lineUuid
 * @returns {boolean} whether the money was approved, and is not that of this line
 */
export function isLost(state, lineUuid) {
    const isPayment = state.operation !== "reversal";
    return isPayment && state.state === "approved" && state.owner_uuid !== lineUuid;
}

/**
 * One payment under way: from the click on Send, or from the moment the page learns of
 * it, until the server says how it ended.
 *
 * What became of it is known by the server alone; the page only repeats it, so that it
 * may be reloaded at any moment.
 */
export class Payment {
    /**
     * @param {Object} controller its ``adapter``, ``server``, ``dialogs`` and ``inbox``
     *     are used; it is told of each state (``onState``) and of the end (``onEnd``)
     * @param {Object} payload see Payload in server.js
     * @param {number} methodId payment method
     */
    constructor(controller, payload, methodId) {
        this.controller = controller;
        this.adapter = controller.adapter;
        this.server = controller.server;
        this.dialogs = controller.dialogs;
        this.inbox = controller.inbox;
        this.payload = payload;
        this.methodId = methodId;
        this.since = Date.now();
        this.stage = STAGES.starting;
        this.state = null; // Last word of the server, see State in server.js
        this.isOwn = false; // This page sent it: somebody waits for its end
        this.senderMessage = ""; // Who sent it, until another device has told it
        this.isFree = false; // Ended, and the line may be sent again
        this.question = null; // Dialog that asks a person how it ended
        this.isAnswered = false; // A person's answer is on its way: it needs no words
        // Resolved with whether it succeeded, while its line is there: Odoo would
        // write on a line that was deleted meanwhile.
        this.ended = new Promise((resolve) => {
            this.resolveEnded = resolve;
        });
    }

    get lineUuid() {
        return this.payload.line_uuid;
    }
    get isReversal() {
        return this.payload.operation === "reversal";
    }
    get isFollowed() {
        return this.stage === STAGES.followed;
    }
    get isEnded() {
        return this.stage === STAGES.ended;
    }
    /** Refused to who stands at the till; there are managers who may allow it. */
    get needsManager() {
        return Boolean(this.state && this.state.managers && this.state.managers.length);
    }
    /** The payment line; Odoo may have made it anew, or it is gone. */
    get line() {
        return this.adapter.line(this.lineUuid);
    }

    // -- What the server is asked ----------------------------------------------------

    async start() {
        this.isOwn = true;
        this.adapter.rememberSent(this.payload.reference);
        await start(this);
    }

    /** Try to cancel: only what has not left for the terminal can be cancelled. */
    async cancel() {
        // A server that has lost it would call it given up.
        await this.controller.follower.poll();
        if (this.isEnded) {
            return;
        }
        try {
            const state = await this.server.cancel(this.methodId, this.payload);
            this.applyCancel(state);
            if (state.state === "unknown") {
                await this.askPerson();
            } else if (!state.is_final) {
                await this.dialogs.tell(state.title, state.cancel_message);
            }
        } catch (error) {
            if (this.server.isOffline(error)) {
                giveUp(this);
            }
            await this.tellFailure(error);
        }
    }

    /** Who has cancelled needs not be told that nothing was sent. */
    applyCancel(state) {
        this.apply(state, state.reason === "given_up");
    }

    // -- What the server says --------------------------------------------------------

    /** @param {Object|undefined} state in a reply; undefined: lost */
    hear(state) {
        if (state) {
            this.apply(state);
        } else if (this.isFollowed) {
            this.applyLost();
        }
    }

    /**
     * Repeat on the line what the server says.
     *
     * @param {Object} state see State in server.js
     * @param {boolean} isSilent whether its end needs no words
     */
    apply(state, isSilent = false) {
        if (this.isEnded) {
            return;
        }
        const isNews = !this.state || this.state.state !== state.state;
        if (!this.isFollowed && !state.is_final) {
            this.adapter.rememberSent(this.lineUuid);
        }
        this.stage = STAGES.followed;
        this.state = state;
        // A line may have had an earlier attempt that the server follows instead.
        this.payload.reference = state.reference;
        if (state.is_final) {
            this.applyEnd(isSilent || this.isAnswered);
        } else if (state.state === "unknown" && isNews) {
            this.applyUnknown();
        }
        this.controller.onState(state);
    }

    applyUnknown() {
        if (this.line && !this.isReversal) {
            this.adapter.setStatus(this.line, "unknown");
        }
        this.adapter.release();
        const {reference, summary} = this.state;
        const label = `${_t("Was it paid?")} - ${summary}`;
        this.inbox.add(reference, label, () => this.askPerson(), this.isOwn);
    }

    applyEnd(isSilent) {
        const {line, lineUuid, state} = this;
        const isReversed = this.isReversal && state.state === "approved";
        const isPaid = !this.isReversal && pays(state, lineUuid);
        if (line && isPaid) {
            this.adapter.setPaid(line, state);
        }
        this.end(isReversed || isPaid, isLost(state, lineUuid) || state.is_free);
        if (isLost(state, lineUuid)) {
            this.controller.tellLost(state);
        } else if (!isSilent && !this.needsManager) {
            this.dialogs.tellEnd(state);
        }
    }

    /**
     * @param {boolean} isSuccess
     * @param {boolean} isFree whether the line may be sent again
     */
    end(isSuccess, isFree) {
        const {line} = this;
        this.isFree = isFree;
        this.stopFollowing();
        if (line) {
            this.resolveEnded(isSuccess);
        } else {
            this.adapter.release();
        }
        this.controller.onEnd(this);
    }

    /**
     * The server had it, and has no trace of it any more (a backup, a standby that came
     * late): a person looks at the terminal, as for any line that it does not know.
     */
    applyLost() {
        if (this.line) {
            this.adapter.setStatus(this.line, "unknown");
        }
        this.adapter.release();
        this.stopFollowing();
        this.controller.onEnd(this);
    }

    stopFollowing() {
        this.stage = STAGES.ended;
        this.inbox.remove(this.payload.reference);
        if (this.question) {
            this.question.close();
        }
    }

    // -- What a person says ----------------------------------------------------------

    /** Let a person say what the terminal shows; once at a time. */
    async askPerson() {
        if (this.question) {
            return;
        }
        this.question = this.dialogs.open((dialog) => this.askOutcome(dialog));
        try {
            const answer = await this.question.answer;
            if (answer && !this.isEnded) {
                // The push may be quicker than the reply: no words for either.
                this.isAnswered = true;
                const {reference} = this.state;
                this.apply(await this.server.resolve(reference, ...answer));
            }
        } catch (error) {
            await this.tellFailure(error);
        } finally {
            this.question = null;
            this.isAnswered = false;
        }
    }

    /**
     * @param {Object} dialog see Dialog in dialogs.js
     * @returns {Promise<string[]|undefined>} outcome and authorisation number
     */
    async askOutcome(dialog) {
        let outcome = await dialog.askUntilAnswered(this.outcomeQuestion());
        while (outcome === "query") {
            const news = await this.queryTerminal();
            outcome = await dialog.askUntilAnswered(this.outcomeQuestion(news));
        }
        if (outcome === "approved") {
            const number = await dialog.askText(
                this.state.title,
                _t(
                    "Authorisation number on the receipt (leave empty if there is " +
                        "none), then press Apply"
                )
            );
            return number === undefined ? undefined : [outcome, number];
        }
        return outcome === "refused" ? [outcome, ""] : undefined;
    }

    outcomeQuestion(news = "") {
        const {title, summary, message, cancel_message, state, can_query} = this.state;
        const choices = [
            {id: "approved", label: _t("Yes: the receipt shows it")},
            {id: "refused", label: _t("No: refused or cancelled")},
            {id: "later", label: _t("Answer later")},
        ];
        if (can_query && state === "unknown") {
            choices.splice(2, 0, {id: "query", label: _t("Query the terminal")});
        }
        const body = [summary, message || cancel_message, news].join("\n");
        return {title, body, choices};
    }

    /** @returns {Promise<string>} what the terminal says of its last transaction */
    async queryTerminal() {
        try {
            let inquiry = await this.server.queryTerminal(this.state.reference);
            const {reference} = inquiry;
            while (!inquiry.is_final) {
                await wait(INQUIRY_POLL_MS);
                inquiry = (await this.server.status([reference]))[reference];
            }
            return inquiry.message;
        } catch (error) {
            const [title, message] = this.server.failure(error);
            return this.server.isOffline(error) ? title : message;
        }
    }

    tellFailure(error) {
        return this.controller.tellFailure(error);
    }
}
