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
    endLine(line, isPaid) {
        line.handlePaymentResponse(isPaid);
    }

    cashier() {
        return this.pos.getCashier();
    }
    currentOrder() {
        return this.pos.getOrder();
    }
    dueCents(order) {
        return Math.round(order.remainingDue * this.unit());
    }
    isPaidExactly(order) {
        return order.isPaid() && !order.change && !order.isRefundInProcess();
    }
    isOnScreen(order) {
        return this.isAt("PaymentScreen") && this.currentOrder() === order;
    }
    isAtWork() {
        return (
            super.isAtWork() && !this.isAt("LoginScreen") && !this.isAt("SaverScreen")
        );
    }
    isAt(page) {
        return this.pos.router.state.current === page;
    }
    isBeingSaved(order) {
        return this.pos.syncingOrders.has(order.uuid);
    }
    validate(order) {
        const {pos} = this;
        const validation = new OrderPaymentValidation({pos, orderUuid: order.uuid});
        return validation.validateOrder(false);
    }
    canAddLine(order) {
        return !this.isValidated(order) && !order.electronicPaymentInProgress();
    }
    addLine(methodId) {
        return this.currentOrder().addPaymentline(this.method(methodId)).data;
    }
    removeLine(line) {
        this.orderOf(line).removePaymentline(line);
    }
}
