/** @odoo-module **/

import {_t} from "@web/core/l10n/translation";
import {wait} from "@l10n_fr_pos_caisse_ap_ip/server";

// A question that Odoo took off the screen comes back as soon as it can be read.
const COME_BACK_MS = 1000;

/**
 * @typedef {Object} Question
 * @property {string} title
 * @property {string} body
 * @property {{id: string, label: string}[]} choices one button each
 * @property {string} [input] "text" or "password": something may be typed as well
 */

/**
 * @typedef {Object} Answer
 * @property {string} id of the choice
 * @property {string} text what was typed
 */

/**
 * What is said in one turn, from the moment it waits for its turn: whoever opened it
 * may close it.
 */
export class Dialog {
    /** @param {Object} adapter see adapter.js */
    constructor(adapter) {
        this.adapter = adapter;
        this.isClosed = false;
        this.answer = null; // Promise of what the turn ends with
        this.hide = null; // Takes the question on screen away
    }

    /**
     * Ask a question about money: it is closed by an answer, or by who opened it.
     *
     * @param {Question} question
     * @returns {Promise<string|undefined>} id of a choice; undefined: it needs none
     */
    async askUntilAnswered(question) {
        const answer = await this.insistOnAnswer(question);
        return answer && answer.id;
    }

    async insistOnAnswer(question) {
        let answer = await this.show(question);
        while (!answer && !this.isClosed) {
            await wait(COME_BACK_MS);
            answer = await this.show(question);
        }
        return answer;
    }

    /**
     * @param {string} title
     * @param {string} body what is asked for
     * @param {string} input see Question
     * @returns {Promise<string|undefined>} what was typed; undefined: nothing is said
     */
    async askText(title, body, input = "text") {
        const choices = [
            {id: "apply", label: _t("Apply")},
            {id: "back", label: _t("Back")},
        ];
        const answer = await this.insistOnAnswer({title, body, choices, input});
        return answer && answer.id === "apply" ? answer.text.trim() : undefined;
    }

    /**
     * Show a question of this turn.
     *
     * @param {Question} question
     * @returns {Promise<Answer|undefined>} undefined: closed
     */
    async show(question) {
        if (this.isClosed) {
            return undefined;
        }
        const answer = await this.adapter.showQuestion(question, (hide) => {
            this.hide = hide;
            if (this.isClosed) {
                hide();
            }
        });
        this.hide = null;
        return answer;
    }

    close() {
        this.isClosed = true;
        if (this.hide) {
            this.hide();
        }
    }
}

/** Shows one dialog after the other: two at once would hide each other. */
export class Dialogs {
    /** @param {Object} adapter see adapter.js */
    constructor(adapter) {
        this.adapter = adapter;
        this.last = Promise.resolve();
    }

    /**
     * @param {Function} show shows a dialog, returns a promise of its answer
     * @returns {Promise<any>} of that answer
     */
    inTurn(show) {
        const shown = this.last.then(show);
        this.last = shown.catch(() => undefined);
        return shown;
    }

    /**
     * Ask one question after the other in one turn.
     *
     * @param {Function} talk takes the Dialog, returns a promise of the answer
     * @returns {Dialog}
     */
    open(talk) {
        const dialog = new Dialog(this.adapter);
        dialog.answer = this.inTurn(() => talk(dialog));
        return dialog;
    }

    /**
     * @param {string} title
     * @param {string} body
     * @param {{id: string, label: string}[]} choices
     * @returns {Promise<string|undefined>} id of a choice; undefined: closed
     */
    async choose(title, body, choices) {
        const question = {title, body, choices};
        const answer = await this.open((dialog) => dialog.show(question)).answer;
        return answer && answer.id;
    }

    /** @returns {Promise<void>} that it was read */
    async tell(title, body) {
        await this.choose(title, body, [{id: "ok", label: _t("Ok")}]);
    }

    /**
     * Tell why orders were not merged.
     *
     * @param {Object} server see server.js
     * @param {Error} error of the server
     */
    tellNotMerged(server, error) {
        const [title, message] = server.failure(error);
        const unsure = _t("Another page of the till may be taking a payment for it.");
        return this.tell(title, server.isOffline(error) ? unsure : message);
    }

    /**
     * Tell how a payment ended, and show a receipt that no sale will carry.
     *
     * @param {Object} state see State in server.js
     * @returns {Promise<void>} that it was read
     */
    async tellEnd({state, title, message, receipt}) {
        if (state !== "approved" && receipt) {
            const body = [message, receipt].filter(Boolean).join("\n\n");
            const choices = [
                {id: "print", label: _t("Print the terminal's receipt")},
                {id: "ok", label: _t("Ok")},
            ];
            if ((await this.choose(title, body, choices)) === "print") {
                this.adapter.print(receipt);
            }
        } else if (message) {
            await this.tell(title, message);
        }
    }
}
