"""Packages of any Debian suite, unpacked into a folder: no root, no installation."""

import os
import shutil
import tempfile
from pathlib import Path

from .commands import output, run
from .problem import Problem

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def unpack(packages, folder):
    """Unpack packages (names by suite) into a folder; return their versions.

    ``Problem`` when this machine has no apt-get, no Debian mirror or no such package.
    """
    source = mirror()
    versions = {}
    for suite, names in packages.items():
        with tempfile.TemporaryDirectory(prefix="caisse-ap-apt-") as private:
            for archive in download(source, suite, names, Path(private)):
                name, version = archive.stem.split("_")[:2]
                versions[name] = version.replace("%3a", ":")
                extract(archive, folder)
    return versions


def mirror():
    """Return the address of the Debian mirror that this machine uses."""
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        raise Problem("there is no apt-get on this machine", "Give --odoo PATH.")
    addresses = output(["apt-get", "indextargets", "--format", "$(REPO_URI)"])
    for address in sorted(set(addresses.split())):
        if address.endswith("/debian/"):
            return address
    raise Problem("apt-get knows no Debian mirror here", "Give --odoo PATH.")


def download(source, suite, names, private):
    """Download packages of a suite and return their files.

    Everything apt-get knows is private: with the state of the machine it would
    choose versions that fit the installed system.
    """
    for folder in ("lists/partial", "cache/archives/partial", "packages"):
        (private / folder).mkdir(parents=True)
    (private / "status").touch()
    signed = f"[signed-by={KEYRING}] " if os.path.exists(KEYRING) else ""
    (private / "sources.list").write_text(f"deb {signed}{source} {suite} main\n")
    apt = ["apt-get", *private_options(private)]
    remedy = "Check the network and the machine's own apt-get update."
    where = {"cwd": private / "packages"}
    run(f"apt-{suite}-update", [*apt, "update"], remedy, **where)
    run(f"apt-{suite}-download", [*apt, "download", *names], remedy, **where)
    return sorted((private / "packages").glob("*.deb"))


def private_options(private):
    options = {
        "Dir::Etc::sourcelist": private / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State::Lists": private / "lists",
        "Dir::State::status": private / "status",
        "Dir::Cache": private / "cache",
        "Acquire::Languages": "none",
        # A mirror may be a frozen copy: its index then looks too old.
        "Acquire::Check-Valid-Until": "false",
        # The user _apt could not enter the private folder.
        "APT::Sandbox::User": "root",
    }
    return [f"-o{name}={value}" for name, value in options.items()]


def extract(archive, folder):
    remedy = "Free some disk space, or give --odoo PATH."
    run(f"dpkg-{archive.stem}", ["dpkg", "-x", archive, folder], remedy)
