"""Which file of a series comes from where, and what is refused."""

import pytest
from small_repository import ADDON, MANIFEST, write

from layers import BuildError, known_series, layered


def refusal(repository, series="16.0"):
    with pytest.raises(BuildError) as caught:
        layered(repository, series)
    return str(caught.value)


def test_series_are_the_root_and_every_overlay(repository):
    """A series is known by its folder, the oldest first."""
    assert known_series(repository) == ["14.0", "16.0", "17.0", "18.0", "19.0"]


def test_the_root_addon_is_the_newest_series(repository):
    """19.0 is the root addon as it stands."""
    root = repository / ADDON
    assert {root / path for path in layered(repository, "19.0")} == {
        file for file in root.rglob("*") if file.is_file()
    }


def test_an_older_series_takes_shared_files_from_the_root(repository, overlay):
    """What a series owns comes from its overlay, all else from the root."""
    files = layered(repository, "16.0")
    assert files["static/src/link.js"] == repository / ADDON / "static/src/link.js"
    assert files["models/series.py"] == overlay / "models/series.py"


def test_owned_paths_never_come_from_the_root(repository):
    """A view that only 19.0 has does not reach 16.0."""
    write(repository / ADDON, {"views/newer_views.xml": "<odoo/>"})
    assert "views/newer_views.xml" not in layered(repository, "16.0")


def test_leftovers_are_no_sources(repository):
    """Caches, editors' and patches' files are passed over."""
    leftovers = ["__pycache__/a.pyc", "models/b.pyc", "c.orig", "d~", ".e.swp"]
    write(repository / ADDON, dict.fromkeys(leftovers, "junk"))
    assert not set(leftovers) & set(layered(repository, "19.0"))


@pytest.mark.parametrize("path", ["static/src/link.js", "models/extra.py"])
def test_an_overlay_may_not_hold_a_shared_path(repository, overlay, path):
    """A shadowed shared file, or a new one beside it, is refused by name."""
    write(overlay, {path: "x = 1\n"})
    assert f"backports/16.0/{ADDON}/{path}" in refusal(repository)


def test_a_link_among_the_sources_is_refused(repository, overlay):
    """Sources are plain files: a link would be a copy in disguise."""
    (overlay / "views" / "other.xml").symlink_to(overlay / "views/method_views.xml")
    assert "other.xml: a link" in refusal(repository)


def test_a_missing_manifest_is_refused(repository, overlay):
    """An overlay without a manifest is no series."""
    (overlay / "__manifest__.py").unlink()
    assert "__manifest__.py is missing" in refusal(repository)


def test_a_manifest_of_code_is_refused(repository, overlay):
    """A manifest is data: nothing in it is run."""
    write(overlay, {"__manifest__.py": "dict(version='16.0.2.0.0')"})
    assert "not a readable manifest" in refusal(repository)


@pytest.mark.parametrize("version", ["17.0.2.0.0", "16.0.1.0.0", "2.0.0"])
def test_a_version_is_the_series_and_the_roots(repository, overlay, version):
    """Shops of every series learn of a change of the shared text."""
    manifest = MANIFEST.replace("%s.2.0.0", version)
    write(overlay, {"__manifest__.py": manifest})
    assert "should be '16.0.2.0.0'" in refusal(repository)


@pytest.mark.parametrize(
    "path", ["views/method_views.xml", "static/src/pos/payment.js"]
)
def test_what_the_manifest_names_must_be_there(repository, overlay, path):
    """A view or an asset that an overlay forgot is refused, a glob included."""
    (overlay / path).unlink()
    assert "is not there" in refusal(repository)


def test_an_asset_named_by_a_template_must_be_there(repository, overlay):
    """14.0 names its assets in XML, where Odoo would not say what is missing."""
    script = f'<odoo><script src="/{ADDON}/static/src/pos/gone.js"/></odoo>'
    write(overlay, {"views/method_views.xml": script})
    assert "static/src/pos/gone.js is not there" in refusal(repository)
