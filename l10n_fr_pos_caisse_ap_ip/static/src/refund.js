/** @odoo-module **/

import {_t} from "@web/core/l10n/translation";

// A person called the line paid, and the server has no trace of it, see follower.js.
const NOT_ON_SERVER = {lost_message: "", summary: ""};

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

/**
 * Record that the customer got money back; tell why not, where a sale has it by now.
 *
 * @param {Object} controller see controller.js
 * @param {string} reference of the transaction
 * @param {string} ownerUuid the line that owns it, as this page knows
 * @returns {Promise<Object|null>} see State in server.js; null: not recorded
 */
export async function markRefunded({dialogs, server}, reference, ownerUuid) {
    const state = await server.markRefunded(reference, ownerUuid);
    if (!state.owner_uuid) {
        return state;
    }
    const why =
        state.lost_message ||
        _t("This payment belongs to a sale, or its reversal has not ended.");
    await dialogs.tell(_t("Not recorded as refunded"), `${why}\n${state.summary}`);
    return null;
}

/**
 * Say why an order with approved payments is not deleted, and let a person say that the
 * customer got the money back: then the order may be.
 *
 * @param {Object} controller see controller.js
 * @param {Object[]} lines paid payment lines of the order
 */
export async function askRefunded(controller, lines) {
    const {adapter, dialogs} = controller;
    const answer = await dialogs.choose(
        _t("A card payment of this order was approved"),
        _t(
            "Refund it on the terminal before you delete, merge or move this order, or " +
                "validate the order and refund it."
        ),
        [
            {id: "refunded", label: _t("Refunded to the customer")},
            {id: "later", label: _t("Back")},
        ]
    );
    if (answer !== "refunded") {
        return;
    }
    try {
        for (const uuid of lines.map((line) => adapter.lineUuid(line))) {
            const line = adapter.openOrderLine(uuid);
            const {transaction_id} = line;
            const state = transaction_id
                ? await markRefunded(controller, transaction_id, uuid)
                : NOT_ON_SERVER;
            if (state) {
                controller.lose(adapter.openOrderLine(uuid), state);
            }
        }
    } catch (error) {
        await controller.tellFailure(error);
    }
}
