/** @odoo-module **/

import {_t} from "@web/core/l10n/translation";
import {saleOf} from "@l10n_fr_pos_caisse_ap_ip/payload";
import {pays} from "@l10n_fr_pos_caisse_ap_ip/payment";
import {markRefunded} from "@l10n_fr_pos_caisse_ap_ip/refund";

/**
 * Money that no sale carries, and that the server offers to this page: the page of its
 * sale is gone, or its line was deleted while it was paid.
 */
export class Offers {
    /** @param {Object} controller see controller.js */
    constructor(controller) {
        this.controller = controller;
        this.adapter = controller.adapter;
        this.server = controller.server;
        this.dialogs = controller.dialogs;
        this.inbox = controller.inbox;
        this.offered = new Map(); // Reference -> {state, dialog}
        this.attaching = ""; // Uuid of the line that the server is asked to give money
    }

    /**
     * @param {Object[]} states all that is offered now, see State in server.js
     */
    hear(states) {
        states
            .filter(({state}) => state === "unknown")
            .forEach((state) => this.controller.followWithoutLine(state));
        const isOffered = (one) => one.offer && one.state === "approved";
        const offered = states.filter((one) => isOffered(one) && !this.isCarried(one));
        const references = new Set(offered.map(({reference}) => reference));
        for (const reference of this.offered.keys()) {
            if (!references.has(reference)) {
                this.drop(reference);
            }
        }
        offered.forEach((state) => this.hearOne(state));
    }

    /** Whether a payment line of this page carries the money, saved or not. */
    isCarried({reference}) {
        return Boolean(this.adapter.carrier(reference));
    }

    hearOne(state) {
        const {reference, summary} = state;
        const known = this.offered.get(reference);
        if (known) {
            known.state = state;
        } else if (!this.isCarried(state)) {
            this.offered.set(reference, {state, dialog: null});
            const label = `${_t("Without a sale")} - ${summary}`;
            this.inbox.add(reference, label, () => this.ask(reference));
        }
    }

    drop(reference) {
        const offer = this.offered.get(reference);
        if (offer) {
            this.offered.delete(reference);
            this.inbox.remove(reference);
            if (offer.dialog) {
                offer.dialog.close();
            }
        }
    }

    async ask(reference) {
        const offer = this.offered.get(reference);
        offer.dialog = this.dialogs.open((dialog) => this.talk(dialog, offer.state));
        try {
            const answer = await offer.dialog.answer;
            if (answer === "attach") {
                await this.attach(offer.state);
            } else if (answer === "refunded") {
                await markRefunded(this.controller, reference, offer.state.owner_uuid);
                this.drop(reference);
            }
        } catch (error) {
            await this.controller.tellFailure(error);
        } finally {
            offer.dialog = null;
        }
    }

    /** @returns {Promise<string|undefined>} attach, refunded or later */
    async talk(dialog, state) {
        const closed =
            state.operation === "credit"
                ? _t("The customer keeps this refund")
                : _t("Refunded to the customer");
        const choices = [
            {id: "refunded", label: closed},
            {id: "later", label: _t("Answer later")},
        ];
        if (this.adapter.canAttach(state)) {
            choices.unshift({id: "attach", label: _t("Add it to the sale on screen")});
        }
        const question = {title: this.title(state), body: state.summary, choices};
        const answer = await dialog.askUntilAnswered(question);
        if (answer !== "attach" || !this.isTooMuch(state)) {
            return answer;
        }
        const warning = _t("This payment is larger than what the sale on screen owes.");
        return dialog.askUntilAnswered({
            ...question,
            body: `${state.summary}\n${warning}`,
        });
    }

    title({line_uuid, operation}) {
        const line = this.adapter.line(line_uuid);
        if (line && this.adapter.status(line) === "done") {
            return _t("The customer has paid twice: the terminal approved this too");
        }
        return operation === "credit"
            ? _t("The terminal approved a refund without a sale")
            : _t("The terminal approved a payment without a sale");
    }

    isTooMuch({approved_cents}) {
        const order = this.adapter.currentOrder();
        return approved_cents > Math.abs(this.adapter.dueCents(order));
    }

    /** Have the server give the money to a new line of the sale on screen. */
    async attach({reference, owner_uuid, method_id}) {
        const line = this.adapter.addLine(method_id);
        const uuid = this.adapter.lineUuid(line);
        this.attaching = uuid;
        this.adapter.setStatus(line, "waiting");
        let state = null;
        try {
            const sale = saleOf(this.controller, line);
            state = await this.server.attach(reference, sale, owner_uuid);
        } finally {
            this.attaching = "";
            this.endLine(uuid, state);
        }
        this.drop(reference);
        if (!pays(state, uuid)) {
            await this.controller.tellLost(state);
        }
    }

    /**
     * @param {string} uuid of the new line
     * @param {Object|null} state see State in server.js; null: nobody knows
     */
    endLine(uuid, state) {
        // Not the line that was added: a screen may not see what becomes of that one.
        const line = this.adapter.openOrderLine(uuid);
        if (line && state && pays(state, uuid)) {
            this.adapter.setPaid(line, state);
            this.adapter.setStatus(line, "done"); // Saved with its reference
        } else if (line) {
            this.adapter.removeLine(line);
        }
    }
}
