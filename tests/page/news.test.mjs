import assert from "node:assert/strict";
import {afterEach, beforeEach, describe, it} from "node:test";
import {after, newTill, stopClock, untilIdle} from "./till.mjs";

describe("news of a payment", () => {
    let till = null;
    beforeEach(() => {
        till = newTill();
    });
    afterEach(stopClock);

    it("that is pushed needs no call", async () => {
        await till.pay(till.order(4.9));
        till.server.end("approved");
        const calls = till.server.calls.length;
        till.push();
        await untilIdle();
        assert.equal(till.server.calls.length, calls);
    });

    it("that is not pushed is asked for, quickly at first", async () => {
        await till.pay(till.order(4.9));
        const asked = () => till.server.callsOf("status").length;
        await after(5000);
        const soon = asked();
        assert.ok(soon >= 9, `${soon} times in five seconds`);
        await after(60000);
        const before = asked();
        await after(30000);
        assert.ok(asked() - before <= 10, "still asked quickly after a minute");
    });
});
