"""A network for a shop that the server cannot reach, as where Odoo is hosted.

Linux gives an administrator networks of their own (``ip netns``): the shop's has its
terminal on it, and one cable to the server. Nobody forwards a port into it.
"""

import asyncio
import contextlib
import os
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor

from caisse_ap_simulator.threaded import LoopThread

from .commands import output, run
from .problem import Problem
from .processes import LIBC, free_port, is_alive

CLONE_NEWNET = 0x40000000
CHUNK = 65536
MOMENT_SECONDS = 0.01
# How late a sleep of asyncio may end.
LATE_SECONDS = 0.003
LOOPBACK = "127.0.0.1"
OURS = "caisse-ap-"
TERMINAL = ("192.168.1.50", 8888)
REMEDY = "Network namespaces need Linux, its program ip, and an administrator."


class ShopNetwork:
    """A network namespace, until ``close``. ``Problem`` where none can be made.

    ``inside``: the words that start a program in it. ``terminal``: the address and the
    port for the terminal there. ``cable``: our end of what leads to the server.
    """

    terminal = TERMINAL

    def __init__(self):
        number = os.getpid()
        self.name, self.cable = f"{OURS}{number}", f"cap{number}"
        self.inside = ["ip", "netns", "exec", self.name]
        # Two addresses out of those that RFC 2544 keeps for tests.
        network = f"198.18.{number // 64 % 256}."
        self.server, self.shop = (
            network + str(number % 64 * 4 + host) for host in (1, 2)
        )
        self._relays = contextlib.ExitStack()
        remove_abandoned()
        ip("netns", "add", self.name)
        try:
            self._plug_in()
        except Problem:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.close()

    def _plug_in(self):
        there = ["-n", self.name]
        peer = ["type", "veth", "peer", "name", "server", "netns", self.name]
        ip("link", "add", self.cable, *peer)
        ip("address", "add", f"{self.server}/30", "dev", self.cable)
        ip("link", "set", self.cable, "up")
        ip(*there, "address", "add", f"{self.shop}/30", "dev", "server")
        ip(*there, "address", "add", f"{TERMINAL[0]}/32", "dev", "lo")
        for device in ("lo", "server"):
            ip(*there, "link", "set", device, "up")

    def give_server(self, port):
        """Let the shop, at this port of its own machine, reach the server's."""
        far = (self.server, port)
        self._relay(Relay(far, (LOOPBACK, port)))
        self._relay(Relay((LOOPBACK, port), far, self.name, self.name))

    def show(self, port):
        """Let the person at this machine see a port of a machine in the shop."""
        self._relay(Relay((LOOPBACK, port), (LOOPBACK, port), None, self.name))

    def _relay(self, relay):
        self._relays.enter_context(relay)

    def close(self):
        self._relays.close()
        remove(self.name)

    def __str__(self):
        return f"of its own, {self.name}; what it says to the server: {self.cable}"


class SameNetwork:
    """The network of this machine, for a server and a shop alike.

    ``port``: of the terminal; by default one that nobody is told but the agent.
    """

    inside = ()

    def __init__(self, port=None):
        self.terminal = (LOOPBACK, port or free_port())

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        pass

    def give_server(self, port):
        """It is there already."""

    def show(self, port):
        """It is seen already."""

    def __str__(self):
        return "that of the server, which is not told where the terminal is"


def shop_network():
    """Return a ShopNetwork, or a SameNetwork where it cannot be made."""
    try:
        return ShopNetwork()
    except Problem:
        return SameNetwork()


def ip(*words):
    run("ip", ["ip", *words], REMEDY)


def remove(name):
    """Remove a network, with its end of the cable and so the cable."""
    output(["ip", "netns", "del", name])


def remove_abandoned():
    """Remove the networks of programs that were killed."""
    for name in re.findall(rf"^{OURS}\d+", output(["ip", "netns", "list"]), re.M):
        if not is_alive(int(name[len(OURS) :])):
            remove(name)


class Relay:
    """Passes on what comes to an address, in a ``with`` statement.

    ``listen`` and ``target``: (address, port); 0 for a free port, then in ``port``.
    ``listens_in`` and ``target_in``: names of networks, None for this machine's.
    ``seconds``: how long everything takes each way; a new connection takes a round
    trip more.
    """

    def __init__(self, listen, target, listens_in=None, target_in=None, seconds=0):
        self.listen = listen
        self.target = target
        self.target_in = target_in
        self.seconds = seconds
        self._socket = socket_in(listens_in)
        self._transports = set()

    def __enter__(self):
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(self.listen)
        self.port = self._socket.getsockname()[1]
        self._thread = LoopThread()
        started = asyncio.start_server(self._serve, sock=self._socket)
        self._server = self._thread.run(started)
        return self

    def __exit__(self, *_error):
        self._thread.run(self._close())
        self._thread.stop()

    async def _close(self):
        self._server.close()
        while self._transports:
            for transport in self._transports:
                transport.abort()
            await asyncio.sleep(MOMENT_SECONDS)

    async def _serve(self, reader, writer):
        with contextlib.suppress(OSError):  # one end is away: so is the other
            with self._aborted(writer):
                far_reader, far_writer = await self._connect()
                with self._aborted(far_writer):
                    await asyncio.gather(
                        self._pump(reader, far_writer), self._pump(far_reader, writer)
                    )

    @contextlib.contextmanager
    def _aborted(self, writer):
        """End a connection with the block, or with all others."""
        self._transports.add(writer.transport)
        try:
            yield
        finally:
            self._transports.discard(writer.transport)
            writer.transport.abort()

    async def _connect(self):
        far = socket_in(self.target_in)
        try:
            await asyncio.get_running_loop().sock_connect(far, self.target)
        except OSError:
            far.close()
            raise
        await asyncio.sleep(2 * self.seconds)
        return await asyncio.open_connection(sock=far)

    async def _pump(self, reader, writer):
        """What comes while something is on its way is not held up by it."""
        loop = asyncio.get_running_loop()
        on_its_way = asyncio.Queue()
        deliver = asyncio.ensure_future(self._deliver(on_its_way, writer))
        try:
            while not reader.at_eof():
                data = await reader.read(CHUNK)
                on_its_way.put_nowait((loop.time() + self.seconds, data))
            await deliver
        finally:
            deliver.cancel()

    async def _deliver(self, on_its_way, writer):
        data = True
        while data:
            due, data = await on_its_way.get()
            await wait_until_exactly(due)
            if data:
                writer.write(data)
                await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()


async def wait_until_exactly(due):
    """Wait for a time of the loop; the last moment of it in a thread."""
    loop = asyncio.get_running_loop()
    if due - loop.time() > LATE_SECONDS:
        await asyncio.sleep(due - loop.time() - LATE_SECONDS)
    if due > loop.time():
        await loop.run_in_executor(None, time.sleep, max(0, due - loop.time()))


def socket_in(network):
    """Return a new TCP socket of a network, where it stays whoever uses it."""
    if network is None:
        return unblocked_socket()
    with ThreadPoolExecutor(1) as thread:  # only the thread goes there
        return thread.submit(enter_and_make_socket, network).result()


def enter_and_make_socket(network):
    with open(f"/run/netns/{network}") as namespace:
        if LIBC.setns(namespace.fileno(), CLONE_NEWNET):
            raise OSError(f"the network {network} cannot be entered")
    return unblocked_socket()


def unblocked_socket():
    made = socket.socket()
    made.setblocking(False)
    return made
