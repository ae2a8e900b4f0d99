import assert from "node:assert/strict";
import {afterEach, beforeEach, describe, it} from "node:test";

import {CASH} from "./fake_pos.mjs";
import {Till, after, settle, startClock, stopClock} from "./till.mjs";

const TITLE = "The terminal approved a payment without a sale";

describe("money without a sale", () => {
    let till = null;
    beforeEach(() => {
        startClock();
        till = new Till();
    });
    afterEach(stopClock);

    /** Another page of this till took the money, and is gone. */
    const orphan = (values) => {
        const state = {reference: "orphan-1", line_uuid: "gone", ...values};
        const added = till.server.add({state: "approved", is_orphan: true, ...state});
        till.server.others = [added];
        return added;
    };

    it("is asked about when the page starts, and joins the sale on screen", async () => {
        const {reference} = orphan({approved_cents: 245});
        const order = till.pos.add_order(4.9);
        await till.open();
        await after(5000);
        assert.equal(till.dialog.title, TITLE);
        assert.equal(till.dialog.body, "summary of orphan-1");
        assert.deepEqual(till.choices, ["attach", "refunded", "later"]);
        await till.answer("attach");
        const [line] = order.payment_ids;
        assert.equal(line.payment_status, "done");
        assert.equal(line.amount, 2.45);
        assert.equal(line.transaction_id, reference);
        await after(60000);
        assert.equal(till.dialog, undefined);
    });

    it("is noted as given back", async () => {
        orphan();
        await till.open();
        await after(5000);
        await till.answer("refunded");
        assert.deepEqual(till.server.callsOf("mark_refunded"), [
            ["mark_refunded", "orphan-1"],
        ]);
    });

    it("cannot join where there is no sale, or a payment has begun", async () => {
        orphan();
        await till.pay(till.order(4.9));
        await till.open();
        await after(5000);
        assert.deepEqual(till.choices, ["refunded", "later"]);
    });

    it("is asked about once", async () => {
        orphan();
        await till.open();
        await after(5000);
        till.controller.onNotification();
        await settle();
        await till.answer("later");
        await after(120000);
        assert.deepEqual(till.told, [TITLE]);
    });

    it("is left to the page that has it: another one asks 30 s later", async () => {
        await till.open();
        orphan();
        till.controller.onNotification();
        await after(20000);
        assert.deepEqual(till.told, []);
        await after(20000);
        assert.deepEqual(till.told, [TITLE]);
    });

    it("is no more when its sale was saved within the moment of grace", async () => {
        const state = orphan();
        await till.open();
        await after(2000);
        state.is_orphan = false;
        await after(30000);
        assert.deepEqual(till.told, []);
    });

    it("is none while a line of this page carries it", async () => {
        orphan();
        till.order(4.9).transaction_id = "orphan-1";
        await till.open();
        await after(60000);
        assert.deepEqual(till.told, []);
    });

    it("is that of a line which was deleted while it was paid", async () => {
        const line = till.order(4.9);
        await till.pay(line);
        line.pos_order_id.remove(line);
        till.server.end("approved", {is_orphan: true});
        await after(7000);
        assert.equal(till.dialog.title, TITLE);
        assert.equal(line.payment_status, "waitingCard");
        assert.equal(till.pos.paymentTerminalInProgress, false);
    });

    it("returns to its line when a person had said that it was not paid", async () => {
        const line = till.order(4.9);
        await till.open();
        await till.pay(line);
        till.server.end("unknown");
        await after(1000);
        await till.answer("refused");
        assert.equal(line.payment_status, "retry");
        till.server.end("approved", {is_orphan: true});
        till.server.others = [till.server.last()];
        await after(30000);
        assert.equal(line.payment_status, "done");
    });

    it("may still come from a payment whose page is gone", async () => {
        orphan({state: "sent", is_orphan: false});
        await till.open();
        await after(10000);
        assert.deepEqual(till.told, []);
        till.server.end("approved", {is_orphan: true});
        await after(7000);
        assert.equal(till.dialog.title, TITLE);
    });

    it("is asked about again by the next page", async () => {
        orphan();
        till.order(4.9, 4.9, CASH);
        await till.open();
        await after(5000);
        await till.answer("later");
        await till.reload();
        await after(5000);
        assert.deepEqual(till.told, [TITLE]);
    });
});

describe("closing a session", () => {
    let till = null;
    beforeEach(() => {
        till = new Till();
    });

    const check = async () => {
        const closes = till.controller.checkClosing();
        await settle();
        return closes;
    };

    it("is not held up where no terminal did anything", async () => {
        assert.equal(await check(), true);
        assert.deepEqual(till.told, []);
    });

    for (const [choice, closes] of [
        ["close", true],
        ["later", false],
    ]) {
        it(`shows what the terminals did first: ${choice}`, async () => {
            till.server.closingText = {text: "2 payments", needs_attention: true};
            const closing = till.controller.checkClosing();
            await settle();
            assert.match(till.dialog.body, /^2 payments\n\nSome payments/);
            await till.answer(choice);
            assert.equal(await closing, closes);
        });
    }
});
