# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Finds terminals on the shop's own network, only when a person asks.

A terminal is what answers an identification; nothing else is sent, and only private
addresses are asked.
"""

import ipaddress
from concurrent.futures import ThreadPoolExecutor

from caisse_ap import Request, exchange

CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 5.0
MOST_ADDRESSES = 1024
THREADS = 64


def private_network(text):
    """Return the ipaddress network of "192.168.1.0/24", or of an address in it.

    Raise ValueError, with a sentence for a person, for what must not be asked.
    """
    network = ipaddress.ip_network(text if "/" in text else f"{text}/24", strict=False)
    if not network.is_private or network.num_addresses > MOST_ADDRESSES:
        raise ValueError(
            f"{network}: only private networks of at most {MOST_ADDRESSES} addresses"
        )
    return network


def find_terminals(network, port):
    """Return (address, Verdict) of all that answers an identification (list)."""
    addresses = [str(address) for address in network.hosts()]
    with ThreadPoolExecutor(THREADS) as threads:
        verdicts = threads.map(lambda address: identify(address, port), addresses)
        found = list(zip(addresses, verdicts))
    return [pair for pair in found if pair[1].outcome == "approved"]


def identify(address, port):
    """Return the Verdict on an identification."""
    return exchange(
        Request("identification"),
        address,
        port,
        timeout=ANSWER_SECONDS,
        connect_timeout=CONNECT_SECONDS,
    )
