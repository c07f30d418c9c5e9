"""Which visitors see the rollout targets."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from standin.http.request import Request

COOKIE = "kamal-rollout"
_LARGEST = 0xFFFFFFFF


@dataclass(frozen=True)
class Rollout:
    """A share of the visitors, and some by name."""

    percentage: int
    percentage_split_point: float
    allowlist: list[str] | None

    @classmethod
    def of(cls, percentage: int, allowlist: list[str]) -> Rollout:
        """The split for this share."""
        return cls(percentage, _LARGEST * (percentage / 100.0), allowlist or None)

    def to_json(self) -> dict[str, Any]:
        """The split as the state file has it."""
        point = self.percentage_split_point
        return {
            **asdict(self),
            "percentage_split_point": int(point) if point == int(point) else point,
        }

    def includes(self, request: Request) -> bool:
        """Whether the visitor is one of them; visitors without the cookie never are."""
        value = request.cookie(COOKIE)
        if not value:
            return False
        if value in (self.allowlist or []):
            return True
        return fnv1a(value.encode("utf-8", "surrogateescape")) <= self.percentage_split_point


def fnv1a(data: bytes) -> int:
    """The 32-bit FNV-1a hash."""
    value = 0x811C9DC5
    for byte in data:
        value = (value ^ byte) * 0x01000193 & _LARGEST
    return value
