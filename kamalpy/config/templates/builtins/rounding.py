"""Rounds numbers."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal

from kamalpy.config.templates.trouble import Beyond, RubyError
from kamalpy.config.templates.values import Value

from .methods import Call, Methods

_MAX_PLACES = 300
_FLOAT_DIGITS, _PLAIN_PLACES = 17, 14
_CONTEXT = Context(prec=1_000)


def _round(call: Call, value: int | float, places: int = 0, *, half: Value = None) -> Value:
    if half is not None:
        raise Beyond("the argument half: of .round")
    return at_places(value, places, ROUND_HALF_UP)


def _floor(call: Call, value: int | float, places: int = 0) -> Value:
    return at_places(value, places, "ROUND_FLOOR")


def _ceil(call: Call, value: int | float, places: int = 0) -> Value:
    return at_places(value, places, "ROUND_CEILING")


def _truncate(call: Call, value: int | float, places: int = 0) -> Value:
    return at_places(value, places, "ROUND_DOWN")


def at_places(value: int | float, places: int, rounding: str) -> int | float:
    """A number with so many places behind the point, or zeros before it if negative."""
    if isinstance(value, int) and places >= 0:
        return value
    if isinstance(value, int):
        return _to_tens(value, -places, rounding)
    if not math.isfinite(value):
        raise RubyError("FloatDomainError", f"{_name_of(value)} has no whole number")
    if places > _MAX_PLACES or (places > 0 and not value):
        return value
    if places > 0 and rounding == ROUND_HALF_UP:
        return _to_places(value, places)
    unit = Decimal(1).scaleb(-max(places, -_MAX_PLACES))
    rounded = Decimal(repr(value)).quantize(unit, rounding, _CONTEXT)
    return float(rounded) if places > 0 else int(rounded)


def _to_places(value: float, places: int) -> float:
    """Ruby's way: scale, round away from zero, take back what rounding in floats put on top."""
    _, exponent = math.frexp(value)
    if places >= _FLOAT_DIGITS - (exponent // 4 if exponent > 0 else math.trunc(exponent / 3) - 1):
        return value
    if places < -(exponent // 3 + 1 if exponent > 0 else math.trunc(exponent / 4)):
        return 0.0
    if places > _PLAIN_PLACES:
        return float(Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _CONTEXT))
    scale = 10.0**places
    scaled = value * scale
    whole = float(math.trunc(scaled))
    if abs(scaled - whole) >= 0.5:
        whole += math.copysign(1, scaled)
    step = math.copysign(0.5, value)
    if (value > 0) == ((whole + step) / scale <= value):
        whole += 2 * step
    return math.copysign(whole, value) / scale


def _to_tens(value: int, zeros: int, rounding: str) -> int:
    unit = int(10 ** min(zeros, _MAX_PLACES))
    low = value // unit * unit
    if rounding == "ROUND_FLOOR" or low == value:
        return low
    if rounding == "ROUND_CEILING":
        return low + unit
    if rounding == "ROUND_DOWN":
        return low if value >= 0 else low + unit
    twice = 2 * (value - low)
    return low + unit if twice > unit or (twice == unit and value > 0) else low


def _name_of(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity"


ROUNDING: Methods = {"ceil": _ceil, "floor": _floor, "round": _round, "truncate": _truncate}
