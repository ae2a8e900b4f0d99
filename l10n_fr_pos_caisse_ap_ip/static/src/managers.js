/** @odoo-module **/

import {_t} from "@web/core/l10n/translation";

/**
 * Lets a manager allow what an employee may not do alone: the server checks the PIN, and
 * gives a right that is good once, for a short time.
 */
export class Managers {
    /** @param {Object} controller see controller.js */
    constructor(controller) {
        this.controller = controller;
        this.adapter = controller.adapter;
        this.server = controller.server;
        this.dialogs = controller.dialogs;
        this.unused = null; // Payload whose right a busy terminal left unused
    }

    /** Keep the right of a payment that found its terminal busy: it was not used. */
    keepUnused({state, payload, needsManager}) {
        if (payload.manager_token) {
            const isBusy = state && state.state === "busy" && !needsManager;
            this.unused = isBusy ? payload : null;
        }
    }

    /** @returns {string} the right that the same payment has already, or "" */
    unusedRight(line, operation) {
        const {unused, adapter} = this;
        const isSame =
            unused &&
            unused.line_uuid === adapter.lineUuid(line) &&
            unused.operation === operation &&
            unused.amount_cents === adapter.cents(line);
        return isSame ? unused.manager_token : "";
    }

    /**
     * @param {Object} state its message says why a manager is needed, ``managers`` who may
     * @returns {Promise<string|undefined>} the right; undefined: nobody gave it
     */
    askRight(state) {
        return this.dialogs.open((dialog) => this.talk(dialog, state)).answer;
    }

    async talk(dialog, {title, message, managers}) {
        const choices = managers.map(({id, name}) => ({id: String(id), label: name}));
        choices.push({id: "back", label: _t("Back")});
        const chosen = await dialog.askUntilAnswered({title, body: message, choices});
        let answer = {token: "", message: _t("PIN of the manager")};
        while (chosen && chosen !== "back" && !answer.token) {
            const pin = await dialog.askText(title, answer.message, "password");
            if (pin === undefined) {
                return undefined;
            }
            answer = await this.check(Number(chosen), pin);
        }
        return answer.token || undefined;
    }

    /** @returns {Promise<Object>} ``token``, or ``message``: why not */
    async check(employeeId, pin) {
        try {
            return await this.server.checkManager(employeeId, pin);
        } catch (error) {
            const [, message] = this.server.failure(error);
            return {token: "", message};
        }
    }

    /** Send a payment that was refused to an employee again, with a manager's right. */
    async requestAgain({state, payload, lineUuid}) {
        const {adapter, controller} = this;
        const right = await this.askRight(state).finally(() =>
            controller.payments.delete(lineUuid)
        );
        const line = adapter.openOrderLine(lineUuid);
        return right && line
            ? controller.request(line, payload.operation, right)
            : false;
    }
}
