// A till to test: the controller, a fake Point of Sale, a fake server, a fake clock.
import assert from "node:assert/strict";
import {mock} from "node:test";
import {Controller} from "@l10n_fr_pos_caisse_ap_ip/controller";
import {CARD, FakeAdapter} from "./fake_pos.mjs";
import {FakeServer} from "./fake_server.mjs";

const STEP_MS = 100;

/** Let everything happen that waits for nothing. */
export async function untilIdle() {
    for (let round = 0; round < 5; round += 1) {
        await new Promise((resolve) => setImmediate(resolve));
    }
}

export class Till {
    /** @param {FakeServer} server that of another till, if they share one */
    constructor(server = new FakeServer()) {
        this.server = server;
        this.adapter = new FakeAdapter(server);
        this.pos = this.adapter.pos;
        this.controller = new Controller(this.adapter);
    }

    /** Load the page again: what Odoo saved is all that is left. */
    async reload() {
        this.adapter.isGone = true;
        this.adapter = new FakeAdapter(this.server, this.pos);
        this.controller = new Controller(this.adapter);
        await this.open();
    }
    async open() {
        this.controller.start();
        await untilIdle();
    }

    /** Put an order on the screen with a line for the terminal. */
    order(total, amount = total, method = CARD) {
        return this.pos.add_order(total).addLine(method, amount);
    }
    /** Have the cashier press Send. */
    async pay(line) {
        this.controller.pay(line);
        await untilIdle();
    }

    /** Have the cashier press Send; the answer of the terminal is lost. */
    async payUnknown(line, values = {}) {
        await this.pay(line);
        this.server.end("unknown", {message: "look at it", ...values});
        await after(1000);
    }

    /** Have the server push what it knows of the last transaction. */
    push() {
        const states = [this.server.stateOf(this.server.last().reference)];
        this.controller.onNotification({states});
    }

    get dialog() {
        assert.ok(this.adapter.shown.length <= 1, "two dialogs at once");
        return this.adapter.shown[0];
    }
    get choices() {
        return this.dialog.choices.map(({id}) => id);
    }
    /** Click on a choice of the dialog on screen, having typed a text. */
    async answer(id = "ok", text = "") {
        assert.ok(this.dialog, "no dialog is on screen");
        assert.ok(this.choices.includes(id), `${id} is none of ${this.choices}`);
        this.dialog.answer(id, text);
        await untilIdle();
    }
    /** Odoo takes the dialog off the screen. */
    async closeDialog() {
        this.dialog.answer(undefined);
        await untilIdle();
    }
    /** Open what waits for a person. */
    async openMark() {
        this.adapter.mark.click();
        await untilIdle();
    }
    /** Titles of all dialogs so far. */
    get told() {
        return this.adapter.told.map(({title}) => title);
    }
}

function startClock() {
    mock.timers.enable({apis: ["setTimeout", "setInterval", "Date"]});
}

export function stopClock() {
    mock.timers.reset();
}

/** Start a test: its clock, and a till. */
export function newTill() {
    startClock();
    return new Till();
}

/** Start a test with a line that is to be paid. */
export function orderedTill() {
    const till = newTill();
    return {till, line: till.order(4.9)};
}

/** Start a test with a line that waits for the customer's card. */
export async function waitingTill() {
    const {till, line} = orderedTill();
    await till.pay(line);
    return {till, line};
}

/** Start a test with a line of which nobody knows whether it was paid. */
export async function unknownTill(values = {}) {
    const {till, line} = orderedTill();
    await till.payUnknown(line, values);
    return {till, line};
}

/** Let time go by. */
export async function after(milliseconds) {
    for (let passed = 0; passed < milliseconds; passed += STEP_MS) {
        mock.timers.tick(STEP_MS);
        await untilIdle();
    }
}
