"""Which file of a series comes from where, and what is refused."""

import pytest
from small_repository import ADDON, MANIFEST, owned, write

from overlays import BuildError, known_series, series_files, series_folder

SERIES = ["14.0", "16.0", "17.0", "18.0", "19.0"]
NAMED = f'"{ADDON}/static/src/pos/**/*"'


def refusal(repository, series="16.0"):
    with pytest.raises(BuildError) as caught:
        series_files(repository, series)
    return str(caught.value)


def test_series_are_the_root_and_every_overlay(repository):
    """A series is known by its folder, the oldest first."""
    assert known_series(repository) == SERIES


def test_the_root_addon_is_the_newest_series(repository):
    """19.0 is the root addon as it stands."""
    root = repository / ADDON
    assert {root / path for path in series_files(repository, "19.0")} == {
        file for file in root.rglob("*") if file.is_file()
    }


def test_an_older_series_takes_shared_files_from_the_root(repository, overlay):
    """What no overlay has comes from the root, all else from the series' own."""
    files = series_files(repository, "16.0")
    assert files["static/src/link.js"] == repository / ADDON / "static/src/link.js"
    assert files["compat.py"] == overlay / "compat.py"


def test_a_file_comes_from_the_nearest_newer_series(repository):
    """16.0 without a hook file of its own takes that of 17.0, not that of 18.0."""
    (repository / "backports/16.0" / ADDON / "compat.py").unlink()
    nearest = repository / "backports/17.0" / ADDON / "compat.py"
    assert series_files(repository, "16.0")["compat.py"] == nearest


def test_nothing_comes_from_an_older_series(repository, overlay):
    """What 16.0 adds reaches 14.0 and no newer series."""
    write(overlay, {"models/extra.py": "x = 1\n"})
    reached = [
        each for each in SERIES if "models/extra.py" in series_files(repository, each)
    ]
    assert reached == ["14.0", "16.0"]


def test_leftovers_are_no_sources(repository):
    """Caches, editors' and patches' files are passed over."""
    leftovers = ["__pycache__/a.pyc", "models/b.pyc", "c.orig", "d~", ".e.swp"]
    write(repository / ADDON, dict.fromkeys(leftovers, "junk"))
    assert not set(leftovers) & set(series_files(repository, "19.0"))


@pytest.mark.parametrize("path", ["static/src/link.js", "views/method_views.xml"])
def test_an_overlay_may_not_shadow_a_shared_path(repository, overlay, path):
    """A shadowed shared file is refused by its name and the rule's."""
    write(overlay, {path: "x = 1\n"})
    refused = refusal(repository)
    assert f"backports/16.0/{ADDON}/{path}: {path} is shared" in refused
    assert "may override only __manifest__.py, compat.py" in refused


def test_an_overlay_may_not_shadow_what_a_newer_one_added(repository, overlay):
    """An added file is shared by all older series from there on."""
    for series in ("16.0", "17.0"):
        added = {"models/extra.py": f"x = '{series}'\n"}
        write(repository / "backports" / series / ADDON, added)
    assert "models/extra.py is shared" in refusal(repository)


def test_an_overlay_holds_nothing_that_it_would_inherit(repository):
    """A file equal to the inherited one is dead weight, refused by both names."""
    same = owned("18.0")["compat.py"]
    write(repository / "backports/17.0" / ADDON, {"compat.py": same})
    older = f"backports/17.0/{ADDON}/compat.py: delete it"
    newer = f"same as backports/18.0/{ADDON}/compat.py"
    assert older in refusal(repository)
    assert newer in refusal(repository)


def test_equal_to_a_farther_series_is_no_dead_weight(repository):
    """16.0 may return to what 18.0 has when 17.0 differs."""
    same = owned("18.0")["compat.py"]
    write(repository / "backports/16.0" / ADDON, {"compat.py": same})
    assert series_files(repository, "16.0")


@pytest.mark.parametrize(
    "series,path",
    [
        ("16.0", "static/src/link.js"),
        ("16.0", "views/method_views.xml"),
        ("16.0", "static/src/pos/payment.js"),
        ("19.0", "static/src/pos/payment.js"),
    ],
)
def test_what_a_series_needs_must_be_named(repository, series, path):
    """A shared file, or one of its own, that its manifest forgot is refused."""
    naming = {"static/src/pos/payment.js": NAMED}.get(path, path.rsplit("/")[-1])
    manifest = series_folder(repository, series) / "__manifest__.py"
    text = manifest.read_text()
    forgetful = text.replace(naming, '""' if naming == NAMED else "")
    manifest.write_text(forgetful)
    assert f"does not name {path}" in refusal(repository, series)


def test_an_inherited_file_that_is_not_named_is_left_out(repository):
    """14.0 names its own files of the POS: the newer ones do not reach it."""
    manifest = repository / "backports/14.0" / ADDON / "__manifest__.py"
    alone = NAMED.replace("**/*", "payment.js")
    manifest.write_text(manifest.read_text().replace(NAMED, alone))
    assert "static/src/pos/question.js" not in series_files(repository, "14.0")
    assert "static/src/pos/question.js" in series_files(repository, "16.0")


def test_an_added_view_reaches_the_series_that_name_it(repository, overlay):
    """14.0 does without the view of 16.0 by not naming it."""
    write(overlay, {"views/extra.xml": "<odoo/>\n"})
    manifest = overlay / "__manifest__.py"
    named = manifest.read_text().replace('"views/', '"views/extra.xml", "views/')
    manifest.write_text(named)
    assert "views/extra.xml" in series_files(repository, "16.0")
    assert "views/extra.xml" not in series_files(repository, "14.0")


def test_a_link_among_the_sources_is_refused(repository, overlay):
    """Sources are plain files: a link would be a copy in disguise."""
    (overlay / "other.py").symlink_to(overlay / "compat.py")
    assert "other.py: a link" in refusal(repository)


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


@pytest.mark.parametrize("named", ["views/gone.xml", f"{ADDON}/static/src/gone/**/*"])
def test_what_the_manifest_names_must_be_there(repository, overlay, named):
    """A view or an asset that is not there is refused, a glob included."""
    manifest = overlay / "__manifest__.py"
    text = manifest.read_text().replace('"data": [', f'"data": ["{named}", ')
    manifest.write_text(text)
    assert f"{named.split(ADDON + '/')[-1]} is not there" in refusal(repository)


def test_an_asset_named_by_a_template_must_be_there(repository):
    """14.0 names its assets in XML, where Odoo would not say what is missing."""
    script = f'<odoo><script src="/{ADDON}/static/src/pos/gone.js"/></odoo>'
    write(repository / ADDON, {"views/method_views.xml": script})
    assert "static/src/pos/gone.js is not there" in refusal(repository)
