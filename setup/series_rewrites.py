"""What a series needs written otherwise in a file that it inherits.

A file of its own overlay is written for it, and stays as it is. Each rewrite takes the
path inside the addon and the text, and returns the text. What it does not understand it
refuses: a wrong guess would break a till.
"""

import re
from functools import partial

from overlays import ADDON, BuildError
from xml_compat import (
    conditions_as_attrs,
    crons_for_ever,
    lists_as_trees,
    with_changes,
)

#: Modules of newer series under the name that has the same texts in 14.0.
_MODULES_14 = {"@web/core/l10n/translation": "web.core"}

_MODULE_HEADER = re.compile(r"^/\*\* @odoo-module \*\*?/\n+")
_IMPORT = re.compile(r'^import \{\s*(\w+(?:,\s*\w+)*),?\s*\} from "([^"]+)";$', re.M)
_EXPORT = re.compile(r"^export (?=(?:class|const|(?:async )?function) (\w+))", re.M)
_NOT_UNDERSTOOD = re.compile(r"^\s*(?:import|export)\b|\bimport\s*[(.]")


def rewritten(series, path, text):
    """Text of an inherited file as a series needs it.

    :raises BuildError: the text cannot be brought into that series
    """
    for applies, rewrite in _REWRITES.get(series, ()):
        if applies(path):
            text = rewrite(path, text)
    return text


def _is_module(path):
    return path.startswith("static/") and path.endswith(".js")


def _is_data(path):
    # The templates of the browser lie in static/ and have no such dialect.
    return path.endswith(".xml") and not path.startswith("static/")


def _is_catalogue(path):
    return path.endswith((".po", ".pot"))


def _to_odoo_define(path, text):
    """An ES module as a module of 14.0, whose assets know no import and no export."""
    if text.startswith("odoo.define("):
        return text  # 16.0 reads that form too, so its own files may be in it
    body = _MODULE_HEADER.sub("", text)
    body = _IMPORT.sub(lambda found: _to_require(path, *found.groups()), body)
    exported = _EXPORT.findall(body)
    body = _EXPORT.sub("", body)
    _refuse_not_understood(path, body)
    return (
        f'odoo.define("{_module_name(path)}", function (require) {{\n'
        f'    "use strict";\n\n'
        f"{_indented(body.strip())}\n\n"
        f"    return {{{', '.join(exported)}}};\n"
        f"}});\n"
    )


def _to_require(path, names, module):
    imported = ", ".join(re.findall(r"\w+", names))
    return f'const {{{imported}}} = require("{_name_14(path, module)}");'


def _name_14(path, module):
    if module.startswith(f"@{ADDON}/"):
        return module[1:].replace("/", ".")
    if module not in _MODULES_14:
        raise BuildError(f"{path}: 14.0 has no module for {module!r}")
    return _MODULES_14[module]


def _module_name(path):
    inside = re.sub(r"^static/(src/)?", "", path[: -len(".js")])
    return f"{ADDON}.{inside.replace('/', '.')}"


def _refuse_not_understood(path, body):
    for line in body.split("\n"):
        # Indenting would change the text of a string that goes on in the next line.
        open_string = line.count("`") % 2 or line.endswith("\\")
        if open_string or _NOT_UNDERSTOOD.search(line):
            raise BuildError(f"{path}: cannot be brought to 14.0: {line.strip()}")


def _indented(text):
    return "\n".join(f"    {line}" if line else "" for line in text.split("\n"))


def _add_openerp_web(_path, text):
    """14.0 and 16.0 give a term to the browser only under this marker."""
    return re.sub(
        r"^(#\. odoo-javascript\n)(?!#\. openerp-web\n)",
        r"\1#. openerp-web\n",
        text,
        flags=re.M,
    )


_WITH_LISTS = partial(with_changes, (lists_as_trees, crons_for_ever))
_WITH_ATTRS = partial(
    with_changes, (lists_as_trees, crons_for_ever, conditions_as_attrs)
)
_REWRITES = {
    "14.0": (
        (_is_module, _to_odoo_define),
        (_is_catalogue, _add_openerp_web),
        (_is_data, _WITH_ATTRS),
    ),
    "16.0": ((_is_catalogue, _add_openerp_web), (_is_data, _WITH_ATTRS)),
    "17.0": ((_is_data, _WITH_LISTS),),
}
