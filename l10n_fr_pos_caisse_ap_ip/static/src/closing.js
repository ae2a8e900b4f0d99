/** @odoo-module **/

import {_t} from "@web/core/l10n/translation";

/**
 * Tell what the terminals did in this session, before it is closed.
 *
 * @param {Object} controller see controller.js
 * @returns {Promise<boolean>} whether to close
 */
export async function checkClosing(controller) {
    let closing = null;
    try {
        closing = await controller.server.closing();
    } catch (error) {
        await controller.tellFailure(error);
        return false;
    }
    if (!closing.text) {
        return true;
    }
    const attention = closing.needs_attention
        ? _t("Some payments are not resolved. Compare them with the receipts first.")
        : "";
    const answer = await controller.dialogs.choose(
        _t("Card terminals in this session"),
        [closing.text, attention].filter(Boolean).join("\n\n"),
        [
            {id: "close", label: _t("Close the till")},
            {id: "later", label: _t("Back")},
        ]
    );
    return answer === "close";
}
