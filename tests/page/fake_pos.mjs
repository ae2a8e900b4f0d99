// A Point of Sale without a page, with the methods that Odoo 18.0 gives its records.
import {BaseAdapter} from "@l10n_fr_pos_caisse_ap_ip/adapter";
import {TERMINAL} from "@l10n_fr_pos_caisse_ap_ip/names";

export const CARD = {id: 7, use_payment_terminal: TERMINAL};
export const SECOND_CARD = {id: 8, use_payment_terminal: TERMINAL};
export const CASH = {id: 9, use_payment_terminal: false};

const NEVER = new Promise(() => undefined);
let lastUuid = 0;

class Line {
    constructor(order, method, amount, values = {}) {
        this.pos_order_id = order;
        this.payment_method_id = method;
        this.uuid = `line-${(lastUuid += 1)}`;
        this.amount = amount;
        this.payment_status = method === CASH ? "" : "pending";
        this.ticket = "";
        Object.assign(this, values);
    }
    get_amount() {
        return this.amount;
    }
    set_amount(amount) {
        this.amount = amount;
    }
    get_payment_status() {
        return this.payment_status;
    }
    set_payment_status(status) {
        this.payment_status = status;
    }
    set_receipt_info(text) {
        this.ticket += text;
    }
    handle_payment_response(isPaid) {
        this.payment_status = isPaid ? "done" : "retry";
    }
    update(values) {
        Object.assign(this, values);
    }
    is_done() {
        return ["", "done", "reversed"].includes(this.payment_status);
    }
}

class Order {
    constructor(pos, total) {
        this.pos = pos;
        this.uuid = `order-${(lastUuid += 1)}`;
        this.pos_reference = "Order 1";
        this.total = total;
        this.finalized = false;
        this.lines = [];
        this.payment_ids = [];
    }
    get_due() {
        const paid = this.payment_ids
            .filter((line) => line.is_done())
            .reduce((sum, line) => sum + line.amount, 0);
        return this.total - paid;
    }
    is_paid() {
        return this.get_due() < 0.001;
    }
    electronic_payment_in_progress() {
        return this.payment_ids.some((line) => !line.is_done());
    }
    add_paymentline(method) {
        return this.addLine(method, this.get_due());
    }
    addLine(method, amount, values) {
        const line = new Line(this, method, amount, values);
        this.payment_ids.push(line);
        return line;
    }
    remove_paymentline(line) {
        this.payment_ids = this.payment_ids.filter((one) => one !== line);
    }
}

class Pos {
    constructor() {
        this.currency = {decimal_places: 2};
        this.session = {id: 3};
        this.config = {
            payment_method_ids: [CARD, SECOND_CARD, CASH],
            auto_validate_terminal_payment: true,
        };
        this.paymentTerminalInProgress = false;
        this.syncingOrders = new Set();
        this.orders = [];
        this.order = null;
        this.sent = []; // What the browser of this device remembers
        this.saved = []; // Paid orders that Odoo was told to save
    }
    get models() {
        return {"pos.order": {getAll: () => this.orders}};
    }
    get_cashier() {
        return {id: 11, name: "Ann"};
    }
    get_order() {
        return this.order;
    }
    async syncAllOrders({orders}) {
        orders.forEach((order) => (order.id = 1));
        this.saved.push(...orders);
    }
    add_order(total) {
        this.order = new Order(this, total);
        this.orders.push(this.order);
        return this.order;
    }
}

/** The adapter of this Point of Sale: calls a fake server, shows dialogs to a test. */
export class FakeAdapter extends BaseAdapter {
    constructor(server, pos = new Pos()) {
        super(pos);
        this.server = server;
        this.isGone = false; // The page was left: nothing of it goes on
        this.shown = []; // Dialogs on screen: the question, and how to answer it
        this.told = []; // All that was ever shown
        this.mark = {text: ""}; // What the button on the screen says
        this.printed = [];
        this.validated = []; // Orders that the screen validated
        this.showPaymentScreen();
    }
    showPaymentScreen() {
        const {pos, validated} = this;
        this.screen = {
            get currentOrder() {
                return pos.order;
            },
            validateOrder() {
                validated.push(pos.order);
                pos.order.finalized = true;
            },
        };
    }
    call(model, method, args) {
        return this.isGone ? NEVER : this.server.call(method, args);
    }
    showQuestion(question, onShown) {
        return new Promise((resolve) => {
            const answer = (id, text = "") => {
                this.shown = this.shown.filter((one) => one !== shown);
                resolve(id && {id, text});
            };
            const shown = {...question, answer};
            this.shown.push(shown);
            this.told.push(shown);
            onShown(() => answer(undefined));
        });
    }
    showMark(text, onClick) {
        this.mark = {text, click: onClick};
    }
    drawn() {
        return Promise.resolve();
    }
    print(text) {
        this.printed.push(text);
    }
    rememberSent(reference) {
        this.pos.sent.push(reference);
    }
    hasSent(reference) {
        return this.pos.sent.includes(reference);
    }
    ignoreSecondClicks() {
        this.ignoresSecondClicks = true;
    }
}
