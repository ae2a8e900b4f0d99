import assert from "node:assert/strict";
import {afterEach, beforeEach, describe, it} from "node:test";

import {after, orderedTill, stopClock, untilIdle} from "./till.mjs";

describe("without the server", () => {
    let till = null;
    let line = null;
    beforeEach(() => {
        ({till, line} = orderedTill());
    });
    afterEach(stopClock);

    it("a start is tried again, with the same reference", async () => {
        till.server.losesReplies = true;
        await till.pay(line);
        await after(2000);
        till.server.losesReplies = false;
        await after(2000);
        const references = till.server
            .callsOf("start")
            .map((call) => call[2].reference);
        assert.equal(references.length, 3);
        assert.equal(new Set(references).size, 1);
        assert.equal(till.server.transactions.size, 1);
        assert.equal(line.payment_status, "waitingCard");
        assert.deepEqual(till.told, []);
    });

    it("a start is not repeated once its outcome was pushed", async () => {
        till.server.losesReplies = true;
        await till.pay(line);
        till.server.losesReplies = false;
        till.server.end("approved");
        till.push();
        await after(3000);
        assert.equal(till.server.callsOf("start").length, 1);
        assert.equal(line.payment_status, "done");
        assert.deepEqual(till.told, []);
    });

    it("a start is given up after 20 s, and forbidden once it is back", async () => {
        till.server.isOffline = true;
        await till.pay(line);
        await after(19000);
        assert.deepEqual(till.told, []);
        await after(4000);
        assert.equal(till.dialog.title, "Odoo server unreachable");
        assert.equal(line.payment_status, "waitingCard");
        till.server.isOffline = false;
        await after(2000);
        assert.deepEqual(till.server.callsOf("start"), []);
        assert.equal(till.server.callsOf("cancel").length, 1);
        assert.equal(line.payment_status, "retry");
        assert.equal(till.server.last().reason, "given_up");
    });

    it("a start that arrived goes on, though it was given up", async () => {
        till.server.losesReplies = true;
        await till.pay(line);
        await after(23000);
        till.server.losesReplies = false;
        await after(2000);
        assert.equal(line.payment_status, "waitingCard");
        till.server.end("approved");
        await after(3000);
        assert.equal(line.payment_status, "done");
    });

    it("a payment is asked about again once it is back", async () => {
        await till.pay(line);
        till.server.isOffline = true;
        await after(10000);
        till.server.end("approved");
        till.server.isOffline = false;
        await after(1000);
        assert.equal(line.payment_status, "done");
        assert.deepEqual(till.told, []);
    });

    it("old news are not believed once it is back", async () => {
        await till.pay(line);
        till.server.isOffline = true;
        await after(10000);
        till.server.end("approved");
        const old = till.server.stateOf(till.server.last().reference);
        const used = {owner_uuid: "line-of-b", lost_message: "used by B"};
        Object.assign(till.server.last(), used);
        till.server.isOffline = false;
        till.controller.onNotification({states: [old]});
        assert.equal(line.payment_status, "waitingCard");
        await untilIdle();
        assert.equal(line.payment_status, "retry");
        assert.match(till.dialog.body, /^used by B/);
    });

    it("a page that starts finds its payments once it is back", async () => {
        await till.pay(line);
        till.server.end("approved");
        till.server.isOffline = true;
        await till.reload();
        await after(10000);
        assert.equal(line.payment_status, "waitingCard");
        till.server.isOffline = false;
        await after(2000);
        assert.equal(line.payment_status, "done");
    });

    it("an order that Odoo could not save is saved once it is back", async () => {
        await till.open();
        await till.pay(line);
        till.server.end("approved");
        await after(1000);
        const order = line.pos_order_id;
        assert.equal(order.finalized, true);
        till.server.isOffline = true;
        await after(120000);
        assert.deepEqual(till.pos.saved, []);
        till.server.isOffline = false;
        await after(60000);
        assert.deepEqual(till.pos.saved, [order]);
    });

    it("an order that was just paid is left for Odoo to save", async () => {
        await till.open();
        await after(29000);
        await till.pay(line);
        till.server.end("approved");
        await after(10000);
        line.pos_order_id.id = 1;
        await after(60000);
        assert.deepEqual(till.pos.saved, []);
    });

    it("a cancel says what the customer may still do", async () => {
        await till.pay(line);
        till.server.isOffline = true;
        till.controller.cancel(line);
        await untilIdle();
        assert.match(till.dialog.body, /press its red key/);
        assert.equal(line.payment_status, "waitingCard");
    });
});
