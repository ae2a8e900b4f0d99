/** Those that the server has not: it would tell of their table again. */
function paidOrdersAtTables(pos, caisseAp) {
    const isPaid = (order) =>
        caisseAp.hasOpenLine(order) || caisseAp.paidLines(order).length > 0;
    return pos.models["pos.order"]
        .filter((order) => order.table_id && !order.finalized)
        .filter((order) => typeof order.id !== "number" && isPaid(order))
        .map((order) => ({order, table: order.table_id}));
}

/**
 * Keep an order that is being paid apart from one that another device saves for the same
 * table. In a restaurant of 18.0 and 19.0 Odoo makes one of them, wherever it is shown:
 * the products move, the payments stay behind or are dropped. It joins what is at a
 * table: for as long as that takes, the order with the payments is at none.
 *
 * @param {Object} pos the data of the Point of Sale
 */
export function keepPaidOrdersApart(pos) {
    const {caisseAp, deviceSync} = pos;
    const process = deviceSync && deviceSync.processDynamicRecords;
    if (!process) {
        return;
    }
    deviceSync.processDynamicRecords = (records) => {
        const hasOrders = records["pos.order"] && records["pos.order"].length;
        const apart = hasOrders ? paidOrdersAtTables(pos, caisseAp) : [];
        apart.forEach(({order}) => order.update({table_id: undefined}));
        const result = process.call(deviceSync, records);
        Promise.resolve(result).finally(() =>
            apart.forEach(({order, table}) => order.update({table_id: table}))
        );
        return result;
    };
}

/**
 * Take a table off the one that it was dragged onto: Odoo links them, whether their
 * orders were merged or not. Once it was read why they were not: Odoo saves its link
 * meanwhile, and must not save it after ours.
 *
 * @param {Object} pos the data of the Point of Sale
 * @param {Object} [table] of the order that stays where it is
 */
export function unlinkTable(pos, table) {
    pos.caisseAp.dialogs.inTurn(() => {
        if (table && table.parent_id) {
            const unlinked = {parent_id: null};
            table.update(unlinked);
            // The server refuses a cashier, whose link it has refused as well.
            pos.data
                .ormWrite("restaurant.table", [table.id], unlinked)
                .catch(() => undefined);
        }
    });
}
