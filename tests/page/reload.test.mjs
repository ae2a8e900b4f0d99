import assert from "node:assert/strict";
import {afterEach, beforeEach, describe, it} from "node:test";

import {Refusal} from "./fake_server.mjs";
import {after, newTill, stopClock, untilIdle, waitingTill} from "./till.mjs";

describe("a page loaded again", () => {
    let till = null;
    let line = null;
    beforeEach(async () => {
        ({till, line} = await waitingTill());
    });
    afterEach(stopClock);

    it("goes on waiting, and ends the line", async () => {
        await till.reload();
        assert.equal(line.payment_status, "waitingCard");
        till.server.end("approved");
        await after(1000);
        assert.equal(line.payment_status, "done");
        assert.deepEqual(till.adapter.validated, [line.pos_order_id]);
        assert.equal(till.server.callsOf("start").length, 1);
    });

    it("learns what was approved meanwhile", async () => {
        till.server.end("approved", {approved_cents: 300, message: "3.00 of 4.90"});
        await till.reload();
        assert.equal(line.payment_status, "done");
        assert.equal(line.amount, 3);
        assert.equal(till.dialog.body, "3.00 of 4.90");
    });

    it("learns what was refused meanwhile, and why", async () => {
        till.server.end("refused", {message: "refused"});
        await till.reload();
        assert.equal(line.payment_status, "retry");
        assert.equal(till.dialog.body, "refused");
    });

    it("asks about what is unknown", async () => {
        till.server.end("unknown", {message: "look at it"});
        await till.reload();
        assert.equal(line.payment_status, "unknown");
        await till.answer("refused");
        assert.equal(line.payment_status, "retry");
    });

    it("asks about a line that the server had and has lost", async () => {
        till.server.transactions.clear();
        await till.reload();
        assert.equal(line.payment_status, "unknown");
        assert.match(till.dialog.body, /The server has no trace of this payment/);
    });

    it("frees a line that the server never heard of", async () => {
        till.server.isOffline = true;
        const unsent = till.order(4.9);
        await till.pay(unsent);
        till.adapter.isGone = true;
        till.server.isOffline = false;
        await till.reload();
        assert.equal(unsent.payment_status, "retry");
        assert.equal(till.server.callsOf("start").length, 1);
    });

    it("ends a reversal as one", async () => {
        till.pos.config.auto_validate_terminal_payment = false;
        till.server.end("approved");
        await after(1000);
        till.controller.reverse(line);
        line.payment_status = "reversing";
        await untilIdle();
        await till.reload();
        assert.equal(line.payment_status, "reversing");
        till.server.end("approved");
        await after(1000);
        assert.equal(line.payment_status, "reversed");
        assert.equal(line.amount, 0);
    });

    it("tells the server every 30 s which lines it holds, paid ones too", async () => {
        line.payment_status = "done";
        const second = till.order(2);
        const paid = till.order(3);
        paid.pos_order_id.finalized = true;
        const saved = till.order(3);
        Object.assign(saved.pos_order_id, {finalized: true, id: 12});
        await till.reload();
        await after(60000);
        const calls = till.server.callsOf("unfinished");
        assert.equal(calls.length, 3);
        const {page} = till.controller;
        const held = [line.uuid, second.uuid, paid.uuid];
        assert.deepEqual(calls[2], ["unfinished", 3, held, page]);
    });

    it("tells why the server does not answer", async () => {
        till.server.unfinished = () => {
            throw new Refusal("no such session");
        };
        await till.reload();
        assert.equal(till.dialog.body, "no such session");
        assert.equal(line.payment_status, "waitingCard");
    });

    it("asks the server more slowly after 30 s", async () => {
        await till.reload();
        await after(30000);
        const before = till.server.callsOf("status").length;
        assert.ok(before >= 29);
        await after(30000);
        assert.ok(till.server.callsOf("status").length - before <= 11);
    });

    it("hears at once what the server pushes, and asks for no more", async () => {
        await till.reload();
        till.server.calls = [];
        till.push();
        assert.equal(line.payment_status, "waitingCard");
        till.server.end("approved");
        till.push();
        await untilIdle();
        assert.equal(line.payment_status, "done");
        assert.deepEqual(till.server.calls, []);
    });
});

describe("a server that has lost a payment", () => {
    let till = null;
    let line = null;
    beforeEach(async () => {
        ({till, line} = await waitingTill());
        await till.open();
        await after(1000);
        till.server.transactions.clear(); // A backup, a standby that came late
    });
    afterEach(stopClock);

    const isAsked = () => {
        assert.equal(line.payment_status, "unknown");
        assert.match(till.dialog.body, /The server has no trace of this payment/);
        assert.deepEqual(till.server.callsOf("cancel"), []);
    };

    it("does not keep its line waiting for ever", async () => {
        await after(3000);
        isAsked();
        assert.equal(till.pos.paymentTerminalInProgress, false);
        await till.answer("approved");
        assert.equal(line.payment_status, "done");
    });

    it("takes an answer that comes when another device has dropped the line", async () => {
        await after(3000);
        till.pos.order.remove_paymentline(line);
        till.pos.paymentTerminalInProgress = true;
        await till.answer("refused");
        assert.equal(till.pos.paymentTerminalInProgress, false);
        assert.equal(till.adapter.mark.text, "");
    });

    it("does not free its line by Cancel", async () => {
        assert.equal(await till.controller.cancel(line), false);
        await after(1000);
        isAsked();
        await till.answer("refused");
        assert.equal(line.payment_status, "retry");
    });
});

describe("two payments at once", () => {
    let till = null;
    beforeEach(() => {
        till = newTill();
    });
    afterEach(stopClock);

    const payTwo = async () => {
        const lines = [till.order(4.9), till.order(7)];
        for (const line of lines) {
            await till.pay(line);
        }
        return lines;
    };
    const loseTwo = async () => {
        const lines = await payTwo();
        for (const state of till.server.transactions.values()) {
            state.state = "unknown";
        }
        await after(1000);
        return lines;
    };

    it("each get their own answer", async () => {
        const [first, second] = await payTwo();
        assert.equal(till.server.transactions.size, 2);
        till.server.end("approved");
        await after(1000);
        assert.equal(first.payment_status, "waitingCard");
        assert.equal(second.payment_status, "done");
        assert.equal(second.amount, 7);
        const [one] = till.server.transactions.values();
        one.state = "refused";
        await after(1000);
        assert.equal(first.payment_status, "retry");
    });

    it("ask one question after the other", async () => {
        const [first, second] = await loseTwo();
        const [one, two] = [...till.server.transactions.values()];
        assert.match(till.dialog.body, new RegExp(one.summary));
        await till.answer("approved");
        assert.equal(till.dialog.input, "text", "the number belongs to its question");
        await till.answer("apply");
        assert.match(till.dialog.body, new RegExp(two.summary));
        await till.answer("refused");
        assert.equal(first.payment_status, "done");
        assert.equal(second.payment_status, "retry");
    });

    it("show no question whose payment has ended before its turn", async () => {
        const [, second] = await loseTwo();
        till.server.end("approved");
        await after(1000);
        assert.equal(second.payment_status, "done");
        await till.answer("later");
        assert.equal(till.dialog, undefined);
        assert.equal(till.told.length, 1);
    });
});
