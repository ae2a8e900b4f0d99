"""The contents of a small repository to build from: the shape of ours."""

ADDON = "l10n_fr_pos_caisse_ap_ip"

MANIFEST = """{
    "name": "Terminal", "summary": "A link", "version": "%s.2.0.0", "license": "AGPL-3",
    "author": "Somebody, Odoo Community Association (OCA)", "website": "https://a.test",
    "external_dependencies": {"python": ["pycountry"]},
    "data": ["security/ir.model.access.csv", "views/method_views.xml"],
    "assets": {"bundle": [
        "l10n_fr_pos_caisse_ap_ip/static/src/link.js",
        "l10n_fr_pos_caisse_ap_ip/static/src/pos/**/*",
    ]},
}
"""
LINK = """/** @odoo-module **/

import { _t } from "@web/core/l10n/translation";
import {
    sum,
    wait,
} from "@l10n_fr_pos_caisse_ap_ip/tools/numbers";

/** Words: `export` and `import` among them. */
export const WORDS = [_t("Paid")];

export class Link {
    send(line) {
        return sum(line, wait);
    }
}

export async function ask() {
    return `${WORDS[0]}`;
}
"""
SHARED = {
    "__init__.py": "from . import models\n",
    "i18n/fr.po": '#. odoo-javascript\n#: code\nmsgid "Paid"\nmsgstr "Payé"\n',
    "models/__init__.py": "from . import series\n",
    "security/ir.model.access.csv": "id,name\n",
    "static/src/link.js": LINK,
    "static/src/pos/question.js": "export class Question {}\n",
    "views/method_views.xml": "<odoo><!-- shared --></odoo>\n",
}


def owned(series):
    return {
        "__manifest__.py": MANIFEST % series,
        "compat.py": f"SERIES = '{series}'\n",
        "static/src/pos/payment.js": f"// POS of {series}\n",
    }


def write(folder, files):
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
