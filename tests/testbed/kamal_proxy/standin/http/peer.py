"""A wire on which HTTP/1.1 is spoken."""

from __future__ import annotations

import h11

from standin.http.wire import Wire

MAX_HEAD = 1 << 20

Event = h11.Event | type[h11.PAUSED]


class EndedError(ConnectionError):
    """The other end hung up in the middle."""


class Peer:
    """h11's events over a wire."""

    def __init__(self, wire: Wire, role: type[h11.CLIENT] | type[h11.SERVER]) -> None:
        self.wire = wire
        self.http = h11.Connection(role, max_incomplete_event_size=MAX_HEAD)
        self.opening = b""

    @property
    def heard(self) -> bool:
        """Whether the other end has said anything yet, in this cycle."""
        return bool(self.opening)

    async def receive(self) -> Event:
        """The next thing the other end says."""
        while True:
            event = self.http.next_event()
            if event is not h11.NEED_DATA:
                return event  # type: ignore[return-value]
            data = await self.wire.read()
            self.opening = self.opening or data
            self.http.receive_data(data)

    async def send(self, *events: h11.Event) -> None:
        """Say all of this in one go."""
        parts = [self.http.send(event) for event in events]
        data = b"".join(part for part in parts if part)
        if data:
            await self.wire.write(data)

    def unread(self) -> bytes:
        """What arrived after the switch to another protocol."""
        data, _ = self.http.trailing_data
        return data
