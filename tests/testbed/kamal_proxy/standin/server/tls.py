"""TLS at the door: the certificate is chosen by the host that the visitor asks for."""

from __future__ import annotations

import asyncio
import socket
import ssl
from contextvars import ContextVar

from standin.goerrors import reason
from standin.http.wire import Wire
from standin.proxy.certificates import HandshakeRefusedError
from standin.proxy.router import Router

HANDSHAKE_SECONDS = 10.0


class HandshakeError(Exception):
    """Why there will be no conversation."""


class Door:
    """Handshakes, each with the right certificate."""

    def __init__(self, router: Router) -> None:
        self._router = router
        # The callback below runs in the context of the handshake's own task.
        self._refusals: ContextVar[list[str]] = ContextVar("refusals")
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.set_alpn_protocols(["http/1.1"])
        self._context.sni_callback = self._choose

    async def admit(self, connection: socket.socket) -> Wire:
        """Shake hands, or raise HandshakeError."""
        refusals: list[str] = []
        self._refusals.set(refusals)
        try:
            _, wire = await asyncio.get_running_loop().connect_accepted_socket(
                Wire, connection, ssl=self._context, ssl_handshake_timeout=HANDSHAKE_SECONDS
            )
        except ssl.SSLError as error:
            raise HandshakeError(refusals[0] if refusals else _words(error)) from error
        except OSError as error:
            raise HandshakeError(reason(error) if error.errno else "EOF") from error
        return wire

    def _choose(
        self, handshake: ssl.SSLSocket | ssl.SSLObject, name: str | None, _: ssl.SSLContext
    ) -> int | None:
        try:
            handshake.context = self._router.certificate(name).context()
        except HandshakeRefusedError as error:
            self._refusals.get().append(str(error))
            return ssl.ALERT_DESCRIPTION_INTERNAL_ERROR
        return None


def _words(error: ssl.SSLError) -> str:
    if error.reason == "HTTP_REQUEST":
        return "client sent an HTTP request to an HTTPS server"
    return f"tls: {(error.reason or str(error)).lower().replace('_', ' ')}"
