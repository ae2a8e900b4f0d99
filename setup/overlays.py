"""Which file of a series comes from where: its overlay, a newer one, or the root addon.

The root addon is the newest series, complete. A series takes each file from the nearest
newer series that has it: 14.0 -> 16.0 -> 17.0 -> 18.0 -> root. So an overlay in
backports/ holds only what differs from what it would inherit:

- It may override what is OWNED, by the same name, and must have its own manifest.
- It may add a file where neither the root nor a newer overlay has one.
- Anything else is shared by all series: to shadow it is refused. So is a file equal to
  the inherited one.
- Odoo reads views, data and the browser's files only where a manifest or a template
  names them. Unnamed, such a file is refused when it is the series' own or shared, and
  left out of the build when a newer series owns or added it: to do without an inherited
  file, a series does not name it.
"""

import ast
import re

ADDON = "l10n_fr_pos_caisse_ap_ip"
ROOT_SERIES = "19.0"

#: What an overlay may override: files and whole folders.
OWNED = ("__manifest__.py", "compat.py", "static/src/pos")

#: What Odoo reads only where it is named.
_LOADED = re.compile(r"^(data|security|static/src|views)/.*\.(csv|js|s?css|xml)$")

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


def series_folder(repository, series):
    """Folder of what a series has of its own (pathlib.Path)."""
    parent = repository
    if series != ROOT_SERIES:
        parent = repository / "backports" / series
    return parent / ADDON


def series_files(repository, series):
    """Files of a series.

    :param pathlib.Path repository: root of the working copy
    :param str series: "16.0"
    :return: dict of the path inside the addon -> source (pathlib.Path), sorted
    :raises BuildError: an overlay holds what it may not or need not, a link lies among
        the sources, something is named that is not there, or the other way round
    """
    root = _files(series_folder(repository, ROOT_SERIES))
    files = own = root
    for each in _overlays_down_to(repository, series):
        own = _files(series_folder(repository, each))
        # A manifest is never inherited: it says the version.
        inherited = {**files, "__manifest__.py": None}
        _refuse_shared(own, inherited, repository)
        _refuse_equal(own, inherited, repository)
        files = {**inherited, **own}
    root_version = read_manifest(root).get("version", "")
    _check_version(files, series + root_version[len(ROOT_SERIES) :])
    shared = {path for path in root if not is_owned(path)}
    files = _without_unnamed(files, {*own, *shared})
    _check_named_paths(files)
    return dict(sorted(files.items()))


def _overlays_down_to(repository, series):
    """Series of the overlays that make up a series, newest first."""
    older = [each for each in known_series(repository) if each != ROOT_SERIES]
    return [each for each in reversed(older) if each >= series]


def is_owned(path):
    """True when an overlay may override a path inside the addon."""
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


def _refuse_shared(overlay, inherited, repository):
    for path, file in overlay.items():
        if path in inherited and not is_owned(path):
            raise BuildError(
                f"{file.relative_to(repository)}: {path} is shared by all series; "
                f"an overlay may override only {', '.join(OWNED)}"
            )


def _refuse_equal(overlay, inherited, repository):
    for path, file in overlay.items():
        newer = inherited.get(path)
        if newer and newer.read_bytes() == file.read_bytes():
            raise BuildError(
                f"{file.relative_to(repository)}: delete it, it is the same as "
                f"{newer.relative_to(repository)}, which this series inherits"
            )


def _check_version(files, expected):
    # One text in every series: a change of it must reach the shops of all of them.
    version = read_manifest(files).get("version", "")
    if version != expected:
        file = files["__manifest__.py"]
        raise BuildError(f"{file}: version {version!r} should be {expected!r}")


def _without_unnamed(files, needed):
    """Leave out what Odoo would not read, unless it is needed: then refuse."""
    patterns = [re.compile(_glob_as_regex(path)) for path in _named_paths(files)]
    unnamed = {
        path
        for path in filter(_LOADED.match, files)
        if not any(pattern.match(path) for pattern in patterns)
    }
    for path in sorted(unnamed & needed):
        raise BuildError(f"{files['__manifest__.py']}: does not name {path}")
    return {path: file for path, file in files.items() if path not in unnamed}


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
