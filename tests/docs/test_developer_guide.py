# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The guides for developers name files that exist, and the same ones."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDES = {lang: ROOT / "docs" / lang / "developer.md" for lang in ("en", "fr")}
# Between backticks; "…_messages.py" stands for several files.
FILE = re.compile(r"`(…?[\w./-]+\.(?:py|js|xml|mjs))`")


def named(lang):
    return FILE.findall(GUIDES[lang].read_text())


def all_files():
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    return subprocess.check_output(listed, cwd=ROOT, text=True).splitlines()


@pytest.mark.parametrize("lang", sorted(GUIDES))
def test_each_named_file_exists(lang):
    """Who looks for a file that a guide names finds it."""
    ends = ["/" + name for name in all_files()]
    missing = [
        name
        for name in named(lang)
        if not any(end.endswith(name.strip("…")) for end in ends)
    ]
    assert len(named(lang)) > 30
    assert missing == []


def test_both_languages_name_the_same_files():
    """A guide that was not translated is not the guide of this code."""
    assert sorted(named("en")) == sorted(named("fr"))


def test_an_amount_passes_the_layers_in_order():
    """Down to the bytes and up again: the steps are numbered without a gap."""
    for guide in GUIDES.values():
        [walk] = re.findall(
            r"^## (?:An amount|Un montant).*?(?=^## )", guide.read_text(), re.M | re.S
        )
        steps = [int(step) for step in re.findall(r"^(\d+)\. ", walk, re.M)]
        assert steps == [*range(1, 16), *range(1, 11)]
