/** @odoo-module **/

import {_t} from "@web/core/l10n/translation";

const MODEL = "pos.payment.method";
const OFFLINE_RETRY_MS = 2000;
// The server answers at once or is not there. Odoo waits for ever for some: up to 17.0
// also after a reply that is none of its own, such as a proxy's.
export const CALL_PATIENCE_MS = 10000;
// What may wait waits that long for an amount to leave, and no longer.
const HEAD_START_MS = 200;
// Of Odoo's answer to a page whose session is over, in every series.
const LOGGED_OUT_CODE = 100;

/**
 * What the till tells the server of a payment.
 *
 * @typedef {Object} Payload
 * @property {string} reference made by the page, before anything is sent
 * @property {string} line_uuid payment line of the POS
 * @property {string} order_uuid order of the POS
 * @property {string} order_name as printed on its receipt
 * @property {number} session_id
 * @property {string} operation debit, credit or reversal
 * @property {number} amount_cents positive, in the currency's smallest unit
 * @property {number[]} refunded_lines order lines that this order gives back
 * @property {string} page made by the page when it was loaded
 * @property {string[]} order_lines all payment lines of that order that the page knows
 * @property {number|boolean} employee_id who is logged in at the till (pos_hr), or false
 * @property {string} manager_token a manager's right, or ""
 */

/**
 * The payment line that money is given to, as in a Payload.
 *
 * @typedef {Object} Sale
 * @property {string} line_uuid
 * @property {string} order_uuid
 * @property {string} order_name
 * @property {number} session_id
 * @property {string} page
 */

/**
 * What the server says of a transaction. Its words are in the cashier's language.
 *
 * @typedef {Object} State
 * @property {string} reference
 * @property {string} line_uuid payment line that asked for it
 * @property {string} order_uuid
 * @property {number} method_id payment method
 * @property {string} state pending, sent, approved, refused, unknown, not_sent or busy
 * @property {boolean} is_final no news will come by itself
 * @property {boolean} is_free the line may be sent again
 * @property {string} reason
 * @property {string} operation debit, credit or reversal
 * @property {number} amount_cents asked for, positive
 * @property {number} approved_cents approved, positive
 * @property {string} title
 * @property {string} message empty: there is nothing to tell
 * @property {string} cancel_message why it cannot be cancelled
 * @property {string} card_type
 * @property {string} card_number masked
 * @property {string} authorisation
 * @property {string} receipt text of the terminal
 * @property {string} summary names it in one line
 * @property {boolean} is_orphan approved, and no sale carries its money
 * @property {string} owner_uuid the payment line that owns approved money; "": none
 * @property {string} lost_message what the money was used for, if not for its line
 * @property {boolean} offer this page may use the money, or has to say what became of it
 * @property {boolean} needs_person a person has to decide
 * @property {{id: number, name: string}[]} [managers] who may allow what was refused
 * @property {string} [sender_message] who sent it, for a page that did not; "": it
 *     waits no more
 * @property {{kind: string, channel: string}|false} bus where the page listens for news
 *     of it; false: Odoo's own bus brings it
 * @property {boolean} can_query the terminal can be asked what became of it
 */

/**
 * @typedef {Object} Unfinished
 * @property {Object<string, State>} lines the last attempt of each line, by its uuid
 * @property {State[]} others what this page has to decide though it has no line of it
 */

/**
 * @typedef {Object} Closing
 * @property {string} text what the terminals did; empty: nothing
 * @property {boolean} needs_attention whether a person should look at it first
 */

export function wait(milliseconds) {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * @param {Promise} asked a call
 * @returns {Promise<any>} the same, which ends in time
 */
async function inTime(asked) {
    let timer = null;
    const late = new Promise((resolve, reject) => {
        timer = setTimeout(() => {
            reject(new Error("no reply of Odoo in time"));
            // A browser has few connections to a server: this one is free again.
            if (asked.abort) {
                asked.abort();
            }
        }, CALL_PATIENCE_MS);
    });
    try {
        return await Promise.race([asked, late]);
    } finally {
        clearTimeout(timer);
    }
}

/**
 * What the page calls on the server: the methods of models/pos_payment_method_till.py.
 * Each returns a promise, and rejects with the error that Odoo made of it.
 */
export class Server {
    /** @param {Object} adapter see adapter.js */
    constructor(adapter) {
        this.adapter = adapter;
        this.headStart = Promise.resolve(); // Of the last start, see start()
    }

    async call(method, args) {
        const name = `fr_caisse_ap_ip_${method}`;
        const reply = await inTime(this.adapter.call(MODEL, name, args));
        if (reply === undefined) {
            throw new Error("not a reply of Odoo"); // A proxy's JSON, read as one
        }
        return reply;
    }

    /** Say as well who stands at the till, for the records. */
    callAsEmployee(method, args) {
        return this.call(method, [...args, this.adapter.employeeId()]);
    }

    /**
     * Record a payment and send it to its terminal; the same reference never leaves
     * twice.
     *
     * @param {number} methodId payment method
     * @param {Payload} payload
     * @returns {Promise<State>}
     */
    start(methodId, payload) {
        const started = this.call("start", [methodId, payload]);
        const time = wait(HEAD_START_MS);
        // What is still pending an agent comes for just then.
        const isOver = started.then(
            ({state}) => state === "pending" && time,
            () => undefined
        );
        this.headStart = Promise.race([isOver, time]);
        return started;
    }

    /**
     * Give a payment up, if nothing has left for the terminal yet.
     *
     * @param {number} methodId payment method
     * @param {Payload} payload
     * @returns {Promise<State>}
     */
    cancel(methodId, payload) {
        return this.call("cancel", [methodId, payload]);
    }

    /**
     * @param {string[]} references
     * @returns {Promise<Object<string, State>>} by reference; unknown ones are left out
     */
    status(references) {
        return this.call("status", [references]);
    }

    /**
     * Tell which payment lines this page holds, paid ones too: their money is offered to
     * nobody else.
     *
     * @param {string[]} lineUuids
     * @param {string} page made by the page when it was loaded
     * @returns {Promise<Unfinished>}
     */
    unfinished(lineUuids, page) {
        return this.call("unfinished", [this.adapter.sessionId(), lineUuids, page]);
    }

    /**
     * Give approved money to another payment line, unless somebody was quicker.
     *
     * @param {string} reference
     * @param {Sale} sale
     * @param {string} ownerUuid the line that owns it, as this page knows
     * @returns {Promise<State>} its ``owner_uuid`` says whether the line got it
     */
    attach(reference, sale, ownerUuid) {
        return this.callAsEmployee("attach", [reference, sale, ownerUuid]);
    }

    /**
     * Record what a person read on the terminal.
     *
     * @param {string} reference of an unknown transaction
     * @param {string} outcome approved or refused
     * @param {string} authorisation number on the terminal's receipt
     * @returns {Promise<State>}
     */
    resolve(reference, outcome, authorisation) {
        return this.callAsEmployee("resolve", [reference, outcome, authorisation]);
    }

    /**
     * Record that the customer got the money of an orphan back, unless a sale got it.
     *
     * @param {string} reference
     * @param {string} ownerUuid the line that owns it, as this page knows
     * @returns {Promise<State>} its ``owner_uuid`` is empty if it was recorded
     */
    markRefunded(reference, ownerUuid) {
        return this.callAsEmployee("mark_refunded", [reference, ownerUuid]);
    }

    /**
     * Ask the terminal for its last transaction.
     *
     * @param {string} reference of an unknown transaction
     * @returns {Promise<State>} of the inquiry, which has a reference of its own
     */
    queryTerminal(reference) {
        return this.call("query_terminal", [reference]);
    }

    /**
     * @param {number} employeeId a manager
     * @param {string} pin as typed
     * @returns {Promise<Object>} ``token``: the right, or "" and a ``message``: why not
     */
    checkManager(employeeId, pin) {
        return this.call("check_manager", [this.adapter.sessionId(), employeeId, pin]);
    }

    /**
     * Ask whether an order may be merged into another one: another page may be paying
     * it. Rejects with the reason why not.
     *
     * @param {string} orderUuid
     */
    checkOrder(orderUuid) {
        return this.call("check_order", [this.adapter.sessionId(), orderUuid]);
    }

    /** @returns {Promise<Closing>} what the terminals did in this session */
    closing() {
        return this.call("closing", [this.adapter.sessionId()]);
    }

    /**
     * Repeat a call until the server is reached; other errors are final.
     *
     * @param {Function} call makes the call, returns a promise
     * @param {Function} isOver whether to give up, as an error would have it
     * @returns {Promise<any>} of the call that succeeded
     */
    async retryWhileOffline(call, isOver = () => false) {
        for (;;) {
            try {
                return await call();
            } catch (error) {
                if (this.isOffline(error) && !isOver()) {
                    await wait(OFFLINE_RETRY_MS);
                }
                // Over meanwhile, too: a cancelled payment must not leave any more.
                if (!this.isOffline(error) || isOver()) {
                    throw error;
                }
            }
        }
    }

    /**
     * Repeat a call until it succeeds, whatever the error: money may be moving.
     *
     * @param {Function} call makes the call, returns a promise
     * @returns {Promise<any>} of the call that succeeded
     */
    async retryUntilDone(call) {
        for (;;) {
            try {
                return await call();
            } catch {
                await wait(OFFLINE_RETRY_MS);
            }
        }
    }

    /**
     * @param {Error} error
     * @returns {boolean} whether Odoo said nothing: it may have done what it was asked,
     *     or do it still
     */
    isOffline(error) {
        return !(error.data && error.data.name);
    }

    /**
     * @param {Error} error
     * @returns {boolean} whether Odoo does not know any more who sits at the till
     */
    isLoggedOut(error) {
        return error.code === LOGGED_OUT_CODE;
    }

    /**
     * @param {Error} error
     * @returns {boolean} whether Odoo refused: this call has done nothing. Any other
     *     error may come after the commit.
     */
    isRefusal(error) {
        const isRefused = () => error.data.name.startsWith("odoo.exceptions.");
        return !this.isOffline(error) && (this.isLoggedOut(error) || isRefused());
    }

    /** @returns {string[]} title and message of a call that failed */
    failure(error) {
        if (this.isOffline(error)) {
            return [
                _t("Odoo server unreachable"),
                _t(
                    "The till will find the result again. To stop the terminal, " +
                        "press its red key."
                ),
            ];
        }
        return this.isLoggedOut(error)
            ? [
                  _t("You are no longer logged in to Odoo"),
                  _t(
                      "Reload the page (F5) and log in. A payment on the terminal goes " +
                          "on: the till will find its result."
                  ),
              ]
            : [_t("Card terminal"), error.data.message];
    }
}
