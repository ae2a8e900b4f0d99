# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The pictures of the guides: each one is shown, each one shown is there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def shown():
    """Return the pictures that README and guides show (set of paths)."""
    pages = [ROOT / "README.rst", *DOCS.rglob("*.md")]
    pattern = re.compile(r'(?:src="|image:: )([^"\s]+\.png)')
    return {
        (page.parent / name).resolve()
        for page in pages
        for name in pattern.findall(page.read_text())
    }


def test_pictures_are_those_that_are_shown():
    """No picture is missing, and none is kept that nobody sees."""
    assert shown() == set(DOCS.rglob("*.png"))


def test_links_lead_somewhere():
    """Links between the documents name a file, and a heading of it."""
    for page in DOCS.rglob("*.md"):
        for target in re.findall(r"\]\(([^)\s]*)\)", page.read_text()):
            name, _hash, heading = target.partition("#")
            if not name.startswith("http"):
                file = (page.parent / name).resolve() if name else page
                assert file.exists(), (page, target)
                assert not heading or heading in headings(file), (page, target)


def headings(page):
    """Return the anchors of a page, as GitHub makes them (set of str)."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(), re.M)
    plain = [re.sub(r"[^\w\- ]", "", title.lower()) for title in titles]
    return {title.replace(" ", "-") for title in plain}
