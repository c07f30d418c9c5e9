"""``Time``, and what can be asked of one."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from kamalpy.config.templates.trouble import Exceeded
from kamalpy.config.templates.values import Module, Moment, Value

from .formatting import strftime
from .methods import Call, Methods, ordered


def _now(call: Call, module: Module) -> Moment:
    return Moment(datetime.now().astimezone())


def _at(call: Call, module: Module, seconds: int | float) -> Moment:
    try:
        return Moment(datetime.fromtimestamp(seconds).astimezone())
    except (OverflowError, ValueError, OSError):
        raise Exceeded("this time lies too far away") from None


def _strftime(call: Call, moment: Moment, pattern: str) -> str:
    return call.sized(strftime(moment.time, pattern))


def _utc(call: Call, moment: Moment) -> Moment:
    return Moment(moment.time.astimezone(timezone.utc))


def _plus(call: Call, moment: Moment, seconds: int | float) -> Moment:
    try:
        return Moment(moment.time + timedelta(seconds=seconds))
    except (OverflowError, ValueError):
        raise Exceeded("this time lies too far away") from None


def _minus(call: Call, moment: Moment, other: Value) -> Value:
    if isinstance(other, Moment):
        return (moment.time - other.time).total_seconds()
    return call.send(moment, "+", call.send(other, "-@"))


def _order(call: Call, moment: Moment, other: Value) -> Value:
    if not isinstance(other, Moment):
        return ordered(moment, other, call)
    return (moment.time > other.time) - (moment.time < other.time)


def _iso(call: Call, moment: Moment) -> str:
    utc = moment.time.tzname() == "UTC"
    return moment.time.strftime("%Y-%m-%dT%H:%M:%S") + (
        "Z" if utc else moment.time.isoformat()[-6:]
    )


TIME_CLASS: Methods = {"at": _at, "current": _now, "now": _now}

TIME: Methods = {
    "+": _plus,
    "-": _minus,
    "<=>": _order,
    "day": lambda call, moment: moment.time.day,
    "getutc": _utc,
    "gmtime": _utc,
    "hour": lambda call, moment: moment.time.hour,
    "iso8601": _iso,
    "min": lambda call, moment: moment.time.minute,
    "month": lambda call, moment: moment.time.month,
    "sec": lambda call, moment: moment.time.second,
    "strftime": _strftime,
    "to_f": lambda call, moment: moment.time.timestamp(),
    "to_i": lambda call, moment: int(moment.time.timestamp()),
    "utc": _utc,
    "wday": lambda call, moment: moment.time.isoweekday() % 7,
    "xmlschema": _iso,
    "year": lambda call, moment: moment.time.year,
}
