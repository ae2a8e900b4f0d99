import {AwaitableAdapter} from "@l10n_fr_pos_caisse_ap_ip/pos/awaitable_adapter";

/** Odoo 18.0 is as the base says. */
export class Adapter extends AwaitableAdapter {}
