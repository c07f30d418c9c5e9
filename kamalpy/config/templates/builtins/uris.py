"""``URI.parse``, and what can be asked of an address."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from kamalpy.config.templates.trouble import RubyError
from kamalpy.config.templates.values import Address, Module, Value

from .methods import Call, Methods

_PORTS: Mapping[str, int] = {"http": 80, "https": 443, "ftp": 21, "ldap": 389, "ws": 80, "wss": 443}


def parse_uri(text: str) -> Address:
    """Take an address apart."""
    clean = text.isascii() and text.isprintable() and not set(text) & set(' <>"{}|\\^`')
    try:
        parts = urlsplit(text)
        _ = parts.port, parts.hostname
    except ValueError:
        clean = False
    if not clean:
        raise RubyError("URI::InvalidURIError", "this is no address", "give a whole one")
    return Address(parts, text)


def _parse(call: Call, module: Module, text: str) -> Address:
    return parse_uri(text)


def _host(parts: SplitResult) -> str | None:
    host = parts.hostname
    return f"[{host}]" if host and ":" in host else host


def _port(parts: SplitResult) -> int | None:
    return parts.port or _PORTS.get(parts.scheme)


def _user_info(call: Call, address: Address) -> Value:
    user, mark, _ = address.parts.netloc.rpartition("@")
    return user if mark else None


URI_CLASS: Methods = {"parse": _parse}

ADDRESS: Methods = {
    "fragment": lambda call, address: address.parts.fragment or None,
    "host": lambda call, address: _host(address.parts),
    "hostname": lambda call, address: address.parts.hostname,
    "password": lambda call, address: address.parts.password,
    "path": lambda call, address: address.parts.path,
    "port": lambda call, address: _port(address.parts),
    "query": lambda call, address: address.parts.query or None,
    "scheme": lambda call, address: address.parts.scheme or None,
    "user": lambda call, address: address.parts.username,
    "userinfo": _user_info,
}
