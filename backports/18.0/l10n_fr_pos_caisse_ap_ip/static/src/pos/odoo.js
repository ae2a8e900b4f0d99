/** What this addon uses of Odoo's scripts, where every series has it in another file. */
export {ClosePosPopup} from "@point_of_sale/app/navbar/closing_popup/closing_popup";
export {makeAwaitable} from "@point_of_sale/app/store/make_awaitable_dialog";
