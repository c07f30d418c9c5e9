"""Passes TCP connections on, a while later: ``relay.py MILLISECONDS LISTEN=TARGET...``."""

from __future__ import annotations

import asyncio
import socket
import sys


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
    """Write what is read, in order, each piece as late as the delay wants."""
    loop = asyncio.get_running_loop()
    pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def send() -> None:
        while True:
            due, piece = await pieces.get()
            await asyncio.sleep(due - loop.time())
            if not piece:
                writer.close()
                return
            writer.write(piece)

    sending = asyncio.create_task(send())
    piece = b"first"
    while piece:
        try:
            piece = await reader.read(65536)
        except OSError:
            piece = b""
        pieces.put_nowait((loop.time() + delay, piece))
    await sending


async def relay(listen: str, target: str, delay: float) -> None:
    """Serve one address for one server."""

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(2 * delay)  # the handshake of TCP
        host, port = target.rsplit(":", 1)
        far_reader, far_writer = await asyncio.open_connection(host, int(port))
        for each in (writer, far_writer):
            each.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.gather(copy(reader, far_writer, delay), copy(far_reader, writer, delay))

    host, port = listen.rsplit(":", 1)
    server = await asyncio.start_server(connect, host, int(port))
    async with server:
        await server.serve_forever()


async def main(delay: float, pairs: list[str]) -> None:
    """Serve all addresses until somebody ends this."""
    both = (pair.split("=", 1) for pair in pairs)
    await asyncio.gather(*(relay(listen, target, delay) for listen, target in both))


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]) / 1000, sys.argv[2:]))
