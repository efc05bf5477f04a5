"""The proxied path delays and loses as it says, and changes nothing that it carries."""

from __future__ import annotations

import asyncio
import random
import time

from proof.network.proxy import PACKET_BYTES, RESENT_AFTER_S, Proxy, Quality


async def _echoed(sent: bytes, quality: Quality) -> tuple[bytes, float]:
    """Return what comes back over a path from a server that echoes, and the seconds from connecting to the end."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(65536):
            writer.write(piece)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    proxy = Proxy(server.sockets[0].getsockname()[1], quality, "a seed")
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", await proxy.start())
    writer.write(sent)
    writer.write_eof()
    back = await asyncio.wait_for(reader.read(), 60)
    seconds = time.perf_counter() - began
    writer.close()
    await proxy.stop()
    server.close()
    return back, seconds


def test_a_round_trip_takes_as_long_as_the_path_says() -> None:
    """One round trip to connect, one to send and be answered."""
    back, seconds = asyncio.run(_echoed(b"a question", Quality(round_trip_s=0.1)))
    assert back == b"a question"
    assert seconds >= 2 * 0.1


def test_lost_packets_come_later_and_in_order() -> None:
    """Every byte arrives where it was although packets before it were lost, and the loss takes its time."""
    sent = random.Random(1).randbytes(20 * PACKET_BYTES)  # noqa: S311 - bytes to tell apart, no secret
    back, seconds = asyncio.run(_echoed(sent, Quality(loss=0.3)))
    assert back == sent
    assert seconds >= RESENT_AFTER_S[0]


def test_what_can_not_be_reached_is_cut_off() -> None:
    """A path to a port where nobody listens ends as a connection that is closed, instead of hanging."""

    async def asked() -> bytes:
        nobody = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
        port = nobody.sockets[0].getsockname()[1]
        nobody.close()
        await nobody.wait_closed()
        proxy = Proxy(port, Quality(), "a seed")
        reader, writer = await asyncio.open_connection("127.0.0.1", await proxy.start())
        try:
            return await asyncio.wait_for(reader.read(), 60)
        finally:
            writer.close()
            await proxy.stop()

    assert asyncio.run(asked()) == b""
