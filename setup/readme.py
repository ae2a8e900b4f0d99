"""Write the addon's README.rst and description page from its readme/ fragments.

OCA's bot does this for an addon in an OCA repository; outside one, nobody would. The
fragments are plain Markdown: paragraphs, lists, ## headings, `code`, *emphasis*,
**strong** and [links](address). A hook of .pre-commit-config.yaml, as it needs
docutils.
"""

import re
from pathlib import Path

from docutils.core import publish_parts

from overlays import ADDON, read_manifest

REPOSITORY = Path(__file__).resolve().parent.parent
_SECTIONS = {
    "DESCRIPTION": "",
    "CONTEXT": "Context",
    "CONFIGURE": "Configuration",
    "USAGE": "Usage",
    "ROADMAP": "Known limits",
    "HISTORY": "Changelog",
    "CONTRIBUTORS": "Contributors",
}
_GENERATED = ".. Generated from readme/ by script/lint --fix: edit the fragments.\n"
_INLINE = (
    (re.compile(r"`([^`]+)`"), r"``\1``"),
    (re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)"), r"`\1 <\2>`__"),
)
_HEADING = re.compile(r"^## (.+)$", re.M)
_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
</head>
<body>
{body}
</body>
</html>
"""


def main(addon=REPOSITORY / ADDON):
    title = read_manifest({"__manifest__.py": addon / "__manifest__.py"})["name"]
    text = readme(title, addon / "readme")
    (addon / "README.rst").write_text(text, encoding="utf-8")
    page = addon / "static" / "description" / "index.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(description(title, text), encoding="utf-8")


def readme(title, fragments):
    """The whole README (str, reStructuredText)."""
    parts = [_headed(title, "=", over=True), _GENERATED]
    for name, heading in _SECTIONS.items():
        text = (fragments / f"{name}.md").read_text(encoding="utf-8")
        parts += [_headed(heading, "=") if heading else "", _from_markdown(text)]
    return "\n".join(filter(None, parts))


def description(title, text):
    """The description page (str, HTML).

    :raises docutils.utils.SystemMessage: docutils warns of the text
    """
    # 2 is a warning: a fragment that is no good reStructuredText must not pass.
    settings = {"halt_level": 2, "report_level": 2, "syntax_highlight": "none"}
    parts = publish_parts(text, writer_name="html5", settings_overrides=settings)
    return _PAGE.format(title=title, body=parts["html_body"].strip())


def _headed(text, mark, over=False):
    line = mark * len(text)
    return f"{line}\n{text}\n{line}\n" if over else f"{text}\n{line}\n"


def _from_markdown(text):
    for pattern, replacement in _INLINE:
        text = pattern.sub(replacement, text)
    return _HEADING.sub(lambda found: _headed(found[1], "-").strip(), text)


if __name__ == "__main__":
    main()
