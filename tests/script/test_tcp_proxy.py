# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The proxy of the tests adds no fault of its own."""

import socket
import threading

from tcp_proxy import TcpProxy

LONG = bytes(500_000)
SMALL = 4096  # bytes that a socket is asked to hold


def answer_once(listener):
    connection, _address = listener.accept()
    with connection:
        connection.recv(100)
        connection.sendall(LONG)


def test_slow_reader_gets_all_of_an_answer_whose_sender_has_closed():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=answer_once, args=[listener])
        server.start()
        with TcpProxy(listener.getsockname()[1]) as proxy, socket.socket() as page:
            [accepts] = proxy.sockets
            accepts.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL)
            page.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
            page.connect(("127.0.0.1", proxy.port))
            page.sendall(b"?")
            received = sum(len(data) for data in iter(lambda: page.recv(SMALL), b""))
        server.join()
    assert received == len(LONG)
