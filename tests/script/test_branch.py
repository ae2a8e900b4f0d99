"""script/build --branch: a series as a branch of OCA."""

import re

import pytest

from overlays import ADDON
from shop import branch


@pytest.fixture
def copied(monkeypatch):
    """Have copier write nothing, and note what it was asked for."""
    asked = []
    monkeypatch.setattr(branch, "uv", lambda *arguments: asked.extend(arguments))
    return asked


@pytest.mark.parametrize(
    ("series", "packages_itself"), [("16.0", False), ("18.0", True)]
)
def test_branch_holds_the_addon_as_its_series_packages_it(
    series, packages_itself, copied, tmp_path
):
    """The template is asked for that series; up to 16.0 setup/ does the packaging."""
    assert branch.main(["--branch", series, str(tmp_path), "--template", "here"]) == 0
    assert f"--data=odoo_version={series}" in copied
    assert copied[-2:] == ["git+here", tmp_path]
    assert f'"{series}.' in (tmp_path / ADDON / "__manifest__.py").read_text()
    assert (tmp_path / ADDON / "pyproject.toml").exists() is packages_itself


def test_clone_of_such_a_repository_keeps_its_root_files(copied, tmp_path):
    """A clone has them already: only the addon is laid into it."""
    (tmp_path / ".copier-answers.yml").touch()
    branch.main(["--branch", "17.0", str(tmp_path)])
    assert not copied
    assert (tmp_path / ADDON / "__manifest__.py").exists()


def test_modules_are_named_as_ocas_eslint_wants_them(copied, tmp_path):
    """Whoever names a module finds it: the manifest, and the scripts that import it."""
    branch.main(["--branch", "17.0", str(tmp_path), "--template", "here"])
    addon = tmp_path / ADDON
    scripts = list(addon.glob("static/src/**/*.js"))
    assert scripts
    assert not [file for file in scripts if not file.name.endswith(".esm.js")]
    texts = [file.read_text() for file in [*scripts, addon / "__manifest__.py"]]
    named = re.findall(rf'{ADDON}/(?:static/src/)?([\w/.]+?)(?:\.js)?"', "".join(texts))
    modules = {name for name in named if name.endswith(".esm")}
    assert modules
    missing = [n for n in modules if not (addon / f"static/src/{n}.js").exists()]
    assert not missing


def test_sources_say_which_checks_one_text_cannot_pass(copied, tmp_path):
    """Below the header that makes a script a module, where there is one."""
    branch.main(["--branch", "16.0", str(tmp_path), "--template", "here"])
    script = tmp_path / ADDON / "static" / "src" / "payment.esm.js"
    first, second = script.read_text().splitlines()[:2]
    assert first == "/** @odoo-module **/"
    assert second.startswith("/* eslint-disable")
