"""The repository itself, built: what the shops get."""

from pathlib import Path

import pytest

from build import build_folder
from overlays import known_series

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("series", known_series(REPOSITORY))
def test_every_series_can_be_built(series, tmp_path):
    """Nothing is missing or shadowed, and only the addon itself is in it."""
    folder = build_folder(REPOSITORY, series, tmp_path)
    paths = [path.relative_to(folder).as_posix() for path in folder.rglob("*")]
    assert "__manifest__.py" in paths
    assert not [path for path in folder.rglob("*") if path.is_symlink()]
    assert not [path for path in paths if "__pycache__" in path]
    assert not [path for path in paths if path.startswith(("tests/protocol", "setup"))]


@pytest.mark.parametrize("series", ["16.0", "17.0"])
def test_every_script_of_16_and_17_is_a_module(series, tmp_path):
    """These series read imports only in a file that says it is a module."""
    folder = build_folder(REPOSITORY, series, tmp_path)
    plain = [
        path.relative_to(folder)
        for path in folder.glob("static/src/**/*.js")
        if not path.read_text().startswith(("/** @odoo-module", "odoo.define("))
    ]
    assert not plain
