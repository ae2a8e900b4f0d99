"""Which file of a series comes from where: the root addon, or the series' overlay.

The root addon is the newest series, complete. An overlay in backports/ holds what a
series owns and nothing else, so that one text serves every series and no shared file
can be shadowed.
"""

import ast
import re

ADDON = "l10n_fr_pos_caisse_ap_ip"
ROOT_SERIES = "19.0"

#: What belongs to a series and never comes from the root: files and whole folders.
OWNED = (
    "__manifest__.py",
    "data",
    "models/series.py",
    "static/src/pos",
    "static/tests",
    "views",
)

#: Names that are no source: caches, editors' and rejected patches' leftovers.
_LEFTOVER = re.compile(r"^(\..*|__pycache__|.*(\.py[co]|\.orig|\.rej|~))$")
#: A file of this addon as manifests, asset templates and views name it.
_STATIC = re.compile(rf"[\"'/]{ADDON}/(static/[^\"'\s<>]+)")


class BuildError(Exception):
    """The sources of a series do not fit together; the text names the file."""


def known_series(repository):
    """Series with a folder, oldest first: ["14.0", ..., "19.0"]."""
    overlays = [path.parent.name for path in repository.glob(f"backports/*/{ADDON}")]
    return sorted([*overlays, ROOT_SERIES])


def source_folders(repository):
    """Folders of sources: the builder must never write there."""
    return [repository / ADDON, repository / "backports"]


def layered(repository, series):
    """Files of a series.

    :param pathlib.Path repository: root of the working copy
    :param str series: "16.0"
    :return: dict of the path inside the addon -> source (pathlib.Path), sorted
    :raises BuildError: an overlay holds a path that is not its own, a link lies among
        the sources, or the manifest names what is not there
    """
    root = _files(repository / ADDON)
    if series == ROOT_SERIES:
        files = root
    else:
        overlay = _files(repository / "backports" / series / ADDON)
        _refuse_shared(overlay, repository)
        shared = {path: file for path, file in root.items() if not is_owned(path)}
        files = {**shared, **overlay}
    root_version = read_manifest(root).get("version", "")
    _check_version(files, series + root_version[len(ROOT_SERIES) :])
    _check_named_paths(files)
    return dict(sorted(files.items()))


def is_owned(path):
    """True when a path inside the addon belongs to a series."""
    return any(path == owned or path.startswith(owned + "/") for owned in OWNED)


def read_manifest(files):
    """Manifest among the files of an addon (path -> source), as a dict.

    :raises BuildError: there is none, or it is no dictionary of literals
    """
    file = files.get("__manifest__.py")
    if not file:
        raise BuildError("__manifest__.py is missing: every series has its own")
    try:
        return ast.literal_eval(file.read_text(encoding="utf-8"))
    except (ValueError, SyntaxError) as error:
        raise BuildError(f"{file}: not a readable manifest ({error})") from error


def _files(folder):
    if not folder.is_dir():
        raise BuildError(f"{folder}: there is no such folder")
    return dict(_walk(folder, folder))


def _walk(folder, top):
    for path in sorted(folder.iterdir()):
        if _LEFTOVER.match(path.name):
            continue
        if path.is_symlink():
            raise BuildError(f"{path}: a link; sources are plain files")
        if path.is_dir():
            yield from _walk(path, top)
        else:
            yield path.relative_to(top).as_posix(), path


def _refuse_shared(overlay, repository):
    for path, file in overlay.items():
        if not is_owned(path):
            raise BuildError(
                f"{file.relative_to(repository)}: {path} is shared by all series; "
                f"an overlay may hold only {', '.join(OWNED)}"
            )


def _check_version(files, expected):
    # One text in every series: a change of it must reach the shops of all of them.
    version = read_manifest(files).get("version", "")
    if version != expected:
        file = files["__manifest__.py"]
        raise BuildError(f"{file}: version {version!r} should be {expected!r}")


def _check_named_paths(files):
    # Odoo passes over an asset that is not there without a word.
    for path in _named_paths(files):
        pattern = re.compile(_glob_as_regex(path))
        if not any(map(pattern.match, files)):
            raise BuildError(f"{files['__manifest__.py']}: {path} is not there")


def _named_paths(files):
    """Paths that Odoo will look for: the manifest's lists, and every asset's name."""
    manifest = read_manifest(files)
    named = [path for key in ("data", "demo", "qweb") for path in manifest.get(key, [])]
    views = [file for path, file in files.items() if path.endswith(".xml")]
    for file in [files["__manifest__.py"], *views]:
        named += _STATIC.findall(file.read_text(encoding="utf-8"))
    return named


def _glob_as_regex(path):
    # As Odoo reads assets: ** is any depth, * stays inside one folder.
    regex = re.escape(path).replace(r"\*\*/", "(.+/)?").replace(r"\*\*", ".+")
    return regex.replace(r"\*", "[^/]*") + "$"
