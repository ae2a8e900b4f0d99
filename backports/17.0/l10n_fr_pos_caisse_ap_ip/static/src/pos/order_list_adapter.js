/** @odoo-module **/

import {_t} from "@web/core/l10n/translation";
import {BaseAdapter} from "@l10n_fr_pos_caisse_ap_ip/adapter";

/**
 * What Odoo 14.0, 16.0 and 17.0 share: orders in a list, popups, and names of lines that
 * change with each load of the page.
 */
export class OrderListAdapter extends BaseAdapter {
    methodOf(line) {
        return line.payment_method;
    }
    lines() {
        const orders = [...this.pos.get_order_list()];
        const lines = orders.flatMap((order) => this.paymentLines(order));
        return lines.filter((line) => this.isOurs(line));
    }
    keptLines() {
        const unsaved = this.pos.db.get_orders().map(({data}) => data);
        const saved = unsaved.flatMap((order) => order.statement_ids);
        return [...this.lines(), ...saved.map(([, , line]) => line)];
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
    paymentLines(order) {
        return order.get_paymentlines();
    }
    sale(line) {
        const order = this.orderOf(line);
        return {
            order_uuid: this.orderUuid(order),
            order_name: order.get_name() || "",
            refunded_lines: order
                .get_orderlines()
                .map((one) => one.refunded_orderline_id)
                .filter(Number.isInteger),
        };
    }
    method(methodId) {
        return this.pos.payment_methods_by_id[methodId];
    }

    sessionId() {
        return this.pos.pos_session.id;
    }

    async alert(title, body) {
        const choices = [{id: "ok", label: _t("Ok")}];
        await this.showQuestion({title, body, choices}, () => undefined);
    }
}
