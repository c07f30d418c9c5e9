"""Bodies that are kept before they are passed on: small ones in memory, large ones on disk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from tempfile import SpooledTemporaryFile

CHUNK = 32 * 1024


class TooLargeError(Exception):
    """The body is larger than allowed."""


class Buffer:
    """A body that is read to its end before anybody else sees it."""

    def __init__(self, memory: int, limit: int) -> None:
        # A size of zero would mean "never to disk".
        size = max(memory, 1)
        self._file = SpooledTemporaryFile(max_size=size, prefix="proxy-buffer-")  # noqa: SIM115
        self._limit = limit
        self.size = 0

    async def fill(self, body: AsyncIterator[bytes]) -> None:
        """Read the body, or raise TooLargeError."""
        async for chunk in body:
            self.size += len(chunk)
            if 0 < self._limit < self.size:
                raise TooLargeError
            self._file.write(chunk)
        self._file.seek(0)

    async def chunks(self) -> AsyncIterator[bytes]:
        """Give the body back."""
        while chunk := self._file.read(CHUNK):
            yield chunk

    def close(self) -> None:
        """Forget the body."""
        self._file.close()
