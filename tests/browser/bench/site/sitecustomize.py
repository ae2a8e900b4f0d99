# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Wraps functions of the addon in a server that is measured: see bench/stages.py."""

import functools
import importlib
import json
import os
import sys
import threading
import time

ADDON = "odoo.addons.l10n_fr_pos_caisse_ap_ip."
MODEL = "FrCaisseApIpTransaction"
LOOK_SECONDS = 0.05

# Module, class or "", function, mark at its beginning, mark at its end.
WRAPPED = (
    ("models.pos_payment_method_till", "PosPaymentMethod", "fr_caisse_ap_ip_start")
    + ("start called", "start done"),
    ("models.transaction_start", MODEL, "_record", "record called", "record done"),
    ("background_exchanges", "Exchange", "leave", "committed", ""),
    ("background_exchanges", "Exchange", "_may_leave", "connected", "may leave"),
    ("background_exchanges", "", "_write_result", "result told", ""),
    ("bus_notifier", "", "notify", "result committed", ""),
    ("models.transaction_result", MODEL, "_push", "push called", "push done"),
)


def note(path, mark):
    if mark:
        with open(path, "a") as file:
            file.write(json.dumps([mark, time.time()]) + "\n")


def wrap(path, function, begins, ends):
    @functools.wraps(function)
    def wrapped(*args, **options):
        note(path, begins)
        try:
            return function(*args, **options)
        finally:
            note(path, ends)

    return wrapped


def wrap_all(path):
    """Wrap once the addon is loaded; a server loads it while it starts."""
    while ADDON + "models.transaction_start" not in sys.modules:
        time.sleep(LOOK_SECONDS)
    time.sleep(LOOK_SECONDS)
    for module, cls, name, begins, ends in WRAPPED:
        holder = importlib.import_module(ADDON + module)
        holder = getattr(holder, cls) if cls else holder
        setattr(holder, name, wrap(path, getattr(holder, name), begins, ends))


if os.environ.get("CAISSE_AP_MARKS"):
    threading.Thread(
        target=wrap_all, args=[os.environ["CAISSE_AP_MARKS"]], daemon=True
    ).start()
