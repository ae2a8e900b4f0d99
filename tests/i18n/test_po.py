# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The catalogues of the addon: complete, and French. `script/i18n` writes them.

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
FRENCH = polib.pofile(FOLDER / "fr.po")
TEMPLATE = polib.pofile(FOLDER / f"{ADDON}.pot")

#: What is the same in French: names, numbers, and words of both languages.
SAME = {
    "(code %s)",
    "192.168.1.50",
    "3.00",
    "3.10",
    "3.20",
    "Application",
    "CMCIC-Pay",
    "CONECS",
    "Date",
    "ID",
    "Identification",
    "Justification",
    "Ok",
    "Session",
    "Total",
    "Transaction",
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


def test_every_word_has_its_french():
    """Nothing is left out, doubtful or obsolete, and both files hold the same words."""
    assert [entry.msgid for entry in FRENCH if not entry.translated()] == []
    assert [entry.msgid for entry in FRENCH] == [entry.msgid for entry in TEMPLATE]


def test_template_and_french_are_of_one_export():
    """Markers and places are those of the template: series read them."""
    for ours, theirs in zip(FRENCH, TEMPLATE):
        assert (ours.comment, ours.occurrences) == (theirs.comment, theirs.occurrences)


def test_placeholders():
    """What is filled in stays, under the same name, in the order that matters."""
    for entry in FRENCH:
        english, french = map(PLACEHOLDERS.findall, (entry.msgid, entry.msgstr))
        assert sorted(english) == sorted(french), entry.msgid
        if "%s" in english:
            assert english == french, entry.msgid


def test_no_english_left():
    """A French word like its English one is a name, or is listed here."""
    same = {entry.msgid for entry in FRENCH if entry.msgid == entry.msgstr}
    assert same == SAME


def test_french_typography():
    """High signs and quotation marks have their space, which does not break."""
    for entry in FRENCH:
        assert not BARE_SIGN.search(entry.msgstr), entry.msgstr


def test_one_word_for_a_thing():
    """The terminal is a TPE, as shops say, and what it prints a ticket."""
    for entry in FRENCH:
        words = entry.msgstr.replace("Terminal de paiement (TPE)", "")
        assert not re.search(r"terminal\b|terminaux|lecteur|reçu\b", words, re.I), words


def test_markers():
    """18.0 and 19.0 translate a word of the code only where its marker says so."""
    for entry in TEMPLATE:
        for place, _line in entry.occurrences:
            if place.startswith("code:"):
                assert MARKERS[Path(place).suffix] in entry.comment.splitlines()


def test_words_of_the_server_are_there():
    """Each _("…") in Python is in the catalogue: else run script/i18n."""
    known = {entry.msgid for entry in FRENCH}
    found = [words for path in sources("*/*.py") for words in python_words(path)]
    assert len(found) > 50
    assert set(found) - known == set()


def python_words(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_":
            words = ast.literal_eval(node.args[0])
            # Odoo leaves out what has no letters.
            if re.search("[a-z]", PLACEHOLDERS.sub("", words)):
                yield words


def test_words_of_the_browser_are_there():
    """Each _t("…") of every series is in the catalogue, for the browser."""
    known = {entry.msgid for entry in FRENCH if "odoo-javascript" in entry.comment}
    paths = sources("static/src/**/*.js")
    found = [words for path in paths for words in js_words(path)]
    assert len(found) > 10
    assert set(found) - known == set()


def js_words(path):
    for call in JS_CALL.findall(path.read_text()):
        yield "".join(ast.literal_eval(string) for string in JS_STRING.findall(call))


def test_words_of_14_have_no_line_break_around():
    """14.0 looks words of a template up together with their white space."""
    folder = ROOT / "backports" / "14.0" / ADDON / "static"
    texts = [text for path in folder.rglob("*.xml") for text in template_words(path)]
    assert texts
    assert texts == [text.strip() for text in texts]


def template_words(path):
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
    """The tables have both languages; what is the same in both is a name."""
    for label in table.values():
        assert label.fr and label.en
        assert label.fr != label.en or NAMES.match(label.fr), label
