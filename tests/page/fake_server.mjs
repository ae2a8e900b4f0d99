// The server as the page knows it: it records transactions, and never sends one twice.

export class Offline extends Error {}

/** An error that Odoo itself has answered with. */
export class OdooError extends Error {
    constructor(name, message, code = 200) {
        super("Odoo Server Error");
        this.code = code;
        this.data = {name, message};
    }
}
export class Refusal extends OdooError {
    constructor(message) {
        super("odoo.exceptions.UserError", message);
    }
}

const PREFIX = "fr_caisse_ap_ip_";
const FREE = ["refused", "not_sent"];
const FINAL = ["approved", "busy", ...FREE];

/** All of a state that follows from the rest of it. */
function whole(state) {
    return {
        ...state,
        is_final: FINAL.includes(state.state),
        is_free: [...FREE, "busy"].includes(state.state),
    };
}

export class FakeServer {
    constructor() {
        this.transactions = new Map(); // Reference -> state
        this.calls = []; // [method, ...args], those that arrived
        this.isOffline = false;
        this.losesReplies = false; // What arrives is done, and the reply lost
        this.refuses = ""; // The words of a refusal
        this.breaks = {}; // What a method, once it is done, answers with in its place
        this.managers = null; // Who may allow what is refused
        this.busy = null; // The state of a terminal in use
        this.bus = null; // Where a page listens itself for news, in 14.0 and 16.0
        this.others = [];
        this.closingText = {text: "", needs_attention: false};
        this.held = null; // Calls that take their time: [resolve, …]
    }

    // -- For tests -------------------------------------------------------------------

    /** Calls of a method that arrived. */
    callsOf(method) {
        return this.calls.filter(([name]) => name === method);
    }
    stateOf(reference) {
        return structuredClone(whole(this.transactions.get(reference)));
    }
    last() {
        return [...this.transactions.values()].at(-1);
    }
    /** The terminal, or a person, says how the last transaction ended. */
    end(state, values = {}) {
        Object.assign(this.last(), {state, ...values});
    }
    add(values) {
        const state = {
            line_uuid: "",
            order_uuid: "",
            method_id: 7,
            state: "sent",
            reason: "",
            operation: "debit",
            amount_cents: 490,
            approved_cents: values.amount_cents || 490,
            title: `title of ${values.state || "sent"}`,
            message: "",
            cancel_message: "press the red key",
            card_type: "CB",
            card_number: "497010######0014",
            authorisation: "A1",
            receipt: "",
            summary: `summary of ${values.reference}`,
            is_orphan: false,
            can_query: false,
            owner_uuid: values.operation === "reversal" ? "" : values.line_uuid || "",
            lost_message: "",
            bus: this.bus,
            ...values,
        };
        this.transactions.set(state.reference, state);
        return state;
    }
    /** Hold replies back until they are let go. */
    hold() {
        this.held = [];
    }
    letGo() {
        this.held.forEach((go) => go());
        this.held = null;
    }

    // -- What the page calls ---------------------------------------------------------

    async call(name, args) {
        if (this.isOffline) {
            throw new Offline("offline");
        }
        const method = name.slice(PREFIX.length);
        this.calls.push([method, ...args]);
        const reply = structuredClone(this[method](...args));
        if (this.held) {
            await new Promise((go) => this.held.push(go));
        }
        if (this.losesReplies) {
            throw new Offline("reply lost");
        }
        if (method in this.breaks) {
            return this.breaks[method]();
        }
        return reply;
    }
    start(methodId, payload) {
        if (this.refuses) {
            throw new Refusal(this.refuses);
        }
        if (this.busy) {
            return whole({...this.busy, line_uuid: "", state: "busy"});
        }
        if (this.managers && payload.manager_token !== "right") {
            const words = {title: "a manager", message: "above 50"};
            const {managers} = this;
            return whole({...words, managers, state: "busy", reason: "needs_manager"});
        }
        const known = this.attempt(payload);
        return whole(known || this.add({...payload, method_id: methodId}));
    }
    attempt({reference, line_uuid, operation}) {
        const isEarlier = (one) =>
            one.line_uuid === line_uuid &&
            one.operation === operation &&
            !FREE.includes(one.state);
        return (
            this.transactions.get(reference) ||
            [...this.transactions.values()].find(isEarlier)
        );
    }
    cancel(methodId, payload) {
        const words = {title: "nothing was sent", message: "given up"};
        const refused = {state: "not_sent", reason: "given_up", ...words};
        return whole(this.attempt(payload) || this.add({...payload, ...refused}));
    }
    status(references) {
        const known = references.filter((one) => this.transactions.has(one));
        return Object.fromEntries(
            known.map((one) => [one, whole(this.transactions.get(one))])
        );
    }
    unfinished(sessionId, lineUuids) {
        const toldWhoSent = (one) => ({...whole(one), sender_message: "sent by Bob"});
        const ofLines = [...this.transactions.values()].flatMap((one) =>
            [one.line_uuid, one.owner_uuid]
                .filter((uuid) => lineUuids.includes(uuid))
                .map((uuid) => [uuid, toldWhoSent(one)])
        );
        return {
            lines: Object.fromEntries(ofLines),
            others: this.others.map(whole),
        };
    }
    resolve(reference, outcome, authorisation) {
        const state = this.transactions.get(reference);
        return whole(Object.assign(state, {state: outcome, authorisation}));
    }
    attach(reference, sale, ownerUuid) {
        const state = this.transactions.get(reference);
        if (state.owner_uuid === ownerUuid) {
            Object.assign(state, {owner_uuid: sale.line_uuid, is_orphan: false});
            this.others = this.others.filter((one) => one !== state);
        }
        return whole(state);
    }
    mark_refunded(reference, ownerUuid) {
        const state = this.transactions.get(reference);
        if (state.owner_uuid !== ownerUuid) {
            return whole(state);
        }
        this.others = this.others.filter((one) => one !== state);
        return whole(Object.assign(state, {is_orphan: false, owner_uuid: ""}));
    }
    query_terminal(reference) {
        const inquiry = {reference: `inquiry of ${reference}`, operation: "duplicate"};
        return whole(this.add(inquiry));
    }
    check_manager(sessionId, employeeId, pin) {
        const isRight = sessionId === 3 && employeeId === 5 && pin === "1234";
        return isRight ? {token: "right", message: ""} : {token: "", message: "wrong"};
    }
    check_order() {
        if (this.refuses) {
            throw new Refusal(this.refuses);
        }
        return true;
    }
    closing() {
        return this.closingText;
    }
}
