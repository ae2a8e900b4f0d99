"""The folder, the zip and the wheel of a series."""

import base64
import hashlib
import zipfile
from email import message_from_bytes

import pytest
from small_repository import ADDON, LINK, MANIFEST, write

import build
import overlay_lines

SERIES = ["14.0", "16.0", "17.0", "18.0", "19.0"]


def tree(folder):
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def members(archive):
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def run(repository, *arguments):
    build.main([str(argument) for argument in arguments], repository)


def test_everything_is_built_into_dist(repository, capsys):
    """Without an argument each series gives a folder, a zip and a wheel."""
    run(repository)
    printed = capsys.readouterr().out
    assert len(printed.splitlines()) == 3 * len(SERIES)
    assert {path.name for path in (repository / "dist").glob("*.0")} == set(SERIES)
    assert len(list((repository / "dist").glob("*.zip"))) == len(SERIES)
    assert len(list((repository / "dist").glob("*.whl"))) == len(SERIES)


@pytest.mark.parametrize("series", SERIES)
def test_a_folder_is_complete_and_of_one_series(repository, out, series):
    """No link, no cache, no file of another series, and everything shared."""
    write(repository / ADDON, {"models/__pycache__/a.pyc": "junk"})
    run(repository, series, "--out", out, "--folder-only")
    folder = out / series / ADDON
    files = tree(folder)
    assert files["compat.py"] == f"SERIES = '{series}'\n".encode()
    assert files["icon.png"] == b"\x89PNG\xff"
    assert not [path for path in files if "__pycache__" in path or "tests" in path]
    assert not [path for path in folder.rglob("*") if path.is_symlink()]
    assert list(out.iterdir()) == [out / series]


def test_an_overlays_own_file_is_not_rewritten(repository, out):
    """An overlay writes for its own series; what it inherits is rewritten."""
    text = 'import x from "y";\n'
    overlay = repository / "backports/14.0" / ADDON
    write(overlay, {"static/src/pos/payment.js": text})
    run(repository, "--series", "14.0", "--out", out)
    pos = out / ADDON / "static/src/pos"
    assert (pos / "payment.js").read_text() == text
    assert "odoo.define" in (pos / "question.js").read_text()


def test_one_series_straight_into_a_folder(repository, out):
    """An addons path wants the addon itself, without a folder of the series."""
    run(repository, "--series", "14.0", "--out", out)
    assert [path.name for path in out.iterdir()] == [ADDON]


def test_links_are_live_and_rewritten_files_are_not(repository, out):
    """With --link an edit of a source is seen at once, save where 14.0 differs."""
    run(repository, "--series", "14.0", "--link", "--out", out)
    write(repository / ADDON, {"__init__.py": "# edited\n"})
    assert (out / ADDON / "__init__.py").read_text() == "# edited\n"
    assert not (out / ADDON / "static/src/link.js").is_symlink()


def test_a_new_build_leaves_nothing_of_the_old_one(repository, out):
    """A file that the sources lost is lost in the next build too."""
    run(repository, "--series", "19.0", "--out", out)
    (repository / ADDON / "icon.png").unlink()
    run(repository, "--series", "19.0", "--out", out)
    assert "icon.png" not in tree(out / ADDON)


def test_a_refused_build_leaves_the_old_one(repository, out, overlay):
    """What was there stays usable when the sources are at fault."""
    run(repository, "--series", "16.0", "--out", out)
    before = tree(out)
    write(overlay, {"__init__.py": "shadow\n"})
    with pytest.raises(SystemExit, match="shared by all series"):
        run(repository, "--series", "16.0", "--out", out)
    assert tree(out) == before


def test_the_sources_are_never_the_target(repository):
    """--out at the repository's root would replace the root addon: refused."""
    before = tree(repository)
    with pytest.raises(SystemExit, match="the sources lie there"):
        run(repository, "--series", "14.0", "--out", repository)
    assert tree(repository) == before


def test_a_folder_that_is_no_addon_is_not_replaced(repository, out):
    """Somebody's folder of the same name is not deleted."""
    write(out / ADDON, {"letter.txt": "dear"})
    with pytest.raises(SystemExit, match="is no addon"):
        run(repository, "--series", "14.0", "--out", out)
    assert (out / ADDON / "letter.txt").exists()


def test_links_to_sources_that_have_moved_are_replaced(repository, out):
    """A working copy that was moved is linked again from where it is now."""
    run(repository, "--link", "--series", "19.0", "--out", out)
    moved = repository.rename(repository.with_name("moved"))
    run(moved, "--link", "--series", "19.0", "--out", out)
    assert (out / ADDON / "__manifest__.py").exists()


def test_an_unknown_series_is_named(repository, capsys):
    """A series without a folder is refused, and the known ones are listed."""
    with pytest.raises(SystemExit):
        run(repository, "15.0")
    assert "no series 15.0; there are 14.0" in capsys.readouterr().err


@pytest.mark.parametrize("series", SERIES)
def test_the_zip_holds_the_folder_and_nothing_else(repository, out, series):
    """Unpacked into an addons folder, the zip is the built folder."""
    run(repository, series, "--out", out)
    zipped = members(out / f"{ADDON}-{series}.2.0.0.zip")
    folder = tree(out / series / ADDON)
    assert zipped == {f"{ADDON}/{path}": data for path, data in folder.items()}


def test_the_same_sources_make_the_same_bytes(repository, out):
    """A package can be checked by building it again."""
    run(repository, "16.0", "--out", out / "first")
    run(repository, "16.0", "--out", out / "second")
    assert tree(out / "first") == tree(out / "second")


@pytest.mark.parametrize(
    "series,name",
    [("14.0", f"odoo14-addon-{ADDON}"), ("16.0", f"odoo-addon-{ADDON}")],
)
def test_the_wheel_says_what_ocas_wheels_say(repository, out, series, name):
    """Name, version and requirements let pip treat it as OCA's wheel of the series."""
    run(repository, series, "--out", out)
    stem = f"{name.replace('-', '_')}-{series}.2.0.0"
    wheel = members(out / f"{stem}-py3-none-any.whl")
    metadata = message_from_bytes(wheel[f"{stem}.dist-info/METADATA"])
    assert metadata["Name"] == name
    assert metadata["Version"] == f"{series}.2.0.0"
    assert metadata.get_all("Requires-Dist") == [
        "pycountry",
        f"odoo>={series}a,<{series[:2]}.1dev",
    ]


def test_the_wheel_records_every_member(repository, out):
    """pip checks and uninstalls by RECORD: each file with its digest and size."""
    run(repository, "19.0", "--out", out)
    wheel = members(next(out.glob("*.whl")))
    record = next(name for name in wheel if name.endswith("/RECORD"))
    rows = [row.rsplit(",", 2) for row in wheel[record].decode().splitlines()]
    assert {path for path, _digest, _size in rows} == set(wheel)
    for path, digest, size in rows:
        if path != record:
            sha = base64.urlsafe_b64encode(hashlib.sha256(wheel[path]).digest())
            assert digest == "sha256=" + sha.decode().rstrip("=")
            assert int(size) == len(wheel[path])


def test_the_wheel_installs_the_addon_for_odoo(repository, out):
    """The addon lies where `odoo.addons` finds it."""
    run(repository, "19.0", "--out", out)
    wheel = members(next(out.glob("*.whl")))
    assert wheel[f"odoo/addons/{ADDON}/static/src/link.js"] == LINK.encode()


def test_overlay_lines_are_counted_and_bounded(repository, capsys, monkeypatch):
    """Blank lines and the root are not counted; too much is a fault."""
    overlay = repository / "backports/14.0" / ADDON
    write(overlay, {"views/assets.xml": "<odoo>\n\n</odoo>\n"})
    assert overlay_lines.main(repository) == 0
    manifest = len(MANIFEST.splitlines())
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert rows[0] == ["14.0", str(manifest + 2 + 2)]
    monkeypatch.setattr(overlay_lines, "LIMIT", 10)
    assert overlay_lines.main(repository) == 1
