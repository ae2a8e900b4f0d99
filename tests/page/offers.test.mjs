import assert from "node:assert/strict";
import {afterEach, beforeEach, describe, it} from "node:test";

import {CASH} from "./fake_pos.mjs";
import {after, newTill, stopClock, untilIdle} from "./till.mjs";

const TITLE = "The terminal approved a payment without a sale";

describe("money without a sale, offered by the server", () => {
    let till = null;
    beforeEach(() => {
        till = newTill();
    });
    afterEach(stopClock);

    const offer = (values) => {
        const state = {reference: "orphan-1", line_uuid: "line-of-a", ...values};
        const lost = {state: "approved", is_orphan: true, offer: true};
        const added = till.server.add({...lost, ...state});
        till.server.others.push(added);
        return added;
    };

    it("joins the sale on screen, once the server gave it to that line", async () => {
        offer({approved_cents: 245});
        const order = till.pos.add_order(4.9);
        await till.open();
        assert.equal(till.dialog.title, TITLE);
        assert.equal(till.dialog.body, "summary of orphan-1");
        assert.deepEqual(till.choices, ["attach", "refunded", "later"]);
        await till.answer("attach");
        const [line] = order.payment_ids;
        const [[, reference, sale, owner]] = till.server.callsOf("attach");
        assert.deepEqual([reference, owner], ["orphan-1", "line-of-a"]);
        assert.deepEqual(sale, {
            line_uuid: line.uuid,
            order_uuid: order.uuid,
            order_name: "Order 1",
            session_id: 3,
            page: till.controller.page,
        });
        assert.equal(line.payment_status, "done");
        assert.equal(line.amount, 2.45);
        assert.equal(line.transaction_id, "orphan-1");
        await after(60000);
        assert.deepEqual(till.told, [TITLE]);
    });

    it("is told once, however long the server takes to give it", async () => {
        offer({approved_cents: 245, message: "2.45 of 4.90"});
        const order = till.pos.add_order(4.9);
        await till.open();
        await after(25000);
        till.server.hold();
        await till.answer("attach");
        const [reply] = till.server.held;
        till.server.held = null; // The page goes on asking
        const rounds = till.server.callsOf("unfinished").length;
        await after(9000);
        assert.equal(till.server.callsOf("unfinished").length, rounds + 1);
        assert.deepEqual(till.told, [TITLE]);
        reply();
        await untilIdle();
        assert.equal(order.payment_ids[0].payment_status, "done");
        assert.deepEqual(till.told, [TITLE]);
    });

    it("is not taken when somebody else was quicker, and it is told", async () => {
        const state = offer();
        const order = till.pos.add_order(4.9);
        await till.open();
        Object.assign(state, {owner_uuid: "line-of-c", lost_message: "used by C"});
        await till.answer("attach");
        assert.deepEqual(order.payment_ids, []);
        assert.equal(till.dialog.title, "This payment no longer belongs to this order");
        assert.match(till.dialog.body, /^used by C/);
    });

    it("is not taken when the server cannot be reached", async () => {
        offer();
        const order = till.pos.add_order(4.9);
        await till.open();
        till.server.isOffline = true;
        await till.answer("attach");
        assert.deepEqual(order.payment_ids, []);
        assert.equal(till.dialog.title, "Odoo server unreachable");
    });

    for (const [name, total, operation] of [
        ["an empty order", 0, "debit"],
        ["an order that gives money back", -4.9, "debit"],
        ["a refund to an order that owes money", 4.9, "credit"],
    ]) {
        it(`cannot be added: ${name}`, async () => {
            offer({operation});
            till.pos.add_order(total);
            await till.open();
            assert.deepEqual(till.choices, ["refunded", "later"]);
        });
    }

    it("cannot be added where a payment has begun, or without a sale", async () => {
        offer();
        await till.pay(till.order(4.9));
        await till.open();
        assert.deepEqual(till.choices, ["refunded", "later"]);
        await till.answer("later");
        till.pos.order = null;
        await till.openMark();
        assert.deepEqual(till.choices, ["refunded", "later"]);
    });

    it("is asked about once a cashier is at work", async () => {
        offer();
        till.pos.order = null; // The log-in screen, or a restaurant's tables
        await till.open();
        assert.equal(till.dialog, undefined);
        assert.equal(till.adapter.mark.text, "1 payment to look at");
        till.pos.add_order(4.9);
        await after(1000);
        assert.equal(till.dialog.title, TITLE);
        assert.equal(till.adapter.mark.text, "");
    });

    it("is asked about twice when it is more than the sale owes", async () => {
        offer({approved_cents: 690});
        const order = till.pos.add_order(4.9);
        await till.open();
        await till.answer("attach");
        assert.deepEqual(till.server.callsOf("attach"), []);
        assert.match(till.dialog.body, /larger than what the sale on screen owes/);
        assert.deepEqual(till.choices, ["attach", "refunded", "later"]);
        await till.answer("attach");
        assert.equal(order.payment_ids[0].amount, 6.9);
    });

    it("of a refund says so, and joins an order that gives money back", async () => {
        offer({operation: "credit"});
        const order = till.pos.add_order(-4.9);
        await till.open();
        assert.equal(
            till.dialog.title,
            "The terminal approved a refund without a sale"
        );
        await till.answer("attach");
        assert.equal(order.payment_ids[0].amount, -4.9);
    });

    it("is noted as given back", async () => {
        till.pos.add_order(4.9);
        offer();
        await till.open();
        await till.answer("refunded");
        assert.deepEqual(till.server.callsOf("mark_refunded"), [
            ["mark_refunded", "orphan-1", "line-of-a", false],
        ]);
        assert.equal(till.adapter.mark.text, "");
    });

    it("is not given back once another sale has it, and it is told", async () => {
        till.pos.add_order(4.9);
        const state = offer();
        await till.open();
        Object.assign(state, {owner_uuid: "line-of-b", lost_message: "used by Ann"});
        till.server.others = [];
        await till.answer("refunded");
        assert.equal(till.dialog.title, "Not recorded as refunded");
        assert.match(till.dialog.body, /^used by Ann/);
        await till.answer();
        assert.equal(till.adapter.mark.text, "");
    });

    it("stays on the list until it is decided, and is asked about once", async () => {
        till.pos.add_order(4.9);
        offer();
        await till.open();
        await till.answer("later");
        await after(120000);
        assert.deepEqual(till.told, [TITLE]);
        assert.equal(till.adapter.mark.text, "1 payment to look at");
        await till.openMark();
        await till.answer("refunded");
        assert.equal(till.adapter.mark.text, "");
    });

    it("leaves the screen and the list when somebody else decides", async () => {
        till.pos.add_order(4.9);
        offer();
        await till.open();
        till.server.others = [];
        await after(30000);
        assert.equal(till.dialog, undefined);
        assert.equal(till.adapter.mark.text, "");
    });

    it("leaves the screen at once when the server says that it is no more", async () => {
        till.pos.add_order(4.9);
        const state = offer();
        await till.open();
        state.is_orphan = false;
        till.push();
        await untilIdle();
        assert.equal(till.dialog, undefined);
    });

    it("is none while a line of this page carries it", async () => {
        offer();
        till.order(4.9).transaction_id = "orphan-1";
        await till.open();
        await after(60000);
        assert.deepEqual(till.told, []);
    });

    it("is that of a line which was deleted while it was paid", async () => {
        const line = till.order(4.9);
        await till.open();
        await till.pay(line);
        line.pos_order_id.remove_paymentline(line);
        till.server.end("approved", {is_orphan: true, offer: true});
        till.server.others = [till.server.last()];
        await after(1000);
        assert.equal(till.dialog.title, TITLE);
        assert.equal(till.pos.paymentTerminalInProgress, false);
    });

    it("is that of a line whose order was read again without it", async () => {
        const line = till.order(4.9);
        await till.open();
        await till.pay(line);
        till.pos.orders = [];
        till.pos.add_order(4.9);
        till.server.end("approved", {is_orphan: true, offer: true});
        till.server.others = [till.server.last()];
        await after(1000);
        assert.equal(till.dialog.title, TITLE);
    });

    it("says that the customer paid twice when the line was paid again", async () => {
        const line = till.order(4.9);
        Object.assign(line, {payment_status: "done", transaction_id: "second"});
        offer({line_uuid: line.uuid, owner_uuid: ""});
        await till.open();
        assert.match(till.dialog.title, /^The customer has paid twice/);
    });

    it("may be unknown: a person says what became of it", async () => {
        till.pos.add_order(4.9);
        offer({state: "unknown", is_orphan: false});
        await till.open();
        assert.deepEqual(till.choices, ["approved", "refused", "later"]);
        till.server.others = [];
        await till.answer("refused");
        assert.equal(till.server.last().state, "refused");
        assert.equal(till.adapter.mark.text, "");
    });

    it("waits in a list when there are several, which a person opens", async () => {
        for (const reference of ["one", "two", "three"]) {
            offer({reference, line_uuid: reference});
        }
        await till.open();
        assert.deepEqual(till.told, []);
        assert.equal(till.adapter.mark.text, "3 payments to look at");
        await till.openMark();
        assert.deepEqual(till.choices, ["one", "two", "three", "later"]);
        assert.equal(till.dialog.choices[1].label, "Without a sale - summary of two");
        await till.answer("two");
        await till.answer("refunded");
        assert.equal(till.adapter.mark.text, "2 payments to look at");
        assert.equal(till.server.callsOf("mark_refunded")[0][1], "two");
        await till.openMark();
        await till.answer("later");
        assert.equal(till.adapter.mark.text, "2 payments to look at");
    });

    it("is asked about again by the next page", async () => {
        offer();
        till.order(4.9, 4.9, CASH);
        await till.open();
        await till.answer("later");
        await till.reload();
        assert.deepEqual(till.told, [TITLE]);
    });
});
