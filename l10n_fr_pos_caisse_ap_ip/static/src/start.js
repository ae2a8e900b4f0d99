/** @odoo-module **/

// A request that reaches the server later than that would surprise everybody.
const START_PATIENCE_MS = 20000;

/** Where a payment under way can be, in this order; the server knows the rest. */
export const STAGES = {
    starting: "starting", // The server may not have heard of it
    givingUp: "giving up", // The server is told to forbid the start
    followed: "followed", // The server has it
    ended: "ended",
};

/** @returns {Promise<State|undefined>} undefined: Odoo refuses it, and has it not */
async function forbid({server, methodId, payload}) {
    try {
        return await server.cancel(methodId, payload);
    } catch (error) {
        if (server.isOffline(error)) {
            throw error;
        }
        const {reference} = payload;
        return (await server.status([reference]))[reference];
    }
}

/**
 * Have the server forbid a start that it may not have received yet; if it has, the
 * payment goes on. Its line is free when the server says so, and not before.
 *
 * @param {Payment} payment see payment.js
 */
export async function giveUp(payment) {
    if (payment.stage !== STAGES.starting) {
        return;
    }
    payment.stage = STAGES.givingUp;
    const call = async () => payment.state || forbid(payment);
    const state = await payment.server.retryUntilDone(call);
    if (state) {
        payment.applyCancel(state);
    } else {
        payment.end(false, true);
    }
}

/**
 * Have the server record a payment and send it, and apply what it says.
 *
 * @param {Payment} payment see payment.js
 */
export async function start(payment) {
    const {server, methodId, payload, since} = payment;
    const isTooLate = () => Date.now() - since > START_PATIENCE_MS;
    const isOver = () => payment.stage === STAGES.givingUp || isTooLate();
    let tries = 0;
    const call = async () => {
        if (payment.state) {
            return payment.state; // Its word came another way
        }
        tries += 1;
        return server.start(methodId, payload);
    };
    try {
        payment.apply(await server.retryWhileOffline(call, isOver));
    } catch (error) {
        // An earlier try may have been recorded, and its reply lost.
        if (tries === 1 && server.isRefusal(error)) {
            payment.end(false, true);
        } else {
            giveUp(payment);
        }
        await payment.tellFailure(error);
    }
}
