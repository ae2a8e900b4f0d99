"""The zip and the OCA wheel of a built addon folder.

Names and metadata follow OCA's own wheels (whool since 17.0, setuptools-odoo before),
so that pip treats both alike. The same sources always make the same bytes.
"""

import base64
import hashlib
import stat
import zipfile

from overlays import ADDON

_MODE = (stat.S_IFREG | 0o644) << 16

_METADATA = """\
Metadata-Version: 2.1
Name: {name}
Version: {version}
Requires-Python: >=3.7
{requirements}
Summary: {summary}
Home-page: {website}
License: {license}
Author: {author}
Author-email: support@odoo-community.org
Classifier: Programming Language :: Python
Classifier: Framework :: Odoo
Classifier: Framework :: Odoo :: {series}
Classifier: License :: OSI Approved :: GNU Affero General Public License v3
Description-Content-Type: text/x-rst

{readme}"""
_FROM_MANIFEST = ("version", "summary", "website", "license", "author")
_WHEEL = """\
Wheel-Version: 1.0
Generator: caisse-ap-setup
Root-Is-Purelib: true
Tag: py3-none-any
"""


def write_zip(contents, file):
    """Zip whose only top folder is the addon.

    :param dict contents: path inside the addon -> bytes
    :param pathlib.Path file: the zip to write
    """
    _write(file, {f"{ADDON}/{path}": data for path, data in contents.items()})


def write_wheel(contents, manifest, folder):
    """Wheel that installs the addon as odoo.addons.NAME; returns its path."""
    name = _distribution_name(manifest["version"])
    stem = f"{name.replace('-', '_')}-{manifest['version']}"
    members = {f"odoo/addons/{ADDON}/{path}": data for path, data in contents.items()}
    information = {
        "METADATA": _metadata(name, manifest, contents.get("README.rst", b"")),
        "WHEEL": _WHEEL.encode(),
        "top_level.txt": b"odoo\n",
    }
    for path, data in information.items():
        members[f"{stem}.dist-info/{path}"] = data
    record = f"{stem}.dist-info/RECORD"
    members[record] = _record(members, record)
    file = folder / f"{stem}-py3-none-any.whl"
    _write(file, members)
    return file


def _distribution_name(version):
    # Up to 14.0 OCA put the series into the name; since 15.0 the version says it.
    series = version.split(".")[0]
    return f"odoo{series if int(series) < 15 else ''}-addon-{ADDON}"


def _metadata(name, manifest, readme):
    series = ".".join(manifest["version"].split(".")[:2])
    python = manifest.get("external_dependencies", {}).get("python", [])
    requirements = [*python, f"odoo>={series}a,<{series[:-1]}1dev"]
    return _METADATA.format(
        name=name,
        series=series,
        requirements="\n".join(f"Requires-Dist: {each}" for each in requirements),
        readme=readme.decode(),
        **{key: manifest[key] for key in _FROM_MANIFEST},
    ).encode()


def _record(members, record):
    lines = [f"{path},{_digest(data)},{len(data)}" for path, data in members.items()]
    return "\n".join([*lines, f"{record},,", ""]).encode()


def _digest(data):
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest())
    return "sha256=" + digest.rstrip(b"=").decode()


def _write(file, members):
    with zipfile.ZipFile(file, "w") as archive:
        for path, data in members.items():
            # Its date is 1980: the time of a build would make every build different.
            member = zipfile.ZipInfo(path)
            member.external_attr = _MODE
            archive.writestr(member, data, zipfile.ZIP_DEFLATED)
