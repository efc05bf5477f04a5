"""Free ports of the loopback interface that stay free until their owner listens."""

import socket

LOOPBACK = "127.0.0.1"


class Port:
    """A port of the loopback interface, kept from other programs.

    The socket that holds it is bound but does not listen. With SO_REUSEADDR on both sides the program that it is
    meant for can bind it too, while the system gives it to nobody else.
    """

    def __init__(self) -> None:
        # With the protocol named asyncio sends small answers at once, else they wait for an acknowledgement.
        self._holder = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._holder.bind((LOOPBACK, 0))
        self.number: int = self._holder.getsockname()[1]

    @property
    def address(self) -> str:
        """Host and port, `127.0.0.1:40123`."""
        return f"{LOOPBACK}:{self.number}"

    def listen(self) -> socket.socket:
        """Listen here ourselves; the socket is the caller's to close."""
        self._holder.listen(512)
        return self._holder

    def close(self) -> None:
        """Give the port back."""
        self._holder.close()
