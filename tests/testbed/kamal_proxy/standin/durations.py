"""Durations as Go writes and prints them: ``1m30s``; kept as whole nanoseconds."""

import re

SECOND = 1_000_000_000
_UNITS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": SECOND,
    "m": 60 * SECOND,
    "h": 3600 * SECOND,
}
_PART = re.compile(r"(\d+\.?\d*|\.\d+)([^\d.]*)")


def parse_duration(text: str) -> int:
    """Read ``1m30s`` as nanoseconds; a ValueError says what Go would say."""
    sign, rest = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    if rest == "0":
        return 0
    parts = _PART.findall(rest)
    if not parts or "".join(number + unit for number, unit in parts) != rest:
        raise ValueError(f'time: invalid duration "{text}"')
    return sign * sum(_nanoseconds(number, unit, text) for number, unit in parts)


def format_duration(nanoseconds: int) -> str:
    """Print nanoseconds as Go does: ``0s``, ``1.5s``, ``200ms``, ``1m0s``."""
    if nanoseconds < 0:
        return "-" + format_duration(-nanoseconds)
    if nanoseconds == 0:
        return "0s"
    if nanoseconds < SECOND:
        unit = next(u for u in ("ms", "µs", "ns") if nanoseconds >= _UNITS[u])
        return _decimal(nanoseconds, _UNITS[unit]) + unit
    minutes, rest = divmod(nanoseconds, _UNITS["m"])
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}h{minutes}m" if hours else f"{minutes}m" if minutes else ""
    return text + _decimal(rest, SECOND) + "s"


def seconds(nanoseconds: int) -> float:
    """Nanoseconds as what Python's clocks and timeouts take."""
    return nanoseconds / SECOND


def _nanoseconds(number: str, unit: str, text: str) -> int:
    if not unit:
        raise ValueError(f'time: missing unit in duration "{text}"')
    if unit not in _UNITS:
        raise ValueError(f'time: unknown unit "{unit}" in duration "{text}"')
    whole, _, fraction = number.partition(".")
    size = _UNITS[unit]
    return int(whole or "0") * size + int(fraction or "0") * size // int("1" + "0" * len(fraction))


def _decimal(value: int, unit: int) -> str:
    whole, rest = divmod(value, unit)
    digits = str(rest).rjust(len(str(unit)) - 1, "0").rstrip("0")
    return f"{whole}.{digits}" if digits else str(whole)
