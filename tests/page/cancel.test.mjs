import assert from "node:assert/strict";
import {afterEach, beforeEach, describe, it} from "node:test";

import {CASH} from "./fake_pos.mjs";
import {Refusal} from "./fake_server.mjs";
import {after, newTill, orderedTill, stopClock, untilIdle} from "./till.mjs";

describe("Cancel", () => {
    let till = null;
    let line = null;
    beforeEach(() => {
        ({till, line} = orderedTill());
    });
    afterEach(stopClock);

    it("says that only the red key stops a terminal, and waits on", async () => {
        await till.pay(line);
        const free = till.controller.cancel(line);
        await untilIdle();
        assert.equal(till.dialog.body, "press the red key");
        await till.answer();
        assert.equal(await free, false);
        assert.equal(line.payment_status, "waitingCard");
    });

    it("changes nothing for a customer who pays all the same", async () => {
        await till.pay(line);
        till.controller.cancel(line);
        await untilIdle();
        till.server.end("approved");
        await after(1000);
        assert.equal(line.payment_status, "done");
    });

    it("frees a line of which nothing was sent, without a word", async () => {
        till.server.hold();
        await till.pay(line);
        till.server.transactions.clear(); // The start never arrived
        const free = till.controller.cancel(line);
        await untilIdle();
        till.server.letGo();
        await untilIdle();
        assert.equal(await free, true);
        assert.equal(line.payment_status, "retry");
        assert.deepEqual(till.told, []);
    });

    it("that meets the reply of the start ends the payment once", async () => {
        till.server.hold();
        await till.pay(line);
        till.controller.cancel(line);
        await untilIdle();
        till.server.letGo();
        await untilIdle();
        till.server.end("refused", {message: "the customer"});
        await after(1000);
        await till.answer(); // The red key would have stopped it
        assert.equal(till.dialog.body, "the customer");
        assert.equal(line.payment_status, "retry");
    });

    it("is believed by a start that is still offline: it never leaves", async () => {
        till.server.isOffline = true;
        await till.pay(line);
        till.controller.cancel(line);
        await untilIdle();
        await till.answer(); // The server cannot be reached
        till.server.isOffline = false;
        await after(4000);
        assert.deepEqual(till.server.callsOf("start"), []);
        assert.equal(till.server.last().state, "not_sent");
        assert.equal(line.payment_status, "retry");
    });

    it("is told to the server once, however often it is pressed", async () => {
        till.server.isOffline = true;
        await till.pay(line);
        till.controller.cancel(line);
        till.controller.cancel(line);
        await untilIdle();
        till.server.isOffline = false;
        await after(4000);
        assert.equal(till.server.callsOf("cancel").length, 1);
    });

    it("that finds the payment approved does not free the line", async () => {
        await till.pay(line);
        till.server.end("approved");
        assert.equal(await till.controller.cancel(line), false);
        await untilIdle();
        assert.equal(line.payment_status, "done");
    });

    it("tells a failure of the server", async () => {
        await till.pay(line);
        till.server.cancel = () => {
            throw new Refusal("no session");
        };
        till.controller.cancel(line);
        await untilIdle();
        assert.equal(till.dialog.body, "no session");
        assert.equal(line.payment_status, "waitingCard");
    });

    it("finds a line free that was refused, and not one that is done", async () => {
        line.payment_status = "retry";
        assert.equal(await till.controller.cancel(line), true);
        line.payment_status = "done";
        assert.equal(await till.controller.cancel(line), false);
        line.payment_status = "waiting";
        assert.equal(await till.controller.cancel(line), false);
    });
});

describe("deleting a line", () => {
    let till = null;
    let removed = null;
    beforeEach(() => {
        till = newTill();
        removed = 0;
    });
    afterEach(stopClock);

    const remove = async (line) => {
        till.controller.remove(line, () => (removed += 1));
        await untilIdle();
    };

    it("is refused while the terminal has it", async () => {
        const line = till.order(4.9);
        await till.pay(line);
        await remove(line);
        await till.answer();
        assert.equal(removed, 0);
    });

    it("is refused while nobody knows whether it was paid", async () => {
        const line = till.order(4.9);
        await till.payUnknown(line);
        await till.answer("later");
        await remove(line);
        await till.answer("later");
        assert.equal(removed, 0);
    });

    it("is done once a person said that it was not paid", async () => {
        const line = till.order(4.9);
        await till.payUnknown(line);
        await till.answer("later");
        await remove(line);
        await till.answer("refused");
        assert.equal(removed, 1);
    });

    it("is Odoo's own business for what is not open, or not ours", async () => {
        const line = till.order(4.9);
        line.payment_status = "retry";
        await remove(line);
        await remove(till.order(4.9, 4.9, CASH));
        assert.equal(removed, 2);
        assert.deepEqual(till.server.calls, []);
    });
});
