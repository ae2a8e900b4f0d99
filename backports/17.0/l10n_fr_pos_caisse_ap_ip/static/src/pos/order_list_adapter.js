/** @odoo-module **/

import {BaseAdapter} from "@l10n_fr_pos_caisse_ap_ip/adapter";

/**
 * What Odoo 14.0, 16.0 and 17.0 share: orders in a list, and names of lines that change
 * with each load of the page.
 */
export class OrderListAdapter extends BaseAdapter {
    methodOf(line) {
        return line.payment_method;
    }
    /** All open orders: a restaurant lists those of the table on screen alone. */
    orders() {
        return [...this.pos.orders];
    }
    /** As they were saved: no records of Odoo any more. */
    unsavedLines() {
        const orders = this.pos.db.get_orders().map(({data}) => data);
        const saved = orders.flatMap((order) => order.statement_ids);
        const lines = saved.map(([, , line]) => line);
        return lines.filter((line) => line.transaction_id && this.lineUuid(line));
    }
    lineUuid(line) {
        return line.fr_caisse_ap_ip_line;
    }
    setDetails(line, state) {
        line.transaction_id = state.reference;
        line.card_type = state.card_type;
    }

    orderOf(line) {
        return line.order;
    }
    orderUuid(order) {
        return order.uid;
    }
    isBeingSaved(order) {
        // Older ones save it again; then it is the server that sees to it.
        const {syncingOrders} = this.pos;
        return Boolean(syncingOrders) && syncingOrders.has(order.uid);
    }
    /**
     * What a tap on Odoo's sign of the connection does. Of an order that the server
     * refuses it would show the error again and again.
     */
    async saveAgain() {
        if (this.connection().status === "disconnected") {
            await this.pos.push_orders();
        }
    }
    connection() {
        return this.pos.synch;
    }
    paymentLines(order) {
        return order.get_paymentlines();
    }
    orderName(order) {
        return order.get_name() || "";
    }
    refundedLines(order) {
        return order
            .get_orderlines()
            .map((one) => one.refunded_orderline_id)
            .filter(Number.isInteger);
    }
    method(methodId) {
        return this.pos.payment_methods_by_id[methodId];
    }

    sessionId() {
        return this.pos.pos_session.id;
    }
}
