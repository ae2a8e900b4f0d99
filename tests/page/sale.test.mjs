import assert from "node:assert/strict";
import {afterEach, beforeEach, describe, it} from "node:test";

import {CASH} from "./fake_pos.mjs";
import {after, newTill, stopClock, untilIdle} from "./till.mjs";

describe("a sale", () => {
    let till = null;
    beforeEach(() => {
        till = newTill();
    });
    afterEach(stopClock);

    /** Pay until the server is asked, whose reply is held back. */
    async function payHeld() {
        const headStart = {isOver: false};
        till.server.hold();
        await till.pay(till.order(4.9));
        till.controller.server.headStart.then(() => (headStart.isOver = true));
        return headStart;
    }

    /** Pay until it is approved; return what has the browser draw that. */
    async function payUndrawn(line) {
        let draw = null;
        till.adapter.drawn = () => new Promise((resolve) => (draw = resolve));
        await till.pay(line);
        till.server.end("approved");
        await after(1000);
        return draw;
    }

    it("waits for the card as soon as the amount is sent", async () => {
        const line = till.order(4.9);
        await till.pay(line);
        assert.equal(line.payment_status, "waitingCard");
        const [[, methodId, payload]] = till.server.callsOf("start");
        assert.equal(methodId, 7);
        const {reference, ...rest} = payload;
        assert.match(reference, /^[0-9a-f]{32}$/);
        assert.deepEqual(rest, {
            operation: "debit",
            line_uuid: line.uuid,
            amount_cents: 490,
            session_id: 3,
            order_uuid: line.pos_order_id.uuid,
            order_name: "Order 1",
            refunded_lines: [],
            page: till.controller.page,
            order_lines: [line.uuid],
            employee_id: false,
            manager_token: "",
        });
    });

    it("is done once approved, with what identifies the payment", async () => {
        const line = till.order(4.9);
        await till.pay(line);
        till.server.end("approved");
        await after(1000);
        assert.equal(line.payment_status, "done");
        assert.equal(line.transaction_id, till.server.last().reference);
        assert.equal(line.card_type, "CB");
        assert.equal(line.card_no, "0014");
        assert.equal(line.payment_method_authcode, "A1");
        assert.deepEqual(till.told, []);
        assert.equal(till.pos.paymentTerminalInProgress, false);
    });

    it("has a head start: what may wait waits for the server's word", async () => {
        const headStart = await payHeld();
        await after(100);
        assert.ok(!headStart.isOver);
        till.server.letGo();
        await untilIdle();
        assert.ok(headStart.isOver);
    });

    it("has a head start as long as an agent may come for it", async () => {
        const {server} = till.controller;
        till.server.add({line_uuid: "line-1", reference: "agent-1", state: "pending"});
        await server.start(7, {reference: "agent-1", line_uuid: "line-1"});
        let isOver = false;
        server.headStart.then(() => (isOver = true));
        await after(100);
        assert.ok(!isOver);
        await after(200);
        assert.ok(isOver);
    });

    it("has a head start that ends where the server says nothing", async () => {
        const headStart = await payHeld();
        await after(300);
        assert.ok(headStart.isOver);
    });

    it("is validated once paid exactly, where the cashier still sees it", async () => {
        const line = till.order(4.9);
        await till.pay(line);
        till.server.end("approved");
        await after(1000);
        assert.deepEqual(till.adapter.validated, [line.pos_order_id]);
    });

    it("is shown as paid before Odoo is busy with its order", async () => {
        const line = till.order(4.9);
        const draw = await payUndrawn(line);
        assert.equal(line.payment_status, "done");
        assert.deepEqual(till.adapter.validated, []);
        draw();
        await after(0);
        assert.deepEqual(till.adapter.validated, [line.pos_order_id]);
    });

    it("is not validated twice by a cashier who is as quick", async () => {
        const line = till.order(4.9);
        const draw = await payUndrawn(line);
        line.pos_order_id.finalized = true;
        draw();
        await after(0);
        assert.deepEqual(till.adapter.validated, []);
    });

    it("leaves another sale alone that is on the screen when it is paid", async () => {
        const line = till.order(4.9);
        await till.pay(line);
        till.order(2, 2, CASH);
        till.server.end("approved");
        await after(1000);
        assert.equal(line.payment_status, "done");
        assert.deepEqual(till.adapter.validated, []);
    });

    it("is not validated by itself where the till is set so", async () => {
        till.pos.config.auto_validate_terminal_payment = false;
        await till.pay(till.order(4.9));
        till.server.end("approved");
        await after(1000);
        assert.deepEqual(till.adapter.validated, []);
    });

    it("is not validated by itself while something is due", async () => {
        await till.pay(till.order(4.9, 3));
        till.server.end("approved");
        await after(1000);
        assert.deepEqual(till.adapter.validated, []);
    });

    it("says so when less was approved, and leaves the rest to be paid", async () => {
        const line = till.order(4.9);
        await till.pay(line);
        till.server.end("approved", {approved_cents: 245, message: "2.45 of 4.90"});
        await after(1000);
        assert.equal(line.amount, 2.45);
        assert.equal(line.payment_status, "done");
        assert.equal(till.dialog.body, "2.45 of 4.90");
        assert.deepEqual(till.adapter.validated, []);
    });

    it("is not validated by itself once too much was paid, and it is told", async () => {
        const line = till.order(6.9);
        await till.pay(line);
        line.pos_order_id.total = 4.9; // A product was taken off meanwhile
        till.server.end("approved", {approved_cents: 690});
        await after(1000);
        assert.equal(line.payment_status, "done");
        assert.deepEqual(till.adapter.validated, []);
        assert.equal(till.dialog.title, "More was paid than is due");
    });

    it("keeps the terminal's receipt", async () => {
        const line = till.order(4.9);
        await till.pay(line);
        till.server.end("approved", {receipt: "CB\nMERCI"});
        await after(1000);
        assert.equal(line.ticket, "CB\nMERCI");
        assert.deepEqual(till.told, []);
    });

    for (const state of ["refused", "not_sent"]) {
        it(`may be sent again when ${state}, and the reason is told`, async () => {
            const line = till.order(4.9);
            await till.pay(line);
            till.server.end(state, {message: "the reason"});
            await after(1000);
            assert.equal(line.payment_status, "retry");
            assert.equal(till.dialog.title, `title of sent`);
            assert.equal(till.dialog.body, "the reason");
            await till.answer();
            await till.pay(line);
            const [[, , first], [, , second]] = till.server.callsOf("start");
            assert.notEqual(first.reference, second.reference);
        });
    }

    it("prints the receipt of a refusal, which no sale will carry", async () => {
        await till.pay(till.order(4.9));
        till.server.end("refused", {message: "refused", receipt: "REFUS"});
        await after(1000);
        assert.equal(till.dialog.body, "refused\n\nREFUS");
        await till.answer("print");
        assert.deepEqual(till.adapter.printed, ["REFUS"]);
    });

    it("is told who holds the terminal, and may be sent again", async () => {
        till.server.busy = {reference: "other", title: "busy", message: "till 2"};
        const line = till.order(4.9);
        await till.pay(line);
        assert.equal(line.payment_status, "retry");
        assert.equal(till.dialog.body, "till 2");
    });

    it("is told why the server records nothing, and may be sent again", async () => {
        till.server.refuses = "a manager is needed";
        const line = till.order(4.9);
        await till.pay(line);
        assert.equal(till.dialog.body, "a manager is needed");
        assert.equal(line.payment_status, "retry");
        assert.equal(till.controller.isOpen(line), false);
    });

    it("sends no amount of zero", async () => {
        const line = till.order(4.9, 0);
        await till.pay(line);
        assert.equal(till.dialog.title, "Nothing was sent to the terminal");
        await till.answer();
        assert.equal(line.payment_status, "retry");
        assert.deepEqual(till.server.calls, []);
    });

    it("is sent once, however often the cashier presses", async () => {
        const line = till.order(4.9);
        await till.pay(line);
        await till.pay(line);
        assert.equal(till.server.callsOf("start").length, 1);
    });

    it("follows an earlier attempt that the server knows of the line", async () => {
        const line = till.order(4.9);
        till.server.add({reference: "earlier-1", line_uuid: line.uuid});
        await till.pay(line);
        till.server.end("approved");
        await after(1000);
        assert.equal(line.transaction_id, "earlier-1");
        assert.equal(line.payment_status, "done");
    });

    it("cannot be deleted while money may move: nothing is waited for", async () => {
        const line = till.order(4.9);
        await till.pay(line);
        assert.equal(till.controller.mayDelete(line.pos_order_id), false);
        await untilIdle();
        assert.equal(till.dialog.title, "A card payment is not finished");
    });

    it("cannot be deleted or merged once a payment was accepted", async () => {
        const line = till.order(4.9, 2);
        await till.pay(line);
        till.server.end("approved", {amount_cents: 200, approved_cents: 200});
        await after(1000);
        assert.equal(till.controller.mayDelete(line.pos_order_id), false);
        await untilIdle();
        assert.equal(till.dialog.title, "A card payment of this order was approved");
        await till.answer("later");
        assert.equal(line.payment_status, "done");
        assert.equal(till.controller.mayDelete(line.pos_order_id), false);
        await untilIdle();
        const {reference} = till.server.last();
        till.server.last().lost_message = "refunded by Ann";
        await till.answer("refunded");
        assert.deepEqual(till.server.callsOf("mark_refunded")[0][1], reference);
        assert.equal(line.payment_status, "retry");
        assert.match(till.dialog.body, /^refunded by Ann/);
        assert.equal(till.controller.mayDelete(line.pos_order_id), true);
    });

    it("can be deleted where a person alone called it paid, and gave it back", async () => {
        const line = till.order(4.9, 2);
        line.payment_status = "done";
        till.controller.mayDelete(line.pos_order_id);
        await untilIdle();
        await till.answer("refunded");
        assert.equal(line.payment_status, "retry");
        assert.deepEqual(till.server.callsOf("mark_refunded"), []);
        assert.equal(till.controller.mayDelete(line.pos_order_id), true);
    });

    it("keeps its payment when another page has validated it", async () => {
        const line = till.order(4.9, 2);
        await till.pay(line);
        till.server.end("approved", {amount_cents: 200, approved_cents: 200});
        await after(1000);
        till.server.mark_refunded = (reference) => till.server.stateOf(reference);
        assert.equal(till.controller.mayDelete(line.pos_order_id), false);
        await untilIdle();
        await till.answer("refunded");
        assert.equal(till.dialog.title, "Not recorded as refunded");
        assert.equal(line.payment_status, "done");
        assert.equal(till.controller.mayDelete(line.pos_order_id), false);
    });

    it("may leave the till's list once it was validated", async () => {
        const line = till.order(4.9);
        await till.pay(line);
        till.server.end("approved");
        await after(1000);
        assert.equal(line.pos_order_id.finalized, true);
        assert.equal(till.controller.mayDelete(line.pos_order_id), true);
    });

    it("may be deleted when nothing of ours is aboard", () => {
        const line = till.order(4.9, 4.9, CASH);
        line.pos_order_id.addLine(till.pos.config.payment_method_ids[0], 1);
        assert.equal(till.controller.mayDelete(line.pos_order_id), true);
        assert.deepEqual(till.told, []);
    });

    it("is merged once the server has nothing against it", async () => {
        const {pos_order_id} = till.order(4.9, 4.9, CASH);
        assert.equal(await till.controller.mayMerge(pos_order_id), true);
        assert.deepEqual(till.server.callsOf("check_order"), [
            ["check_order", 3, pos_order_id.uuid],
        ]);
    });

    it("is not merged while another page takes money for it", async () => {
        const {pos_order_id} = till.order(4.9, 4.9, CASH);
        till.server.refuses = "paid on till 2";
        assert.equal(await till.controller.mayMerge(pos_order_id), false);
        await untilIdle();
        assert.equal(till.dialog.body, "paid on till 2");
    });

    it("is not merged while nobody knows whether another page pays it", async () => {
        const {pos_order_id} = till.order(4.9, 4.9, CASH);
        till.server.isOffline = true;
        assert.equal(await till.controller.mayMerge(pos_order_id), false);
        await untilIdle();
        assert.match(till.dialog.body, /Another page/);
    });

    it("is not merged while this page pays it, and the server is not asked", async () => {
        const line = till.order(4.9);
        await till.pay(line);
        assert.equal(await till.controller.mayMerge(line.pos_order_id), false);
        assert.deepEqual(till.server.callsOf("check_order"), []);
    });

    it("cannot be validated while money may move", async () => {
        const line = till.order(4.9);
        await till.pay(line);
        const may = till.controller.mayValidate(line.pos_order_id);
        await untilIdle();
        assert.equal(till.dialog.title, "A card payment is not finished");
        await till.answer();
        assert.equal(await may, false);
    });

    it("is validated once Odoo has saved what it was saving before", async () => {
        await till.open();
        const {pos_order_id} = till.order(4.9, 4.9, CASH);
        const {syncingOrders} = till.adapter.pos;
        syncingOrders.add(pos_order_id.id);
        let may = null;
        till.controller.mayValidate(pos_order_id).then((answer) => (may = answer));
        await after(1000);
        assert.equal(may, null);
        syncingOrders.clear();
        await after(1000);
        assert.equal(may, true);
    });

    it("may be validated when nothing of ours is open", async () => {
        await till.open();
        const line = till.order(4.9, 4.9, CASH);
        assert.equal(await till.controller.mayValidate(line.pos_order_id), true);
        assert.deepEqual(till.told, []);
    });
});

describe("a refund", () => {
    let till = null;
    beforeEach(() => {
        till = newTill();
    });
    afterEach(stopClock);

    it("is a credit of a positive amount, and a negative line", async () => {
        const line = till.order(-4.9);
        line.pos_order_id.lines = [{refunded_orderline_id: {id: 12}}, {}];
        await till.pay(line);
        const [[, , payload]] = till.server.callsOf("start");
        assert.equal(payload.operation, "credit");
        assert.equal(payload.amount_cents, 490);
        assert.deepEqual(payload.refunded_lines, [12]);
        till.server.end("approved", {approved_cents: 300});
        await after(1000);
        assert.equal(line.amount, -3);
    });

    it("is proposed on the terminal it was paid with, and no more", () => {
        const paid = till.order(10, 4, CASH).pos_order_id;
        paid.addLine(till.pos.config.payment_method_ids[1], 6);
        const refund = till.pos.add_order(-10);
        till.controller.proposeRefund(paid, refund);
        const [line] = refund.payment_ids;
        assert.equal(line.payment_method_id.id, 8);
        assert.equal(line.amount, -6);
    });

    it("is not proposed for what was paid otherwise, or where one has begun", () => {
        const cash = till.order(10, 10, CASH).pos_order_id;
        const refund = till.pos.add_order(-10);
        till.controller.proposeRefund(cash, refund);
        assert.equal(refund.payment_ids.length, 0);
        const card = till.order(10).pos_order_id;
        const begun = till.order(-10, -10, CASH).pos_order_id;
        till.controller.proposeRefund(card, begun);
        assert.equal(begun.payment_ids.length, 1);
    });

    for (const [state, status, amount] of [
        ["approved", "reversed", 0],
        ["refused", "done", 4.9],
    ]) {
        it(`by reversal that is ${state} leaves the line ${status}`, async () => {
            const line = till.order(4.9);
            line.payment_status = "done";
            const reversed = till.controller.reverse(line);
            await untilIdle();
            assert.equal(line.payment_status, "done");
            assert.equal(till.server.last().operation, "reversal");
            till.server.end(state);
            await after(1000);
            assert.equal(await reversed, state === "approved");
            assert.deepEqual(till.told, []);
            // The payment screen does the same when it asked.
            till.adapter.finishReversal(line, state === "approved");
            assert.equal(line.payment_status, status);
            assert.equal(line.amount, amount);
        });
    }
});
