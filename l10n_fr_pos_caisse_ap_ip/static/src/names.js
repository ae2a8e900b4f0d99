/** @odoo-module **/

// Selection value of the payment method, see models/pos_payment_method.py.
export const TERMINAL = "fr-caisse_ap_ip";

/** @returns {string} a new random name; crypto.randomUUID is missing without https */
export function newUuid() {
    const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
