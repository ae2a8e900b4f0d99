"""The repository itself, built: what the shops get."""

from pathlib import Path

import pytest

from build import build_folder
from layers import known_series

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
