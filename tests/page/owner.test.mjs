import assert from "node:assert/strict";
import {afterEach, beforeEach, describe, it} from "node:test";

import {after, newTill, stopClock, Till, untilIdle, waitingTill} from "./till.mjs";

const LOST = "This payment no longer belongs to this order";

describe("a line whose money another one owns", () => {
    let till = null;
    let line = null;
    beforeEach(async () => {
        ({till, line} = await waitingTill());
    });
    afterEach(stopClock);

    const used = {owner_uuid: "line-of-b", lost_message: "used for order 7 by Ann"};

    it("is free and told, when its page comes back", async () => {
        till.server.end("approved", used);
        await till.reload();
        assert.equal(line.payment_status, "retry");
        assert.equal(line.transaction_id, undefined);
        assert.equal(till.dialog.title, LOST);
        assert.match(till.dialog.body, /^used for order 7 by Ann/);
        assert.deepEqual(till.adapter.validated, []);
    });

    it("is free and told, when it waits and somebody gave the money back", async () => {
        till.server.end("approved", {owner_uuid: "", lost_message: "given back"});
        await after(1000);
        assert.equal(line.payment_status, "retry");
        assert.match(till.dialog.body, /^given back/);
    });

    it("is found free by Cancel", async () => {
        till.server.end("approved", used);
        assert.equal(await till.controller.cancel(line), true);
    });

    it("is taken back when it was called paid: at the next round", async () => {
        line.pos_order_id.total = 9;
        till.server.end("approved", {receipt: "CB"});
        await till.open();
        await after(1000);
        assert.equal(line.payment_status, "done");
        till.server.end("approved", used);
        await after(30000);
        assert.equal(line.payment_status, "retry");
        assert.equal(line.transaction_id, "");
        assert.equal(line.ticket, "");
        assert.equal(till.dialog.title, LOST);
        await till.answer();
        await after(60000);
        assert.equal(till.told.length, 1);
    });

    it("is taken back at once when the server pushes it", async () => {
        line.pos_order_id.total = 9;
        till.server.end("approved");
        await till.open();
        await after(1000);
        till.server.end("approved", used);
        till.push();
        await untilIdle();
        assert.equal(line.payment_status, "retry");
    });

    it("is told once, and never paid by old news that the bus repeats", async () => {
        till.server.end("approved");
        const old = till.server.stateOf(till.server.last().reference);
        till.server.end("approved", used);
        till.server.hold();
        await till.reload();
        till.controller.onNotification({states: [old]});
        till.server.letGo();
        await untilIdle();
        till.controller.onNotification({states: [old]});
        await after(1000);
        assert.equal(line.payment_status, "retry");
        assert.deepEqual(till.adapter.validated, []);
        assert.deepEqual(till.told, [LOST]);
    });

    it("is found before its order is validated by a page that was asleep", async () => {
        line.pos_order_id.total = 9;
        till.server.end("approved");
        await till.open();
        await after(1000);
        till.server.end("approved", used);
        till.controller.follower.lookedAt -= 90000; // No timer ran meanwhile
        await till.controller.mayValidate(line.pos_order_id);
        assert.equal(line.payment_status, "retry");
    });

    it("lets an order be validated without the server", async () => {
        till.server.end("approved");
        await till.open();
        await after(1000);
        till.server.isOffline = true;
        await after(90000);
        assert.equal(await till.controller.mayValidate(line.pos_order_id), true);
    });

    it("keeps no other line from hearing when its order is sealed", async () => {
        till.server.end("approved", {approved_cents: 300});
        await till.open();
        line.set_amount = () => {
            throw new Error("sealed");
        };
        const other = till.order(2);
        await till.pay(other);
        till.server.end("approved");
        await after(1000);
        assert.equal(other.payment_status, "done");
    });

    it("may be sent again, with its own money", async () => {
        till.server.end("approved", used);
        await till.reload();
        await till.answer();
        till.server.attempt = () => undefined;
        await till.pay(line);
        till.server.end("approved");
        await after(1000);
        assert.equal(line.payment_status, "done");
        assert.equal(line.transaction_id, till.server.last().reference);
    });
});

describe("a paid line that another page has reversed", () => {
    afterEach(stopClock);

    it("is reversed here too, and told", async () => {
        const {till, line} = await waitingTill();
        line.pos_order_id.total = 9;
        till.server.end("approved");
        await till.open();
        await after(1000);
        assert.equal(line.payment_status, "done");
        const {line_uuid} = till.server.last();
        till.server.end("approved", {owner_uuid: "", lost_message: "reversed by Ann"});
        till.server.add({
            reference: "reversal-1",
            line_uuid,
            operation: "reversal",
            state: "approved",
        });
        await after(30000);
        assert.equal(line.payment_status, "reversed");
        assert.equal(line.amount, 0);
        assert.match(till.dialog.body, /summary of reversal-1/);
        await till.answer();
        await after(60000);
        assert.equal(till.told.length, 1);
    });
});

describe("lines that this page did not send", () => {
    let till = null;
    let other = null;
    beforeEach(async () => {
        till = newTill();
        other = new Till(till.server);
        await till.open();
    });
    afterEach(stopClock);

    /** A line that another device sent comes by synchronisation, or with its table. */
    const arrive = async (status) => {
        const sent = other.order(4.9);
        await other.pay(sent);
        const line = till.order(4.9);
        Object.assign(line, {uuid: sent.uuid, payment_status: status || "waiting"});
        other.adapter.isGone = true;
        return line;
    };

    it("are followed within a second, whatever the screen", async () => {
        const line = await arrive();
        till.order(2); // Another sale is on the screen
        await after(1000);
        assert.equal(line.payment_status, "waitingCard");
        till.server.end("approved");
        await after(1000);
        assert.equal(line.payment_status, "done");
        assert.equal(till.server.callsOf("start").length, 1);
    });

    it("say who sent them to whoever opens their order, once", async () => {
        const line = await arrive();
        till.order(2); // Another sale is on the screen
        await after(3000);
        assert.deepEqual(till.told, []);
        till.pos.order = line.pos_order_id;
        await after(3000);
        assert.equal(till.dialog.title, "This order is being paid already");
        assert.equal(till.dialog.body, "sent by Bob");
        await till.answer();
        await after(3000);
        assert.equal(till.told.length, 1);
    });

    it("say who sent them to a device that starts with their order", async () => {
        await arrive();
        await till.reload();
        await after(3000);
        assert.equal(till.dialog.body, "sent by Bob");
    });

    it("say nothing of that once they have ended, or to the page that sent them", async () => {
        const line = await arrive();
        till.order(2);
        await after(3000);
        till.server.end("refused");
        await after(3000);
        till.pos.order = line.pos_order_id;
        await till.pay(line);
        await after(3000);
        assert.deepEqual(till.told, []);
        await till.reload();
        await after(3000);
        assert.deepEqual(till.told, []);
    });

    it("are validated by a person: the page that sent them may do so by itself", async () => {
        const line = await arrive();
        await after(1000);
        till.server.end("approved");
        await after(1000);
        assert.equal(line.payment_status, "done");
        assert.deepEqual(till.adapter.validated, []);
    });

    it("hear their Cancel at once, and say who may stop the terminal", async () => {
        const line = await arrive();
        till.controller.cancel(line);
        await untilIdle();
        assert.equal(till.dialog.body, "press the red key");
    });

    it("hear Force done and their question at once", async () => {
        const line = await arrive();
        till.server.end("unknown");
        till.controller.resolve(line);
        await untilIdle();
        assert.deepEqual(till.choices, ["approved", "refused", "later"]);
    });

    it("cannot be deleted while they wait", async () => {
        const line = await arrive();
        let isRemoved = false;
        till.controller.remove(line, () => (isRemoved = true));
        await untilIdle();
        await till.answer();
        assert.equal(isRemoved, false);
    });

    for (const status of ["waiting", "retry", "pending"]) {
        it(`are paid by the server's word, though they were saved as ${status}`, async () => {
            const line = await arrive(status);
            till.server.end("approved");
            await after(30000);
            assert.equal(line.payment_status, "done");
        });
    }

    it("hear nothing that is older than what was sent since", async () => {
        const line = await arrive();
        till.server.hold();
        till.controller.follower.look();
        await untilIdle();
        await till.pay(line);
        till.server.letGo();
        await untilIdle();
        assert.equal(till.controller.payment(line).isOwn, true);
    });

    it("are not asked about again and again while the server is away", async () => {
        await arrive();
        till.server.isOffline = true;
        await after(2000);
        till.server.isOffline = false;
        till.server.calls = [];
        await after(10000);
        assert.deepEqual(till.server.callsOf("unfinished"), []);
    });

    it("that the server does not know yet are given time to arrive", async () => {
        const line = till.order(4.9);
        line.payment_status = "waiting";
        await after(20000);
        till.controller.cancel(line);
        await untilIdle();
        assert.equal(line.payment_status, "waiting");
        await after(40000);
        assert.equal(line.payment_status, "retry");
    });

    it("that are unknown, and that the server lost, stay so: a person is asked", async () => {
        const line = till.order(4.9);
        line.payment_status = "unknown";
        await till.reload();
        assert.equal(line.payment_status, "unknown");
        assert.match(till.dialog.body, /no trace of this payment/);
        await till.answer("later");
        assert.equal(till.controller.isOpen(line), true);
        till.controller.resolve(line);
        await untilIdle();
        await till.answer("refused");
        assert.equal(line.payment_status, "retry");
    });

    it("that the server lost may be called paid by a person", async () => {
        const line = till.order(4.9);
        line.payment_status = "unknown";
        await till.reload();
        await till.answer("approved");
        assert.equal(line.payment_status, "done");
        assert.equal(till.adapter.mark.text, "");
    });
});

describe("a person and the terminal who differ", () => {
    let till = null;
    let line = null;
    beforeEach(async () => {
        till = newTill();
        await till.open();
        line = till.order(4.9);
        await till.payUnknown(line);
    });
    afterEach(stopClock);

    const differ = {needs_person: true, title: "they differ", message: "refused, 0.00"};

    it("are told at once, and once, though the sale is over", async () => {
        await till.answer("approved");
        await till.answer("apply");
        assert.deepEqual(till.adapter.validated, [line.pos_order_id]);
        till.server.end("approved", differ);
        till.push();
        await untilIdle();
        assert.match(till.dialog.body, /^summary of .*\nrefused, 0.00$/);
        await till.answer();
        assert.equal(till.adapter.mark.text, "");
        till.push();
        till.server.others = [till.server.last()];
        await after(60000);
        assert.equal(till.dialog, undefined);
    });

    it("are not told by old news that were resolved since", async () => {
        await till.answer("refused");
        till.server.end("refused", differ);
        const old = till.server.stateOf(till.server.last().reference);
        till.server.end("refused", {needs_person: false});
        till.controller.onNotification({states: [old]});
        await untilIdle();
        assert.equal(till.dialog, undefined);
    });

    it("are told by the next round where nothing is pushed", async () => {
        await till.answer("refused");
        till.server.end("refused", differ);
        await after(30000);
        assert.equal(till.dialog.title, "they differ");
    });

    it("are told at once that the customer paid twice", async () => {
        await till.answer("refused");
        till.server.attempt = () => undefined;
        await till.pay(line);
        till.server.end("approved");
        await after(1000);
        const [first] = till.server.transactions.values();
        const late = {state: "approved", owner_uuid: "", is_orphan: true, offer: true};
        Object.assign(first, late);
        till.controller.onNotification({
            states: [till.server.stateOf(first.reference)],
        });
        await untilIdle();
        assert.match(till.dialog.title, /^The customer has paid twice/);
    });
});
