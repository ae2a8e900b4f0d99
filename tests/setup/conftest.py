"""A small repository to build from."""

import pytest
from small_repository import ADDON, SHARED, owned, write


@pytest.fixture
def repository(tmp_path):
    """Root addon of 19.0 and an overlay for each older series."""
    folder = tmp_path.resolve() / "repository"
    write(folder / ADDON, {**SHARED, **owned("19.0")})
    (folder / ADDON / "icon.png").write_bytes(b"\x89PNG\xff")
    for series in ("14.0", "16.0", "17.0", "18.0"):
        write(folder / "backports" / series / ADDON, owned(series))
    return folder


@pytest.fixture
def overlay(repository):
    """Folder of the overlay of 16.0."""
    return repository / "backports" / "16.0" / ADDON
