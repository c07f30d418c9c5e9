"""One request and its response, as everything between visitor and target sees them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import h11

from standin.http.peer import EndedError, Peer
from standin.http.request import Request
from standin.http.response import Response


class AbortedError(Exception):
    """The response cannot be completed: hang up, so that the visitor notices."""


class BrokenBodyError(Exception):
    """The visitor's chunks make no sense."""


@dataclass
class Trail:
    """What the access log will say of the exchange."""

    service: str = ""
    target: str = ""
    request_headers: list[str] = field(default_factory=list)
    response_headers: list[str] = field(default_factory=list)


class Exchange:
    """A request to be answered."""

    def __init__(self, peer: Peer, request: Request, is_last: Callable[[], bool]) -> None:
        self._peer = peer
        self.request = request
        self.response = Response(peer, request.method, is_last)
        self.trail = Trail()
        self.tunnelled = False

    async def body(self) -> AsyncIterator[bytes]:
        """The request's body as it arrives."""
        if self._peer.http.they_are_waiting_for_100_continue:
            await self._peer.send(
                h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue")
            )
        while not self.is_read:
            event = await self._receive()
            if isinstance(event, h11.Data):
                yield bytes(event.data)

    async def _receive(self) -> object:
        try:
            return await self._peer.receive()
        except h11.RemoteProtocolError as error:
            if self._peer.wire.ended:
                raise EndedError(str(error)) from error
            raise BrokenBodyError(str(error)) from error

    @property
    def is_read(self) -> bool:
        """Whether the request has been read to its end."""
        return self._peer.http.their_state is not h11.SEND_BODY

    def when_gone(self, callback: Callable[[], object] | None) -> None:
        """Have the callback called when the visitor hangs up, or at once if that has happened."""
        self._peer.wire.on_end = callback
        if callback is not None and self._peer.wire.ended:
            callback()

    def switch(self) -> Peer:
        """Leave HTTP behind: what follows is another protocol's."""
        self.tunnelled = True
        return self._peer
