"""A path with a delay: a TCP proxy on loopback that passes every piece on half a round trip later."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Delay:
    """Listens on `host`:`port` and forwards to `127.0.0.1`:`to_port`, adding `round_trip_s` to every round trip."""

    def __init__(self, to_port: int, round_trip_s: float, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._to_port, self._half_s = to_port, round_trip_s / 2
        self._host, self._port = host, port
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        """Listen; return the port."""
        self._server = await asyncio.start_server(self._serve, self._host, self._port)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def stop(self) -> None:
        """Take no more connections."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A connection is made in one round trip of its own.
        await asyncio.sleep(2 * self._half_s)
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to_port)
        await asyncio.gather(self._pass_on(reader, far_writer), self._pass_on(far_reader, writer))

    async def _pass_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        """Pass pieces on in order, each `half_s` after it came; pieces under way don't wait for each other."""
        loop, under_way = asyncio.get_running_loop(), asyncio.Queue[tuple[float, bytes]]()
        sending = asyncio.create_task(self._send(under_way, sink))
        with suppress(ConnectionError):
            while piece := await source.read(65536):
                under_way.put_nowait((loop.time() + self._half_s, piece))
        under_way.put_nowait((loop.time() + self._half_s, b""))
        await sending

    async def _send(self, under_way: asyncio.Queue[tuple[float, bytes]], sink: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        with suppress(ConnectionError):
            while True:
                due, piece = await under_way.get()
                await asyncio.sleep(max(0.0, due - loop.time()))
                if not piece:
                    break
                sink.write(piece)
                await sink.drain()
        sink.close()
