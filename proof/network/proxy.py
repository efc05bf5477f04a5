"""A path through a network: a TCP proxy on loopback that passes every packet on late, and lost ones later still."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass

PACKET_BYTES = 1460  # what one packet holds on most paths
RESENT_AFTER_S = (0.2, 1.0)


@dataclass(frozen=True)
class Quality:
    """How a path carries packets.

    Args:
        round_trip_s: what it adds to every round trip.
        loss: the share of packets that are lost, from 0 to 1. TCP sends them again, so that they come later
            (`RESENT_AFTER_S`), and what was sent behind them waits for them.
    """

    round_trip_s: float = 0.0
    loss: float = 0.0


class Proxy:
    """Listens on `host`:`port` and forwards to `127.0.0.1`:`to_port` with the quality of a path.

    Args:
        seed: which packets are lost follows from it and from the order in which they come.
    """

    def __init__(self, to_port: int, quality: Quality, seed: str, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._to_port, self._quality = to_port, quality
        self._chance = random.Random(seed)  # noqa: S311 - chance that can be repeated is wanted
        self._host, self._port = host, port
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """Listen; return the port."""
        self._server = await asyncio.start_server(self._begin, self._host, self._port)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def stop(self) -> None:
        """Take no more connections, and end those that there are."""
        if self._server is not None:
            self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.create_task(self._serve(reader, writer))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection; what breaks it on one side breaks it on the other."""
        writers = [writer]
        try:
            await asyncio.sleep(self._one_way_s() + self._one_way_s())  # to connect is a round trip of its own
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to_port)
            writers.append(far_writer)
            async with asyncio.TaskGroup() as group:
                for source, sink in ((reader, far_writer), (far_reader, writer)):
                    under_way = asyncio.Queue[tuple[float, bytes]]()
                    group.create_task(self._take(source, under_way))
                    group.create_task(self._deliver(under_way, sink))
        except* OSError:
            for each in writers:
                each.transport.abort()
        finally:
            for each in writers:
                each.close()

    async def _take(self, source: asyncio.StreamReader, under_way: asyncio.Queue[tuple[float, bytes]]) -> None:
        """Send packets on their way, each with the time at which it is due; those under way don't wait for others."""
        loop, packet = asyncio.get_running_loop(), b"the first"
        while packet:
            packet = await source.read(PACKET_BYTES)
            under_way.put_nowait((loop.time() + self._one_way_s(), packet))

    async def _deliver(self, under_way: asyncio.Queue[tuple[float, bytes]], sink: asyncio.StreamWriter) -> None:
        """Write the packets in order when they are due, and then the end; the other direction may still be in use."""
        loop = asyncio.get_running_loop()
        while True:
            due, packet = await under_way.get()
            await asyncio.sleep(max(0.0, due - loop.time()))
            if not packet:
                break
            sink.write(packet)
            await sink.drain()
        if sink.can_write_eof():
            sink.write_eof()

    def _one_way_s(self) -> float:
        late_s = self._quality.round_trip_s / 2
        while self._chance.random() < self._quality.loss:
            late_s += self._chance.uniform(*RESENT_AFTER_S)
        return late_s
