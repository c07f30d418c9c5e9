"""What goes back to the visitor: held back for 2 KiB, so that small answers leave in one piece."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import formatdate

import h11

from standin.http.headers import Headers
from standin.http.peer import Peer
from standin.http.sniff import content_type
from standin.http.statuses import words

HELD_BACK = 2048


class Response:
    """One response in the making: begin, write, flush, finish."""

    def __init__(self, peer: Peer, method: str, is_last: Callable[[], bool]) -> None:
        self._peer = peer
        self._method = method
        self._held: list[bytes] = []
        self._is_last = is_last
        self.status = 200
        self.headers = Headers()
        self.written = 0
        self.committed = False

    def begin(self, status: int, headers: Headers | None = None) -> None:
        """Set what the head will say; nothing is sent yet."""
        self.status = status
        if headers is not None:
            self.headers.update(headers)

    async def inform(self, status: int, headers: Headers) -> None:
        """Send an informational response, such as early hints, before the real one."""
        await self._peer.send(
            h11.InformationalResponse(
                status_code=status, headers=headers.to_wire(), reason=words(status).encode()
            )
        )

    async def write(self, data: bytes) -> None:
        """Add to the body."""
        self.written += len(data)
        self._held.append(data)
        if self.committed or self.written > HELD_BACK:
            await self.flush()

    async def flush(self) -> None:
        """Send what there is."""
        await self._send(self._head(complete=False))

    async def finish(self) -> None:
        """Send the rest: there will be no more."""
        await self._send([*self._head(complete=True)], h11.EndOfMessage())

    async def _send(self, head: list[h11.Event], *end: h11.Event) -> None:
        body = b"".join(self._held)
        self._held.clear()
        data = [h11.Data(data=body)] if body and self._has_body else []
        await self._peer.send(*head, *data, *end)

    @property
    def _has_body(self) -> bool:
        return self._method != "HEAD" and self.status >= 200 and self.status not in (204, 304)

    def _head(self, *, complete: bool) -> list[h11.Event]:
        if self.committed:
            return []
        self.committed = True
        headers = self.headers.sorted()
        self._complete(headers, complete=complete)
        reason = words(self.status).encode()
        return [h11.Response(status_code=self.status, headers=headers.to_wire(), reason=reason)]

    def _complete(self, headers: Headers, *, complete: bool) -> None:
        body = b"".join(self._held)
        if "Date" not in headers:
            headers.set("Date", formatdate(usegmt=True))
        if self.status == 204:
            headers.remove("Content-Length")
        elif complete and self.status != 304 and "Content-Length" not in headers:
            self._count(headers, body)
        if body and self._has_body and not {"Content-Type", "Content-Encoding"} & set(headers):
            headers.set("Content-Type", content_type(body))
        if self._is_last() and "Connection" not in headers:
            headers.set("Connection", "close")

    def _count(self, headers: Headers, body: bytes) -> None:
        if body or self._method != "HEAD":
            headers.set("Content-Length", str(self.written))
