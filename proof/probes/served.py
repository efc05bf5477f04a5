"""Small servers that misbehave, for the probes to meet."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Handler = Callable[[socket.socket], None]


@contextmanager
def listening(handle: Handler) -> Iterator[str]:
    """Serve TCP on a free port of loopback, a thread for each connection; gives host and port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_accept, args=(server, handle), daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def _accept(server: socket.socket, handle: Handler) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return  # the server is closed: the test is over
        threading.Thread(target=_serve, args=(connection, handle), daemon=True).start()


def _serve(connection: socket.socket, handle: Handler) -> None:
    with connection, suppress(OSError):
        handle(connection)


def never_answer(connection: socket.socket) -> None:
    """Read, and say nothing until the other side gives up."""
    while connection.recv(65_536):
        pass


def hang_up(connection: socket.socket) -> None:
    """Close the connection on the first byte."""
    connection.recv(65_536)


def talk_nonsense(connection: socket.socket) -> None:
    """Answer something that is no HTTP."""
    connection.recv(65_536)
    connection.sendall(b"220 mail.test ESMTP ready\r\n\r\n")


def stop_half_way(connection: socket.socket) -> None:
    """Promise more than is sent."""
    connection.recv(65_536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
