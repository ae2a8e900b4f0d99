/** @odoo-module **/

/**
 * What the server is told of a payment line that takes money.
 *
 * @param {Object} controller see controller.js
 * @param {Object} line payment line of the POS
 * @returns {Object} see Sale in server.js
 */
export function saleOf({adapter, page}, line) {
    const order = adapter.orderOf(line);
    return {
        line_uuid: adapter.lineUuid(line),
        order_uuid: adapter.orderUuid(order),
        order_name: adapter.orderName(order),
        session_id: adapter.sessionId(),
        page,
    };
}

/**
 * What the server is told of the payment of a line.
 *
 * @param {Object} controller see controller.js
 * @param {Object} line payment line of the POS
 * @param {string} operation debit, credit or reversal
 * @param {string} reference names the attempt
 * @param {string} right of a manager, see managers.js
 * @returns {Object} see Payload in server.js
 */
export function payloadOf(controller, line, operation, reference, right) {
    const {adapter} = controller;
    const order = adapter.orderOf(line);
    return {
        ...saleOf(controller, line),
        reference,
        operation,
        amount_cents: adapter.cents(line),
        refunded_lines: adapter.refundedLines(order),
        order_lines: adapter.ourLines(order).map((one) => adapter.lineUuid(one)),
        employee_id: adapter.employeeId(),
        manager_token: right,
    };
}
