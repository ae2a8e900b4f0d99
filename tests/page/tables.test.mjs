import assert from "node:assert/strict";
import {afterEach, beforeEach, describe, it} from "node:test";
import {
    keepPaidOrdersApart,
    unlinkTable,
} from "@l10n_fr_pos_caisse_ap_ip/pos/tables";

import {CASH} from "./fake_pos.mjs";
import {stopClock, untilIdle, waitingTill} from "./till.mjs";

/** A record of Odoo. */
function record(values) {
    return {
        ...values,
        update(changed) {
            Object.assign(this, changed);
        },
    };
}

describe("a table that was dragged onto another one", () => {
    let till = null;
    let line = null;
    let written = null;
    let pos = null;
    const refused = () => Promise.reject(new Error("a cashier may not write"));
    beforeEach(async () => {
        ({till, line} = await waitingTill());
        written = [];
        const ormWrite = (...values) => written.push(values) && refused();
        pos = {caisseAp: till.controller, data: {ormWrite}};
        assert.equal(await till.controller.mayMerge(line.pos_order_id), false);
    });
    afterEach(stopClock);

    it("leaves it once it was read why the orders stay", async () => {
        const table = record({id: 5, parent_id: {id: 6}});
        unlinkTable(pos, table);
        await untilIdle();
        assert.ok(table.parent_id, "Odoo may still be saving its link");
        await till.answer();
        assert.equal(table.parent_id, null);
        assert.deepEqual(written, [["restaurant.table", [5], {parent_id: null}]]);
    });

    it("is left alone where none was linked, or the order is at none", async () => {
        unlinkTable(pos, record({id: 5}));
        unlinkTable(pos, undefined);
        await till.answer();
        assert.deepEqual(written, []);
    });
});

describe("an order that another device saves for the same table", () => {
    let till = null;
    let line = null;
    beforeEach(async () => {
        ({till, line} = await waitingTill());
    });
    afterEach(stopClock);

    /** Return at which tables Odoo finds orders while it joins, and afterwards. */
    async function join(order) {
        const table = {id: 5};
        const paid = Object.assign(order, record({table_id: table}));
        const deviceSync = {
            async processDynamicRecords() {
                deviceSync.found = paid.table_id;
            },
        };
        const models = {"pos.order": [paid]};
        keepPaidOrdersApart({caisseAp: till.controller, deviceSync, models});
        await deviceSync.processDynamicRecords({"pos.order": [{id: 9}]});
        await untilIdle();
        assert.equal(paid.table_id, table);
        return deviceSync.found;
    }

    it("does not join the one that is being paid", async () => {
        assert.equal(await join(line.pos_order_id), undefined);
    });

    it("joins one that nobody pays by card", async () => {
        const cash = till.order(4.9, 4.9, CASH);
        assert.deepEqual(await join(cash.pos_order_id), {id: 5});
    });

    it("finds its own table where the server has the order already", async () => {
        const order = Object.assign(line.pos_order_id, {id: 12});
        assert.deepEqual(await join(order), {id: 5});
    });
});
