# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The network of a shop that the server cannot reach."""

import asyncio
import contextlib
import socket
import time

import pytest

from caisse_ap_simulator.threaded import LoopThread
from shop import network
from shop.network import LOOPBACK, Relay, ShopNetwork, socket_in
from shop.problem import Problem
from shop.processes import free_port

HELLO = b"hello"


async def answer(reader, writer):
    writer.write(await reader.read(100))
    writer.close()


@pytest.fixture
def echo():
    """Have somebody at an address of a network answer with what he is told."""
    thread = LoopThread()

    def echo(address, where=None):
        listening = socket_in(where)
        listening.bind(address)
        servers.append(thread.run(asyncio.start_server(answer, sock=listening)))
        return listening.getsockname()

    servers = []
    yield echo
    for server in servers:
        thread.loop.call_soon_threadsafe(server.close)
    thread.stop()


@pytest.fixture
def shop(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    try:
        shop = ShopNetwork()
    except Problem as problem:
        pytest.skip(problem.what.splitlines()[0])
    with shop:
        yield shop
    assert shop.name not in network.output(["ip", "netns", "list"])


def ask(address, where=None):
    """Return what comes back from an address, as seen from a network."""
    with socket_in(where) as connection:
        connection.settimeout(5)
        connection.connect(address)
        connection.sendall(HELLO)
        return connection.recv(100)


def test_relay_takes_its_time(echo):
    """A round trip to connect, and one for question and answer."""
    with Relay((LOOPBACK, 0), echo((LOOPBACK, 0)), seconds=0.05) as relay:
        began = time.monotonic()
        assert ask((LOOPBACK, relay.port)) == HELLO
        assert 0.2 <= time.monotonic() - began < 5


def test_relay_ends_with_its_target():
    """Where nobody answers the connection ends, and others are taken."""
    with Relay((LOOPBACK, 0), (LOOPBACK, free_port())) as relay:
        for _try in range(2):
            with contextlib.suppress(ConnectionError):
                assert ask((LOOPBACK, relay.port)) == b""


def test_server_does_not_reach_the_terminal(shop, echo):
    """The shop reaches the server and shows a page; nothing else leads into it."""
    server, page = free_port(), free_port()
    echo((LOOPBACK, server))
    echo((LOOPBACK, page), shop.name)
    echo(shop.terminal, shop.name)
    shop.give_server(server)
    shop.show(page)
    assert ask((LOOPBACK, server), shop.name) == HELLO
    assert ask((LOOPBACK, page)) == HELLO
    assert ask(shop.terminal, shop.name) == HELLO
    with pytest.raises(OSError):
        socket.create_connection((shop.shop, shop.terminal[1]), timeout=2)
