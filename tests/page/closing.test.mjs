import assert from "node:assert/strict";
import {beforeEach, describe, it} from "node:test";

import {Refusal} from "./fake_server.mjs";
import {Till, untilIdle} from "./till.mjs";

describe("closing a session", () => {
    let till = null;
    beforeEach(() => {
        till = new Till();
    });

    const check = async () => {
        const closes = till.controller.checkClosing();
        await untilIdle();
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
            await untilIdle();
            assert.match(till.dialog.body, /^2 payments\n\nSome payments/);
            await till.answer(choice);
            assert.equal(await closing, closes);
        });
    }

    it("is refused in the server's own words", async () => {
        till.server.closing = () => {
            throw new Refusal("a payment runs on till 2");
        };
        const closing = till.controller.checkClosing();
        await untilIdle();
        assert.equal(till.dialog.body, "a payment runs on till 2");
        await till.answer();
        assert.equal(await closing, false);
    });
});
