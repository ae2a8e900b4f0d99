/** @odoo-module **/

import {_t} from "@web/core/l10n/translation";

/**
 * @typedef {Object} Question
 * @property {string} title
 * @property {string} body
 * @property {{id: string, label: string}[]} choices one button each
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
     * Show a question of this turn.
     *
     * @param {Question} question
     * @returns {Promise<string|undefined>} id of a choice; undefined: closed
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
    choose(title, body, choices) {
        return this.open((dialog) => dialog.show({title, body, choices})).answer;
    }

    /** @returns {Promise<void>} that it was read */
    tell(title, body) {
        return this.inTurn(() => this.adapter.alert(title, body));
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
