"""script/i18n: the texts of the addon, in French and Spanish.

Has Odoo 19.0 export them into i18n/l10n_fr_pos_caisse_ap_ip.pot, adds those that only
an older series has, and brings every i18n/*.po in line: translations stay, texts that
are gone go, new ones wait for their translation and are named.
"""

import argparse
import subprocess
import tempfile
from pathlib import Path

from . import addon, database, series
from .installation import IN_VENV, ready
from .processes import stop_on_signals
from .progress import step
from .running import fresh_database


def main(arguments):
    """Update or check the catalogues; return the exit code."""
    options = parse(arguments)
    stop_on_signals()
    chosen = series.named(addon.ROOT_SERIES)
    with ready(chosen, options.odoo) as installation:
        with tempfile.TemporaryDirectory() as folder:
            export = Path(folder, "export.pot")
            export_texts(installation, export)
            return merge(installation, export, options.check)


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="script/i18n",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; fail when a file is old or a translation is missing",
    )
    parser.add_argument(
        "--odoo", metavar="PATH", help="an Odoo 19.0: a checkout or an unpacked package"
    )
    return parser.parse_args(arguments)


def export_texts(installation, export):
    """Have Odoo write all texts of the addon to a file."""
    template = database.shop_template(installation, "fr_FR")
    with fresh_database(installation, template) as name, step("Export of the texts"):
        job = f"i18n-{installation.series.name}"
        odoo = [installation.python, IN_VENV / "run_odoo.py", "i18n", "export"]
        config = ["-c", installation.config(job), "-d", name]
        installation.run(job, [*odoo, *config, "-o", export, addon.NAME])


def merge(installation, export, check):
    """Bring the catalogues in line, in a Python that has polib and Odoo."""
    command = [installation.python, IN_VENV / "merge_catalogues.py", export]
    return subprocess.run(
        [str(word) for word in [*command, *["--check"] * check]],
        env=installation.environment,
    ).returncode
