// Where a module of the page is; of Odoo's own, none but the words are needed.
const ADDON = "@l10n_fr_pos_caisse_ap_ip/";
const SOURCES = new URL("../../l10n_fr_pos_caisse_ap_ip/static/src/", import.meta.url);
const ODOO = {
    "@web/core/l10n/translation": "export const _t = (words) => words;",
};

export function resolve(name, context, next) {
    if (name.startsWith(ADDON)) {
        const {href} = new URL(`${name.slice(ADDON.length)}.js`, SOURCES);
        return {url: href, format: "module", shortCircuit: true};
    }
    if (ODOO[name]) {
        const url = `data:text/javascript,${encodeURIComponent(ODOO[name])}`;
        return {url, format: "module", shortCircuit: true};
    }
    return next(name, context);
}
