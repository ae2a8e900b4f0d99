# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The catalogues of the addon: complete, in good French and Spanish. `script/i18n`
writes them.

Without an Odoo: what Odoo itself would export is compared by `script/i18n --check`.
"""

import ast
import re
from pathlib import Path
from xml.etree import ElementTree

import polib
import pytest

from caisse_ap import tables

ROOT = Path(__file__).resolve().parents[2]
ADDON = "l10n_fr_pos_caisse_ap_ip"
FOLDER = ROOT / ADDON / "i18n"
CATALOGUES = {path.stem: polib.pofile(path) for path in FOLDER.glob("*.po")}
FRENCH, SPANISH = CATALOGUES["fr"], CATALOGUES["es"]
TEMPLATE = polib.pofile(FOLDER / f"{ADDON}.pot")

#: What is the same in every language: names, numbers.
SAME = {
    "192.168.1.50",
    "3.00",
    "3.10",
    "3.20",
    "CMCIC-Pay",
    "CONECS",
    "ID",
    "Total",
}
#: Words that one language shares with English.
SHARED = {
    "fr": {
        "(code %s)",
        "Agent",
        "Application",
        "Date",
        "Identification",
        "Justification",
        "Ok",
        "Port",
        "Session",
        "Transaction",
    },
    "es": {"%(what)s: %(sum)s", "Cheque"},
}
#: Labels of the protocol that are names.
NAMES = re.compile(
    r"American Express|Banque Accord|CB|CPEI-EMV|Cash-Agence|Cetelem|Cofinoga|Contact"
    r"|DCC|Diners Club|Franfinance|Identification|JCB|Optalion|P3F|PNF|PPFCA|PRCME"
    r"|Préauto-CM|Quasi-cash|QuickPass|TOP3-3XCB|UnionPay"
)
PLACEHOLDERS = re.compile(r"%(?:\(\w+\))?[sd]")
#: A sign that wants a space which does not break before it, or after it.
BARE_SIGN = re.compile(r"(?<!\xa0)[?!;:»](?=\s|$)|«(?!\xa0)|[“”]")
MARKERS = {".py": "odoo-python", ".js": "odoo-javascript", ".xml": "odoo-javascript"}
#: A call of _t with one string, or several put together by plus signs.
JS_CALL = re.compile(r'\b_t\(\s*("(?:[^"\\\n]|\\.)*"(?:\s*\+\s*"(?:[^"\\\n]|\\.)*")*)')
JS_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')


def sources(pattern):
    """Return the files of the addon that match, and those of every older series."""
    roots = [ROOT / ADDON, *sorted((ROOT / "backports").glob(f"*/{ADDON}"))]
    return [path for root in roots for path in sorted(root.glob(pattern))]


@pytest.fixture(params=sorted(CATALOGUES))
def language(request):
    return request.param


@pytest.fixture
def catalogue(language):
    return CATALOGUES[language]


def test_languages():
    """Shops in France, and those to whom the published addon spoke Spanish."""
    assert sorted(CATALOGUES) == ["es", "fr"]


def test_every_text_is_translated(catalogue):
    """Nothing is left out, doubtful or obsolete, and all files hold the same texts."""
    assert [entry.msgid for entry in catalogue if not entry.translated()] == []
    assert [entry.msgid for entry in catalogue] == [entry.msgid for entry in TEMPLATE]


def test_template_and_translations_are_of_one_export(catalogue):
    """Markers and places are those of the template: series read them."""
    for ours, theirs in zip(catalogue, TEMPLATE):
        assert (ours.comment, ours.occurrences) == (theirs.comment, theirs.occurrences)


def test_placeholders(catalogue):
    """What is filled in stays, under the same name, in the order that matters."""
    for entry in catalogue:
        english, ours = map(PLACEHOLDERS.findall, (entry.msgid, entry.msgstr))
        assert sorted(english) == sorted(ours), entry.msgid
        if "%s" in english:
            assert english == ours, entry.msgid


def test_no_english_left(language, catalogue):
    """A text like its English one is a name, or is listed here."""
    same = {entry.msgid for entry in catalogue if entry.msgid == entry.msgstr}
    assert same == SAME | SHARED[language]


def test_french_typography():
    """High signs and quotation marks have their space, which does not break."""
    for entry in FRENCH:
        assert not BARE_SIGN.search(entry.msgstr), entry.msgstr


def test_spanish_typography():
    """Questions open as they close; no space before a sign or inside quotes."""
    for entry in SPANISH:
        text = entry.msgstr
        assert text.count("¿") == text.count("?"), text
        assert not re.search(r"\s[?!;:»]|«\s|[“”]", text), text


def test_one_word_for_a_thing():
    """The terminal is a TPE, as shops say, and what it prints a ticket; in Spain a
    datáfono and a recibo."""
    for entry in FRENCH:
        text = entry.msgstr.replace("Terminal de paiement (TPE)", "")
        assert not re.search(r"terminal\b|terminaux|lecteur|reçu\b", text, re.I), text
    for entry in SPANISH:
        text = entry.msgstr
        assert not re.search(r"terminal|TPV|tique|justificante", text, re.I), text


def test_markers():
    """18.0 and 19.0 translate a text of the code only where its marker says so."""
    for entry in TEMPLATE:
        for place, _line in entry.occurrences:
            if place.startswith("code:"):
                assert MARKERS[Path(place).suffix] in entry.comment.splitlines()


def test_texts_of_the_server_are_there():
    """Each _("…") in Python is in the catalogue, and no other string: after one call
    of _ Odoo takes the first string of a tuple for the text of another one."""
    known = {entry.msgid for entry in FRENCH}
    found = {text for path in sources("*/*.py") for text in python_texts(path)}
    assert len(found) > 50
    assert {text for text in found if has_letters(text)} - known == set()
    from_code = {entry.msgid for entry in TEMPLATE if "odoo-python" in entry.comment}
    assert from_code - found == set()


def python_texts(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_":
            yield ast.literal_eval(node.args[0])


def has_letters(text):
    """Return whether Odoo exports a text (bool)."""
    return re.search("[a-z]", PLACEHOLDERS.sub("", text))


def test_texts_of_the_browser_are_there():
    """Each _t("…") of every series is in the catalogue, for the browser."""
    known = {entry.msgid for entry in FRENCH if "odoo-javascript" in entry.comment}
    paths = sources("static/src/**/*.js")
    found = [text for path in paths for text in js_texts(path)]
    assert len(found) > 10
    assert set(found) - known == set()


def js_texts(path):
    for call in JS_CALL.findall(path.read_text()):
        yield "".join(ast.literal_eval(string) for string in JS_STRING.findall(call))


def test_texts_of_14_have_no_line_break_around():
    """14.0 looks texts of a template up together with their white space."""
    folder = ROOT / "backports" / "14.0" / ADDON / "static"
    texts = [text for path in folder.rglob("*.xml") for text in template_texts(path)]
    assert texts
    assert texts == [text.strip() for text in texts]


def template_texts(path):
    for element in ElementTree.parse(path).iter():
        yield from filter(str.strip, filter(None, (element.text, element.tail)))


def test_integration_has_its_name():
    """The name that the shop chooses from, as the documentation writes it."""
    [entry] = [one for one in FRENCH if one.msgid.startswith("Caisse AP over IP")]
    assert entry.msgstr == "Caisse AP sur IP (France uniquement)"


@pytest.mark.parametrize(
    "table",
    [
        tables.OPERATIONS,
        tables.STATUSES,
        tables.STATUS_DETAILS,
        tables.APPLICATIONS,
        tables.READING_MODES,
    ],
)
def test_labels_of_the_protocol(table):
    """The tables have three languages; what is the same in all is a name."""
    for label in table.values():
        assert label.fr and label.en
        assert label.es or label.fr == label.en, label
        assert label.fr != label.en or NAMES.match(label.fr), label
