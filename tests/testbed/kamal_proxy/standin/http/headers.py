"""Header fields by their canonical names, ``X-Request-Id``, as Go keeps and sends them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

HOP_BY_HOP = (
    "Connection",
    "Proxy-Connection",
    "Keep-Alive",
    "Proxy-Authenticate",
    "Proxy-Authorization",
    "Te",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
)


@lru_cache(maxsize=1024)
def canonical(name: str) -> str:
    """The name as Go spells it."""
    return "-".join(part.capitalize() for part in name.split("-"))


class Headers:
    """The fields of one message: names to values, in the order they came."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        self._fields: dict[str, list[str]] = {}
        for name, value in fields:
            self.add(name, value)

    @classmethod
    def from_wire(cls, fields: Iterable[tuple[bytes, bytes]]) -> Headers:
        """What h11 read; bytes that are not UTF-8 come through unchanged."""
        return cls(
            (name.decode(), value.decode("utf-8", "surrogateescape")) for name, value in fields
        )

    def to_wire(self) -> list[tuple[bytes, bytes]]:
        """What h11 sends."""
        return [
            (name.encode(), value.encode("utf-8", "surrogateescape"))
            for name, values in self._fields.items()
            for value in values
        ]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def get(self, name: str) -> str:
        """The first value, or an empty text."""
        values = self._fields.get(name)
        return values[0] if values else ""

    def all(self, name: str) -> list[str]:
        """Every value."""
        return list(self._fields.get(name, ()))

    def joined(self, name: str, separator: str = ", ") -> str:
        """Every value, in one text."""
        return separator.join(self._fields.get(name, ()))

    def add(self, name: str, value: str) -> None:
        """One more value."""
        self._fields.setdefault(canonical(name), []).append(value)

    def set(self, name: str, *values: str) -> None:
        """These values and no others."""
        self._fields[canonical(name)] = list(values)

    def remove(self, *names: str) -> None:
        """Forget the fields."""
        for name in names:
            self._fields.pop(name, None)

    def copy(self) -> Headers:
        """The same fields, to be changed freely."""
        copy = Headers()
        copy._fields = {name: list(values) for name, values in self._fields.items()}
        return copy

    def update(self, other: Headers) -> None:
        """Take over the other's fields."""
        for name, values in other._fields.items():
            self._fields[name] = list(values)

    def sorted(self) -> Headers:
        """The same fields by name, the order in which Go sends them."""
        copy = Headers()
        copy._fields = dict(sorted(self._fields.items()))
        return copy

    def upgrade(self) -> str:
        """The protocol that the message wants to switch to, or an empty text."""
        tokens = (token.strip().lower() for token in self.joined("Connection", ",").split(","))
        return self.get("Upgrade") if "upgrade" in tokens else ""

    def drop_hop_by_hop(self) -> None:
        """Forget what concerns one connection only."""
        for token in self.joined("Connection", ",").split(","):
            self.remove(canonical(token.strip()))
        self.remove(*HOP_BY_HOP)
