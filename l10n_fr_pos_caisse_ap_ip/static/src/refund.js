/** @odoo-module **/

/**
 * Propose to give back, in the order on screen, on the terminal it was paid with, and
 * no more than was paid there. What a second terminal took comes after that.
 *
 * @param {Object} adapter see adapter.js
 * @param {Object} order paid, of the POS
 * @param {Object} refund order that refunds it, on screen
 */
export function proposeRefund(adapter, order, refund) {
    const ours = adapter.ourLines(order);
    const [methodId] = ours.map((line) => adapter.methodId(line));
    const isBegun = adapter.paymentLines(refund).length > 0;
    if (isBegun || !adapter.method(methodId)) {
        return;
    }
    const cents = ours
        .filter((line) => adapter.methodId(line) === methodId)
        .reduce((sum, line) => sum + adapter.cents(line), 0);
    const line = adapter.addLine(methodId); // Of all that is due
    adapter.setCents(line, -Math.min(adapter.cents(line), cents));
}
