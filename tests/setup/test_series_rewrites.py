"""What a series needs written otherwise."""

import pytest
from small_repository import LINK, SHARED

from overlays import BuildError
from series_rewrites import rewritten

LINK_14 = """odoo.define("l10n_fr_pos_caisse_ap_ip.link", function (require) {
    "use strict";

    const {_t} = require("web.core");
    const {sum, wait} = require("l10n_fr_pos_caisse_ap_ip.tools.numbers");

    /** Words: `export` and `import` among them. */
    const WORDS = [_t("Paid")];

    class Link {
        send(line) {
            return sum(line, wait);
        }
    }

    async function ask() {
        return `${WORDS[0]}`;
    }

    return {WORDS, Link, ask};
});
"""
CATALOGUE = SHARED["i18n/fr.po"]


def test_a_shared_module_becomes_an_odoo_define_in_14():
    """14.0 gets the same code in the form its assets know."""
    assert rewritten("14.0", "static/src/link.js", LINK) == LINK_14


def test_a_module_in_a_folder_is_named_as_others_require_it():
    """The name of a module and the name in require() are the same."""
    text = rewritten("14.0", "static/src/tools/numbers.js", "export const a = 1;\n")
    assert text.startswith('odoo.define("l10n_fr_pos_caisse_ap_ip.tools.numbers",')


@pytest.mark.parametrize("series", ["16.0", "17.0", "18.0", "19.0"])
def test_newer_series_keep_the_module(series):
    """From 16.0 on the shared module is used as it is."""
    assert rewritten(series, "static/src/link.js", LINK) == LINK


def test_an_inherited_module_of_the_pos_becomes_an_odoo_define_too():
    """14.0 may inherit a file of the POS, and its own files require it by its name."""
    text = rewritten("14.0", "static/src/pos/question.js", "export class Question {}\n")
    assert text.startswith('odoo.define("l10n_fr_pos_caisse_ap_ip.pos.question",')


def test_a_module_in_the_form_of_14_stays_as_it_is():
    """16.0 reads that form too: one file of its overlay may serve both."""
    assert rewritten("14.0", "static/src/pos/till.js", LINK_14) == LINK_14


@pytest.mark.parametrize(
    "line",
    [
        'import Default from "@web/core/l10n/translation";',
        'import * as all from "@web/core/l10n/translation";',
        'import { _t as word } from "@web/core/l10n/translation";',
        'import "@web/core/l10n/translation";',
        'import { useService } from "@web/core/utils/hooks";',
        'const later = await import("./other");',
        "export default class Link {}",
        "export let count = 0;",
        "export function* steps() {}",
        'export { a } from "./a";',
        "const text = `first line",
        "const text = 'first \\",
    ],
)
def test_what_is_not_understood_is_refused(line):
    """A wrong guess would break a till, so the file and the cause are named."""
    with pytest.raises(BuildError, match="static/src/link.js: "):
        rewritten("14.0", "static/src/link.js", line + "\n")


@pytest.mark.parametrize("series", ["14.0", "16.0"])
@pytest.mark.parametrize("path", ["i18n/fr.po", "i18n/addon.pot"])
def test_older_series_get_their_marker_for_browser_terms(series, path):
    """The terms of the browser carry both markers, once."""
    text = rewritten(series, path, CATALOGUE)
    assert text.startswith("#. odoo-javascript\n#. openerp-web\n#: code\n")
    assert rewritten(series, path, text) == text


@pytest.mark.parametrize("series", ["17.0", "18.0", "19.0"])
def test_newer_series_keep_their_catalogue(series):
    """From 17.0 on the marker of today is enough."""
    assert rewritten(series, "i18n/fr.po", CATALOGUE) == CATALOGUE
