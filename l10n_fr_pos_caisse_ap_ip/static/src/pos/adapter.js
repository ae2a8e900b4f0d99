import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {AwaitableAdapter} from "@l10n_fr_pos_caisse_ap_ip/pos/awaitable_adapter";

/** What is otherwise in Odoo 19.0, see adapter.js. */
export class Adapter extends AwaitableAdapter {
    status(line) {
        return line.getPaymentStatus();
    }
    setStatus(line, status) {
        line.setPaymentStatus(status);
        // Odoo saves it a little later: the page may be gone by then.
        this.pos.data.synchronizeLocalDataInIndexedDB();
    }
    amount(line) {
        return line.getAmount();
    }
    setAmount(line, amount) {
        line.setAmount(amount);
    }
    setReceipt(line, text) {
        line.setReceiptInfo(text);
    }

    /** Do for a payment of an earlier page what the payment screen does for its own. */
    async finish(line, isPaid) {
        line.handlePaymentResponse(isPaid);
        const order = line.pos_order_id;
        if (
            isPaid &&
            order.isPaid() &&
            this.pos.config.auto_validate_terminal_payment &&
            !order.isRefundInProcess() &&
            this.pos.router.state.current === "PaymentScreen" &&
            this.currentOrder() === order
        ) {
            const validation = new OrderPaymentValidation({
                pos: this.pos,
                orderUuid: order.uuid,
            });
            await validation.validateOrder(false);
        }
    }

    currentOrder() {
        return this.pos.getOrder();
    }
    canAttach(methodId) {
        const order = this.currentOrder();
        return Boolean(order && !order.finalized && this.method(methodId));
    }
    addLine(methodId) {
        return this.currentOrder().addPaymentline(this.method(methodId)).data;
    }
}
