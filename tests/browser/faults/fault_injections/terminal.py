# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The terminal cannot be reached."""

import socket


def off(context):
    context.terminal.stop()
    context.pay()


def at(address):
    """The method names an address where no terminal is."""

    def act(context):
        context.configure(fr_caisse_ap_ip_address=address)
        context.pay()

    return act


def connect_hangs(context):
    """Somebody listens and has no room: the connection is never made."""
    full = context.cleanups.enter_context(socket.socket())
    full.bind(("127.0.0.1", 0))
    full.listen(0)
    first = context.cleanups.enter_context(socket.socket())
    first.connect(full.getsockname())
    context.configure(fr_caisse_ap_ip_port=full.getsockname()[1])
    context.pay()
