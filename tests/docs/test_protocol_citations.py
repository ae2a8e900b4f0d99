# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the code cites is in the repository: documents, and sections of the protocol."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROTOCOL = (ROOT / "docs" / "protocol.md").read_text()
CODE = ("*.py", "*.js", "*.xml", "*.css", "*.html", "*.toml")

#: A heading "## 7. …" or "### 4.2 …", or a paragraph that begins with "**6.1 …".
SECTION = re.compile(r"^(?:#+ |\*\*)(\d+(?:\.\d+)?)\.? ", re.M)
#: "protocol.md" and the numbers after it: "section 3", "5.1, 6.1 and 6.6". It may go on
#: in the next line of a comment.
CITATION = re.compile(
    r"protocol\.md,?[\s#/*]*(?:sections?[\s#/*]+)?"
    r"(?P<numbers>\d+(?:\.\d+)?(?:(?:,| and| or| to)[\s#/*]+\d+(?:\.\d+)?)*)?"
)
DOCUMENT = re.compile(r"(?<![\w*])[\w/-][\w./-]*\.(?:md|rst)\b")


def files():
    """Yield the path and the text of each source file, these tests left out."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    found = subprocess.check_output([*listed, "--", *CODE], cwd=ROOT, text=True)
    for name in found.splitlines():
        path = ROOT / name
        if path.exists() and path.parent != Path(__file__).resolve().parent:
            yield name, path.read_text()


def test_each_cited_section_exists():
    """A reader who follows a citation of the protocol finds the section."""
    sections = set(SECTION.findall(PROTOCOL))
    cited = [
        (name, number)
        for name, text in files()
        for found in CITATION.finditer(text)
        for number in re.findall(r"\d+(?:\.\d+)?", found["numbers"] or "nowhere")
        or [found[0]]
    ]
    assert len(cited) > 30
    assert [one for one in cited if one[1] not in sections] == []


def test_each_named_document_exists():
    """No file speaks of a document that only its author had."""
    here = [*ROOT.glob("*.rst"), *ROOT.glob("docs/**/*.md")]
    here += [*ROOT.glob("*/readme/*.md"), *ROOT.glob("l10n_*/README.rst")]
    known = {path.relative_to(ROOT).as_posix() for path in here}
    known |= {name.split("/", count)[-1] for name in known for count in (1, 2)}
    named = [
        (name, document)
        for name, text in files()
        for document in DOCUMENT.findall(text)
        if not document.startswith("/")
    ]
    assert named
    assert [one for one in named if one[1] not in known] == []
