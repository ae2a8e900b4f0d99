"""What differs between the series of Odoo, for whoever starts one: one table."""

from dataclasses import dataclass
from typing import Dict, Optional, Tuple

from .problem import Problem


@dataclass(frozen=True)
class Series:
    """One series of Odoo.

    ``pythons``: versions it runs on, the best first. ``modules``: what the shop
    needs beside the addon. ``till_path``: the page of a till, with the id of its
    ``pos.config``. ``bus_port_option``: the port of the bus when there are workers.
    ``debian``: the packages that make a whole Odoo, by suite; the first one of all
    is Odoo itself, the others hold files that it links to.
    """

    name: str
    pythons: Tuple[str, ...]
    modules: Tuple[str, ...]
    till_path: str
    bus_port_option: str
    debian: Optional[Dict[str, Tuple[str, ...]]] = None


ALL = {
    series.name: series
    for series in (
        Series(
            name="14.0",
            pythons=("3.9",),
            modules=("l10n_fr", "point_of_sale"),
            till_path="/pos/ui?config_id=%d",
            bus_port_option="longpolling_port",
            debian={
                "bullseye": (
                    "odoo-14",
                    "libjs-jquery",
                    "libjs-jquery-ui",
                    "libjs-underscore",
                    "fonts-font-awesome",
                    "fonts-glyphicons-halflings",
                    "fonts-inconsolata",
                    "fonts-roboto-unhinted",
                ),
            },
        ),
        Series(
            name="16.0",
            pythons=("3.10",),
            modules=("l10n_fr", "point_of_sale"),
            till_path="/pos/ui?config_id=%d",
            bus_port_option="gevent_port",
        ),
        Series(
            name="17.0",
            pythons=("3.10", "3.11"),
            modules=("l10n_fr", "point_of_sale"),
            till_path="/pos/ui?config_id=%d",
            bus_port_option="gevent_port",
        ),
        Series(
            name="18.0",
            pythons=("3.12", "3.11", "3.13", "3.10"),
            modules=("l10n_fr_account", "point_of_sale"),
            till_path="/pos/ui?config_id=%d",
            bus_port_option="gevent_port",
        ),
        Series(
            name="19.0",
            pythons=("3.12", "3.11", "3.13", "3.10"),
            modules=("l10n_fr_account", "point_of_sale"),
            till_path="/pos/ui/%d",
            bus_port_option="gevent_port",
            debian={
                "sid": (
                    "odoo-19",
                    "libjs-jquery",
                    "libjs-jquery-form",
                    "libjs-underscore",
                    "fonts-glyphicons-halflings",
                    "fonts-montserrat",
                    "fonts-ocr-b",
                    "fonts-roboto-unhinted",
                ),
                # Later ones renamed the files that Odoo links to.
                "bookworm": ("fonts-font-awesome", "fonts-inconsolata"),
            },
        ),
    )
}


def named(name):
    """Return the series of this name; ``Problem`` when there is none."""
    if name not in ALL:
        raise Problem(f"there is no series {name}", f"Choose one of {', '.join(ALL)}.")
    return ALL[name]
