"""Connections to elsewhere."""

from __future__ import annotations

import asyncio
import socket
import ssl
from typing import Any

from standin.goerrors import dial_error
from standin.http.wire import Wire


class DialError(Exception):
    """Nobody there."""


async def dial(host: str, port: int, tls: ssl.SSLContext | None = None) -> Wire:
    """Connect, trying every address that the host has."""
    try:
        connection = await _connect_any(host, port)
    except OSError as error:
        raise DialError(dial_error(host, port, error)) from error
    return await _open(connection, host, tls)


async def _open(connection: socket.socket, host: str, tls: ssl.SSLContext | None) -> Wire:
    name = host if tls else None
    loop = asyncio.get_running_loop()
    try:
        _, wire = await loop.create_connection(Wire, sock=connection, ssl=tls, server_hostname=name)
    except ssl.SSLError:
        raise
    except OSError as error:
        raise DialError("EOF") from error
    return wire


async def _connect_any(host: str, port: int) -> socket.socket:
    failure: OSError = socket.gaierror(socket.EAI_NONAME, "no address")
    for family, kind, protocol, _, address in await _addresses(host, port):
        try:
            return await _connect(socket.socket(family, kind, protocol), address)
        except OSError as error:
            failure = error
    raise failure


async def _connect(connection: socket.socket, address: Any) -> socket.socket:
    connection.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(connection, address)
    except BaseException:
        connection.close()
        raise
    return connection


async def _addresses(host: str, port: int) -> list[Any]:
    kind = socket.SOCK_STREAM
    try:
        return socket.getaddrinfo(host, port, type=kind, flags=socket.AI_NUMERICHOST)
    except socket.gaierror:
        return await asyncio.get_running_loop().getaddrinfo(host, port, type=kind)
