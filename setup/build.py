#!/usr/bin/env python3
"""Make the addon of each Odoo series: root addon + overlays of backports/.

  script/build                  every series into dist/: folder, zip and wheel
  script/build 14.0 16.0        these series only
  script/build --link 16.0      links to the sources: an edit is live, nothing to build
                                again but what the series needs written otherwise
  script/build --series 14.0 --out DIR
                                only DIR/l10n_fr_pos_caisse_ap_ip, as an addons path
                                wants it
  script/build --branch 16.0 DIR
                                a branch to propose to OCA: --branch --help tells more

A series takes each file from its own overlay, else from the nearest newer one that has
it, else from the root (overlays.py), and what it inherits is translated where it needs
another form (series_rewrites.py). docs/new-series.md shows how to add a series.

An addon folder already there is replaced. Needs nothing but Python 3.8 or later.
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from overlays import (
    ADDON,
    BuildError,
    known_series,
    read_manifest,
    series_files,
    series_folder,
    source_folders,
)
from packages import write_wheel, write_zip
from series_rewrites import rewritten

REPOSITORY = Path(__file__).resolve().parent.parent


def main(arguments=None, repository=REPOSITORY):
    options = _parse(arguments, repository)
    try:
        _build(options, repository)
    except BuildError as error:
        sys.exit(f"build: {error}")


def _parse(arguments, repository):
    known = known_series(repository)
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "series", nargs="*", metavar="SERIES", help=f"any of {', '.join(known)}"
    )
    parser.add_argument(
        "--series", dest="alone", metavar="SERIES", help="its folder straight into DIR"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="instead of dist/")
    parser.add_argument(
        "--folder-only", action="store_true", help="no zip and no wheel"
    )
    parser.add_argument(
        "--link", action="store_true", help="link to the sources; folders only"
    )
    options = parser.parse_args(arguments)
    asked = [options.alone] if options.alone else options.series
    for series in asked:
        if series not in known:
            parser.error(f"there is no series {series}; there are {', '.join(known)}")
    if options.alone and options.series:
        parser.error("--series takes one series and no other one")
    options.asked = asked or known
    options.out = options.out or repository / "dist"
    return options


def _build(options, repository):
    for series in options.asked:
        parent = options.out if options.alone else options.out / series
        made = [build_folder(repository, series, parent, options.link)]
        if not (options.alone or options.folder_only or options.link):
            made += build_packages(repository, series, options.out)
        for path in made:
            print(f"{series}  {path}")


def build_folder(repository, series, parent, link=False):
    """Make the addon folder of a series inside a parent folder.

    :param pathlib.Path repository: root of the working copy
    :param bool link: symbolic links to the sources instead of copies
    :return: the folder (pathlib.Path)
    :raises BuildError: the sources do not fit together, or the target is one of them
    """
    target = parent / ADDON
    _refuse_target(target, repository)
    files = series_files(repository, series)
    contents = _contents(repository, series, files)
    parent.mkdir(parents=True, exist_ok=True)
    # Made aside and put in place at once: a failure leaves what was there before.
    with tempfile.TemporaryDirectory(prefix=f".{ADDON}-", dir=parent) as aside:
        made = Path(aside, ADDON)
        for path, data in contents.items():
            _lay(made / path, data, files[path], link)
        _remove(target)
        made.rename(target)
    return target


def build_packages(repository, series, folder):
    """Write the zip and the wheel of a series into a folder; return their paths."""
    files = series_files(repository, series)
    manifest = read_manifest(files)
    contents = _contents(repository, series, files)
    zipped = folder / f"{ADDON}-{manifest['version']}.zip"
    folder.mkdir(parents=True, exist_ok=True)
    write_zip(contents, zipped)
    return [zipped, write_wheel(contents, manifest, folder)]


def _contents(repository, series, files):
    own = series_folder(repository, series)
    return {path: _content(series, own, path, file) for path, file in files.items()}


def _content(series, own, path, file):
    data = file.read_bytes()
    if own in file.parents:
        return data  # Written for this series
    try:
        return rewritten(series, path, data.decode("utf-8")).encode("utf-8")
    except UnicodeDecodeError:
        return data  # A picture


def _lay(target, data, source, link):
    target.parent.mkdir(parents=True, exist_ok=True)
    if link and data == source.read_bytes():
        target.symlink_to(source)
    else:
        target.write_bytes(data)


def _refuse_target(target, repository):
    place = target.parent.resolve() / target.name
    for sources in source_folders(repository):
        if sources == place or sources in place.parents:
            raise BuildError(f"{place}: the sources lie there; give another --out")
    if target.is_dir() and any(target.iterdir()):
        # A link to sources that have moved away since is ours all the same.
        if not os.path.lexists(str(target / "__manifest__.py")):
            raise BuildError(f"{target}: is no addon, so it is not replaced")


def _remove(target):
    if target.is_symlink():
        target.unlink()
    elif target.exists():
        shutil.rmtree(str(target))


if __name__ == "__main__":
    main()
