// Turns amounts into cents and back with the page's own code, for
// tests/protocol/test_amounts.py: reads lines of JSON, [decimals, [amount, …]].
import {createInterface} from "node:readline";
import {BaseAdapter} from "@l10n_fr_pos_caisse_ap_ip/adapter";

class Adapter extends BaseAdapter {
    decimals() {
        return this.pos.decimals;
    }
    amount(line) {
        return line.amount;
    }
    setAmount(line, amount) {
        line.amount = amount;
    }
}

createInterface({input: process.stdin}).on("line", (text) => {
    const [decimals, amounts] = JSON.parse(text);
    const adapter = new Adapter({decimals});
    const cents = amounts.map((amount) => adapter.cents({amount}));
    const back = cents.map((one) => {
        const line = {};
        adapter.setCents(line, one);
        return adapter.cents(line);
    });
    process.stdout.write(`${JSON.stringify([cents, back])}\n`);
});
