/** @odoo-module **/

import {_t} from "@web/core/l10n/translation";

/**
 * Payments that a person has to look at. One is asked about at once; several wait in a
 * list, so that a till that starts after a bad day is not buried in dialogs: a mark on
 * the screen says how many, and opens it.
 */
export class Inbox {
    /**
     * @param {Object} adapter see adapter.js
     * @param {Object} dialogs see Dialogs in dialogs.js
     */
    constructor(adapter, dialogs) {
        this.adapter = adapter;
        this.dialogs = dialogs;
        this.questions = new Map(); // Key -> {label, ask, isAsking, wasAsked}
        this.isUpdating = false;
        this.shown = ""; // What the mark says
    }

    /**
     * @param {string} key names the question
     * @param {string} label what is asked, and of which payment, in one line
     * @param {Function} ask asks a person, returns a promise; who is answered removes it
     * @param {boolean} isUrgent whether somebody waits for it: asked at once
     */
    add(key, label, ask, isUrgent = false) {
        if (!this.questions.has(key)) {
            this.questions.set(key, {label, ask, isAsking: false, wasAsked: false});
            this.update();
            if (isUrgent) {
                this.ask(key);
            }
        }
    }

    remove(key) {
        if (this.questions.delete(key)) {
            this.update();
        }
    }

    async ask(key) {
        const question = this.questions.get(key);
        if (!question || question.isAsking) {
            return;
        }
        question.isAsking = question.wasAsked = true;
        this.update();
        try {
            await question.ask();
        } finally {
            question.isAsking = false;
            this.update();
        }
    }

    /**
     * Show how many wait, once all that came together has come. Called again and again:
     * nothing is asked before a cashier is at work.
     */
    async update() {
        if (this.isUpdating) {
            return;
        }
        this.isUpdating = true;
        await undefined;
        this.isUpdating = false;
        const [[key, only] = []] = this.questions;
        if (this.questions.size === 1 && !only.wasAsked && this.adapter.isAtWork()) {
            this.ask(key);
            return;
        }
        const waiting = [...this.questions.values()].filter((one) => !one.isAsking);
        const text = this.words(waiting.length);
        if (text !== this.shown) {
            this.shown = text;
            this.adapter.showMark(text, () => this.open());
        }
    }

    words(count) {
        if (count > 1) {
            return _t("%s payments to look at").replace("%s", count);
        }
        return count ? _t("1 payment to look at") : "";
    }

    /** Let a person choose which one to look at. */
    async open() {
        const entries = [...this.questions].filter(([, {isAsking}]) => !isAsking);
        if (entries.length === 1) {
            await this.ask(entries[0][0]);
            return;
        }
        const choices = entries.map(([id, {label}]) => ({id, label}));
        choices.push({id: "later", label: _t("Answer later")});
        const title = _t("Payments to look at");
        await this.ask(await this.dialogs.choose(title, "", choices));
    }
}
