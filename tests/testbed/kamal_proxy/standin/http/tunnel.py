"""What happens to a connection that has left HTTP: bytes go through, both ways, untouched."""

from __future__ import annotations

import asyncio

from standin.http.wire import Wire


async def tunnel(left: Wire, right: Wire) -> None:
    """Carry bytes until both ends have finished or one has failed; then both are hung up."""
    ways = [asyncio.ensure_future(_carry(left, right)), asyncio.ensure_future(_carry(right, left))]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        left.close()
        right.close()


async def _carry(source: Wire, sink: Wire) -> None:
    while data := await source.read():
        await sink.write(data)
    sink.half_close()
