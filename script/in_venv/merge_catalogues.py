"""Bring the addon's catalogues in line: merge_catalogues.py EXPORT [--check].

Faults go to standard output. With --check nothing is written, and the exit code is 1
when there is a fault.
"""

import sys
from pathlib import Path

import polib
from babel.messages.extract import extract

ADDON = "l10n_fr_pos_caisse_ap_ip"
ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / ADDON / "i18n" / f"{ADDON}.pot"
TRANSLATIONS = sorted(TEMPLATE.parent.glob("*.po"))
# How Odoo finds texts in what the browser gets.
EXTRACTORS = {
    ".js": "odoo.tools.babel:extract_javascript",
    ".xml": "odoo.tools.translate:babel_extract_qweb",
}


def main(export, *options):
    """Write or check all catalogues; return the exit code."""
    template = polib.pofile(export)
    template.extend(texts_of_older_series(template))
    catalogues, faults = {TEMPLATE: template}, []
    for path in TRANSLATIONS:
        before = polib.pofile(path)
        catalogues[path] = in_line(before, template)
        faults += dropped(path.name, before, catalogues[path])
        faults += missing(path.name, catalogues[path])
    for path, catalogue in catalogues.items():
        if not is_current(path, catalogue):
            faults.append(f"{path.name} was out of date: script/i18n writes it")
            if "--check" not in options:
                catalogue.save(path)
    print("\n".join(faults) or "All texts are there, and all are translated.")
    return int(bool(faults) and "--check" in options)


def texts_of_older_series(template):
    """Return entries for what only an older series says in the browser."""
    known = {entry.msgid for entry in template}
    found = {}
    for root in sorted((ROOT / "backports").glob(f"*/{ADDON}")):
        for path in sorted(root.glob("static/src/**/*.*")):
            for text in texts_of(path):
                found.setdefault(text, path.relative_to(root.parent))
    return [browser_entry(text, found[text]) for text in sorted(set(found) - known)]


def texts_of(path):
    """Return the translatable texts of a script or a template."""
    method = EXTRACTORS.get(path.suffix)
    if not method:
        return []
    with open(path, "rb") as file:
        return [text for _, text, *_ in extract(method, file, {"_t": None})]


def browser_entry(text, path):
    """Return an entry as Odoo exports it for the browser."""
    return polib.POEntry(
        msgid=text,
        comment=f"module: {ADDON}\nodoo-javascript",
        occurrences=[(f"code:addons/{path.as_posix()}", "0")],
    )


def in_line(catalogue, template):
    """Return a catalogue with the entries of a template, translated where it was."""
    known = {folded(entry.msgid): entry for entry in catalogue}
    result = polib.POFile()
    result.header, result.metadata = catalogue.header, catalogue.metadata
    for entry in template:
        before = known.get(folded(entry.msgid), entry)
        result.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgstr=before.msgstr,
                comment=entry.comment,
                occurrences=entry.occurrences,
                flags=before.flags,
            )
        )
    return result


def folded(text):
    """Return a text without its layout, which a view may change at any time."""
    return " ".join(text.split())


def is_current(path, catalogue):
    """Return whether a file holds these entries, whatever its header says."""
    if not path.exists():
        return False
    return list(map(str, polib.pofile(path))) == list(map(str, catalogue))


def dropped(name, before, after):
    """Name the translations that are gone: texts may only have changed a little."""
    kept = {folded(entry.msgid) for entry in after}
    for entry in before:
        if folded(entry.msgid) not in kept:
            yield f"{name}: no longer there: {entry.msgid!r} ({entry.msgstr!r})"


def missing(name, catalogue):
    for entry in catalogue:
        if not entry.translated():
            yield f"{name}: no translation, or a doubtful one: {entry.msgid!r}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
