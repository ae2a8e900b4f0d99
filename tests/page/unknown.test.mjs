import assert from "node:assert/strict";
import {afterEach, beforeEach, describe, it} from "node:test";

import {Refusal} from "./fake_server.mjs";
import {after, stopClock, unknownTill, untilIdle} from "./till.mjs";

describe("an unknown payment", () => {
    let till = null;
    let line = null;
    beforeEach(async () => {
        ({till, line} = await unknownTill());
    });
    afterEach(stopClock);

    it("is neither done nor free, and a person is asked", async () => {
        assert.equal(line.payment_status, "unknown");
        assert.match(till.dialog.body, /^summary of .*\nlook at it\n$/);
        assert.deepEqual(till.choices, ["approved", "refused", "later"]);
        assert.equal(till.controller.isOpen(line), true);
        assert.equal(till.pos.paymentTerminalInProgress, false);
    });

    it("is paid when the person read so, with the authorisation number", async () => {
        await till.answer("approved");
        await till.answer("apply", " 123456 ");
        const {reference} = till.server.last();
        assert.deepEqual(till.server.callsOf("resolve"), [
            ["resolve", reference, "approved", "123456", false],
        ]);
        assert.equal(line.payment_status, "done");
        assert.equal(line.payment_method_authcode, "123456");
        assert.deepEqual(till.adapter.validated, [line.pos_order_id]);
    });

    it("stays unknown when the person goes back from the number", async () => {
        await till.answer("approved");
        await till.answer("back", "123456");
        assert.deepEqual(till.server.callsOf("resolve"), []);
        assert.equal(line.payment_status, "unknown");
    });

    it("is free when the person read so, and no words are needed", async () => {
        till.server.last().message = "it was said so";
        await till.answer("refused");
        assert.equal(line.payment_status, "retry");
        assert.equal(till.dialog, undefined);
    });

    it("may wait, and is asked about again by its button", async () => {
        await till.answer("later");
        await after(60000);
        assert.equal(till.dialog, undefined);
        assert.equal(line.payment_status, "unknown");
        till.controller.resolve(line);
        await untilIdle();
        await till.answer("refused");
        assert.equal(line.payment_status, "retry");
    });

    it("comes back when Odoo takes the question off the screen", async () => {
        await till.closeDialog();
        assert.equal(till.dialog, undefined);
        await after(1000);
        assert.deepEqual(till.choices, ["approved", "refused", "later"]);
        await till.answer("approved");
        await till.closeDialog();
        await after(1000);
        assert.deepEqual(till.choices, ["apply", "back"]);
    });

    it("that may wait leaves a mark on the screen, which asks again", async () => {
        assert.equal(till.adapter.mark.text, "");
        await till.answer("later");
        assert.equal(till.adapter.mark.text, "1 payment to look at");
        await till.openMark();
        await till.answer("refused");
        assert.equal(till.adapter.mark.text, "");
        assert.equal(line.payment_status, "retry");
    });

    it("is asked about once at a time", async () => {
        till.controller.resolve(line);
        till.controller.resolve(line);
        await untilIdle();
        await till.answer("later");
        assert.equal(till.dialog, undefined);
    });

    it("is asked about when the cashier presses Cancel", async () => {
        await till.answer("later");
        const free = till.controller.cancel(line);
        await untilIdle();
        assert.deepEqual(till.choices, ["approved", "refused", "later"]);
        await till.answer("later");
        assert.equal(await free, false);
        assert.equal(line.payment_status, "unknown");
    });

    it("ends with the terminal's late word: the question leaves the screen", async () => {
        till.server.end("approved", {message: ""});
        await after(1000);
        assert.equal(till.dialog, undefined);
        assert.equal(line.payment_status, "done");
    });

    it("does not hear a person whom the terminal was quicker than", async () => {
        await till.answer("approved");
        till.server.end("refused", {message: ""});
        await after(1000);
        assert.equal(till.dialog, undefined);
        assert.deepEqual(till.server.callsOf("resolve"), []);
        assert.equal(line.payment_status, "retry");
    });

    it("does not hear a person in the moment that the server pushes its end", async () => {
        till.server.end("approved", {message: ""});
        till.dialog.answer("refused");
        till.push();
        await untilIdle();
        assert.deepEqual(till.server.callsOf("resolve"), []);
        assert.equal(line.payment_status, "done");
    });

    it("frees the terminals for other orders once, when it becomes unknown", async () => {
        till.pos.paymentTerminalInProgress = true; // Another order is being paid
        await after(3000);
        assert.equal(till.pos.paymentTerminalInProgress, true);
    });

    it("tells what the server has against a person's word", async () => {
        till.server.resolve = () => {
            throw new Refusal("too long");
        };
        await till.answer("refused");
        assert.equal(till.dialog.body, "too long");
        assert.equal(line.payment_status, "unknown");
        await till.answer();
        till.controller.resolve(line);
        await untilIdle();
        assert.deepEqual(till.choices, ["approved", "refused", "later"]);
    });
});

describe("a terminal that can be asked", () => {
    let till = null;
    let line = null;
    beforeEach(async () => {
        ({till, line} = await unknownTill({can_query: true}));
    });
    afterEach(stopClock);

    it("is asked, and its answer is added to the question", async () => {
        const payment = till.server.last();
        assert.deepEqual(till.choices, ["approved", "refused", "query", "later"]);
        await till.answer("query");
        assert.equal(till.dialog, undefined);
        till.server.end("approved", {message: "4.90 at 12:00"});
        await after(1000);
        assert.match(till.dialog.body, /look at it\n4.90 at 12:00$/);
        assert.equal(line.payment_status, "unknown");
        await till.answer("approved");
        await till.answer("apply");
        assert.equal(payment.state, "approved");
        assert.equal(line.payment_status, "done");
    });

    it("that fails to answer leaves the question as it was", async () => {
        till.server.query_terminal = () => {
            throw new Refusal("no answer");
        };
        await till.answer("query");
        assert.match(till.dialog.body, /look at it\nno answer$/);
        assert.deepEqual(till.choices, ["approved", "refused", "query", "later"]);
    });

    it("asks no more about a payment that ended meanwhile", async () => {
        const payment = till.server.last();
        await till.answer("query");
        Object.assign(payment, {state: "refused", message: ""});
        till.server.end("refused", {message: "nothing"});
        await after(2000);
        assert.equal(till.dialog, undefined);
        assert.equal(line.payment_status, "retry");
    });
});
