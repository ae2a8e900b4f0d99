import assert from "node:assert/strict";
import {afterEach, beforeEach, describe, it} from "node:test";

import {after, newTill, stopClock, untilIdle} from "./till.mjs";

describe("what needs a manager", () => {
    let till = null;
    let line = null;
    beforeEach(async () => {
        till = newTill();
        till.pos.config.module_pos_hr = true;
        till.server.managers = [{id: 5, name: "Bea"}];
        line = till.order(-60);
        await till.pay(line);
    });
    afterEach(stopClock);

    it("names the employee who is logged in, and asks who allows it", () => {
        const [[, , payload]] = till.server.callsOf("start");
        assert.equal(payload.employee_id, 11);
        assert.equal(till.dialog.title, "a manager");
        assert.equal(till.dialog.body, "above 50");
        assert.deepEqual(till.choices, ["5", "back"]);
        assert.equal(till.dialog.choices[0].label, "Bea");
    });

    it("is sent once the server has checked the PIN", async () => {
        await till.answer("5");
        assert.equal(till.dialog.input, "password");
        await till.answer("apply", "1234");
        const [[, , first], [, , second]] = till.server.callsOf("start");
        assert.notEqual(first.reference, second.reference);
        assert.equal(second.manager_token, "right");
        assert.equal(second.operation, "credit");
        till.server.end("approved", {approved_cents: 6000});
        await after(1000);
        assert.equal(line.payment_status, "done");
    });

    it("needs no second PIN for the same payment of a busy terminal", async () => {
        await till.answer("5");
        till.server.busy = {reference: "other", title: "busy", message: "till 2"};
        await till.answer("apply", "1234");
        await till.answer();
        till.server.busy = null;
        line.amount = -70;
        await till.pay(line);
        assert.equal(till.server.callsOf("start")[2][2].manager_token, "");
        await till.answer("back");
        line.amount = -60;
        await till.pay(line);
        assert.equal(till.server.callsOf("start")[3][2].manager_token, "right");
        assert.equal(line.payment_status, "waitingCard");
    });

    it("asks again after a wrong PIN, in the server's words", async () => {
        await till.answer("5");
        await till.answer("apply", "0000");
        assert.equal(till.dialog.body, "wrong");
        till.server.isOffline = true;
        await till.answer("apply", "1234");
        assert.match(till.dialog.body, /^The till will find/);
        till.server.isOffline = false;
        await till.answer("apply", "1234");
        assert.equal(till.server.callsOf("start").length, 2);
    });

    for (const [name, answers] of [
        ["no manager is chosen", ["back"]],
        ["the manager goes back from the PIN", ["5", "back"]],
    ]) {
        it(`is not sent, and free, when ${name}`, async () => {
            for (const answer of answers) {
                await till.answer(answer, "1234");
            }
            assert.equal(till.server.callsOf("start").length, 1);
            assert.equal(line.payment_status, "retry");
            assert.equal(till.dialog, undefined);
        });
    }

    it("holds up no other payment when its line is gone meanwhile", async () => {
        till.pos.paymentTerminalInProgress = true;
        till.pos.order.remove_paymentline(line);
        await till.answer("back");
        assert.equal(till.pos.paymentTerminalInProgress, false);
    });

    it("is only told where no employee is a manager", async () => {
        await till.answer("back");
        till.server.managers = [];
        await till.pay(line);
        assert.deepEqual(till.choices, ["ok"]);
        assert.equal(till.dialog.body, "above 50");
        await untilIdle();
        assert.equal(line.payment_status, "retry");
    });
});

describe("a manager who takes his time", () => {
    let till = null;
    let line = null;
    const manager = {id: 5, name: "Bea"};
    beforeEach(async () => {
        till = newTill();
        line = till.order(60);
        await till.open();
        await till.pay(line);
    });
    afterEach(stopClock);

    it("is not asked beside how an earlier attempt ended", async () => {
        till.server.end("refused", {message: "declined"});
        await after(1000);
        await till.answer();
        till.server.managers = [manager];
        await till.pay(line);
        await after(60000);
        await till.answer("5");
        await till.answer("apply", "1234");
        assert.equal(till.dialog, undefined);
        assert.equal(line.payment_status, "waitingCard");
    });

    it("finds the payment that he is to have taken back as it was", async () => {
        till.pos.config.auto_validate_terminal_payment = false;
        till.server.end("approved", {approved_cents: 6000});
        await after(1000);
        till.server.managers = [manager];
        line.payment_status = "reversing";
        const reversed = till.controller.reverse(line);
        await after(60000);
        assert.equal(line.payment_status, "reversing");
        await till.answer("back");
        assert.equal(await reversed, false);
    });
});
