/** @odoo-module **/

/** Print a text as it is, by the browser: each series has a printer of its own kind. */
export function printText(text) {
    const frame = document.createElement("iframe");
    // Firefox prints no frame that is not displayed.
    frame.style.cssText = "position: fixed; left: -100%; border: 0";
    frame.srcdoc = "<pre></pre>";
    frame.onload = () => {
        const paper = frame.contentWindow;
        paper.document.querySelector("pre").textContent = text;
        paper.onafterprint = () => frame.remove();
        paper.print();
    };
    document.body.append(frame);
}

// What a picture may take. A page that is hidden draws none.
const PICTURE_MS = 100;

/** @returns {Promise<void>} that the browser has drawn what was changed */
export function drawn() {
    if (document.hidden) {
        return Promise.resolve();
    }
    return new Promise((resolve) => {
        requestAnimationFrame(() => setTimeout(resolve));
        setTimeout(resolve, PICTURE_MS);
    });
}

/**
 * Let a double click on Send be one click: the second one would hit Cancel, which
 * takes its place.
 */
export function ignoreSecondClicks() {
    const ignore = (event) => {
        if (event.detail > 1 && event.target.closest(".electronic_payment")) {
            event.stopPropagation();
        }
    };
    document.addEventListener("click", ignore, true);
}

/**
 * Show a button above every screen of the Point of Sale, below its dialogs.
 *
 * @param {string} text empty: none
 * @param {Function} onClick
 */
export function showMark(text, onClick) {
    const old = document.querySelector(".caisse-ap-mark");
    if (old) {
        old.remove();
    }
    if (text) {
        const mark = document.createElement("button");
        mark.className = "caisse-ap-mark btn btn-warning";
        mark.style.cssText =
            "position: fixed; z-index: 1000; top: 4px; left: 50%; padding: 8px 12px;" +
            "transform: translateX(-50%); background: #ffac00; color: #000; border: 0";
        mark.textContent = text;
        mark.onclick = onClick;
        document.body.append(mark);
    }
}

/**
 * The answer to a question, by a click on one of its buttons. No key answers a question
 * about money: barcode readers end with Enter.
 *
 * @param {string} id of the choice
 * @param {MouseEvent} event
 * @returns {Object|undefined} see Answer in dialogs.js; undefined: a key was pressed
 */
export function answerOf(id, event) {
    const isKey = event.detail === 0;
    const input = event.target
        .closest(".caisse-ap-question")
        .querySelector(".caisse-ap-input");
    return isKey ? undefined : {id, text: input ? input.value : ""};
}

const SENT = "l10n_fr_pos_caisse_ap_ip.sent";
// Two names a payment, of more than a device may have under way.
const REMEMBERED = 40;

/** @returns {string[]} references of the payments that this device sent last */
export function readSent() {
    try {
        return JSON.parse(localStorage.getItem(SENT)) || [];
    } catch {
        return []; // Kept by nobody in a private window, or not ours
    }
}

/**
 * Remember on this device, whatever becomes of the page, that it sent a payment.
 *
 * @param {string} reference
 */
export function rememberSent(reference) {
    const sent = [...readSent(), reference].slice(-REMEMBERED);
    try {
        localStorage.setItem(SENT, JSON.stringify(sent));
    } catch {
        // Its own page will be told who sent it, after a reload.
    }
}
