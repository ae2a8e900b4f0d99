// What becomes of a payment when its start is answered with an error.
import assert from "node:assert/strict";
import {afterEach, beforeEach, describe, it} from "node:test";

import {OdooError, Refusal} from "./fake_server.mjs";
import {after, orderedTill, stopClock, waitingTill} from "./till.mjs";

const fail = (error) => () => {
    throw error;
};
const NEVER = new Promise(() => undefined);
const LOGGED_OUT = new OdooError(
    "odoo.http.SessionExpiredException",
    "Session expired",
    100
);
// Errors that may come after the commit, as the page of some series gets them.
const MAY_BE_RECORDED = {
    "a proxy's 502 or 504, an answer that is cut": fail(new Error("connection lost")),
    "the same in Odoo 14.0": fail({code: -32098, data: {type: "xhrerror"}}),
    "a proxy's JSON": () => undefined,
    "a proxy's JSON that Odoo up to 17.0 waits on for ever": () => NEVER,
    "an error of Odoo after its commit": fail(new OdooError("KeyError", "'x'")),
    "a database that went away in its commit": fail(
        new OdooError("psycopg2.OperationalError", "closed unexpectedly")
    ),
};

describe("a start that is answered with an error", () => {
    let till = null;
    let line = null;
    beforeEach(() => {
        ({till, line} = orderedTill());
    });
    afterEach(stopClock);

    for (const [name, broken] of Object.entries(MAY_BE_RECORDED)) {
        it(`does not free a line whose money moves: ${name}`, async () => {
            till.server.breaks.start = broken;
            await till.pay(line);
            await after(1000);
            assert.equal(line.payment_status, "waitingCard");
            await after(30000);
            assert.equal(line.payment_status, "waitingCard");
            till.server.end("approved");
            await after(3000);
            assert.equal(line.payment_status, "done");
            assert.equal(till.server.transactions.size, 1);
        });
    }

    it("is free when Odoo refused it, and asks nothing more", async () => {
        till.server.breaks.start = fail(new Refusal("no such till"));
        await till.pay(line);
        assert.equal(line.payment_status, "retry");
        assert.equal(till.dialog.body, "no such till");
        assert.deepEqual(till.server.callsOf("cancel"), []);
    });

    it("is not free when Odoo refuses what it has recorded before", async () => {
        till.server.losesReplies = true;
        await till.pay(line);
        till.server.losesReplies = false;
        till.server.breaks.start = fail(new Refusal("the session is not open"));
        till.server.breaks.cancel = till.server.breaks.start;
        await after(2000);
        assert.equal(line.payment_status, "waitingCard");
        till.server.end("approved");
        await after(3000);
        assert.equal(line.payment_status, "done");
    });

    it("is free when Odoo fails, and knows of no such payment", async () => {
        till.server.start = fail(new OdooError("KeyError", "'x'"));
        till.server.cancel = till.server.start;
        await till.pay(line);
        assert.equal(line.payment_status, "retry");
        assert.equal(till.dialog.body, "'x'");
    });

    it("waits for who has to log in, once it may have been recorded", async () => {
        till.server.losesReplies = true;
        await till.pay(line);
        till.server.losesReplies = false;
        const {breaks} = till.server;
        breaks.start = breaks.cancel = breaks.status = fail(LOGGED_OUT);
        await after(10000);
        assert.deepEqual(till.told, ["You are no longer logged in to Odoo"]);
        assert.equal(line.payment_status, "waitingCard");
        till.server.breaks = {};
        till.server.end("approved");
        await after(2000);
        assert.equal(line.payment_status, "done");
    });
});

describe("a page that is logged out", () => {
    afterEach(stopClock);

    it("says so once while a payment waits, and finds its result", async () => {
        const {till, line} = await waitingTill();
        const {breaks} = till.server;
        breaks.status = breaks.unfinished = fail(LOGGED_OUT);
        await after(40000);
        assert.deepEqual(till.told, ["You are no longer logged in to Odoo"]);
        await till.answer();
        assert.equal(line.payment_status, "waitingCard");
        till.server.breaks = {};
        till.server.end("approved");
        await after(3000);
        assert.equal(line.payment_status, "done");
    });
});

describe("a call that is never answered", () => {
    afterEach(stopClock);

    it("holds up no later one: the page asks what became of its payment", async () => {
        const {till, line} = await waitingTill();
        till.server.breaks.status = () => NEVER;
        await after(5000);
        till.server.breaks = {};
        till.server.end("approved");
        await after(15000);
        assert.equal(line.payment_status, "done");
    });

    it("is given up in the browser, where Odoo lets it", async () => {
        const {till} = orderedTill();
        let isAborted = false;
        const abort = () => (isAborted = true);
        till.adapter.call = () =>
            Object.assign(new Promise(() => undefined), {abort});
        const asked = assert.rejects(till.controller.server.status(["a"]));
        await after(9000);
        assert.equal(isAborted, false);
        await after(2000);
        assert.equal(isAborted, true);
        await asked;
    });
});
