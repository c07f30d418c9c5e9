"""``ENV``: the variables a template sees, and changes for itself and for later ones."""

from __future__ import annotations

import difflib

from kamalpy.config.templates.trouble import Forbidden, MissingVariable
from kamalpy.config.templates.values import Module, Value, hash_of
from kamalpy.config.templates.world import World

from .methods import Call, Methods, wrong_kind


def missing(name: str, what: str, world: World, how: str = "") -> MissingVariable:
    """The error for a variable that is not set."""
    if name == "KAMAL_DESTINATION":
        return MissingVariable("KeyError", what, "choose a destination, as in -d staging")
    near = difflib.get_close_matches(name, list(world.environ)[:1_000], 1, 0.85)
    guess = f" (did you mean {near[0]}?)" if near else ""
    how = how or f'or give it a default: ENV.fetch("{name}", "...")'
    message = f'key not found: "{name}"'
    return MissingVariable("KeyError", what, f"export {name}=...{guess}, {how}", message)


def _look(call: Call, name: str) -> str | None:
    """A variable's value; one that waits for a command is not to be had without permission."""
    command = call.world.memory.withheld.get(name)
    if command is not None:
        raise Forbidden(
            f"the variable {name} comes from a command, {command}, which may not run here",
            "allow it with `commands: true` under x-kamalpy or with --allow-commands,"
            f" or export {name}=...",
        )
    return call.world.environ.get(name)


def _get(call: Call, module: Module, name: str) -> Value:
    return _look(call, name)


def _fetch(call: Call, module: Module, name: str, *default: Value) -> Value:
    value = _look(call, name)
    if value is not None:
        return value
    if call.block is not None:
        return call.yields(name)
    if default:
        return default[0]
    what = f'ENV.fetch("{name}") asks for a variable that is not set'
    raise missing(name, what, call.world)


def _set(call: Call, module: Module, name: str, value: Value) -> Value:
    if value is None:
        call.world.environ.pop(name, None)
    elif isinstance(value, str):
        call.world.environ[name] = value
    else:
        raise wrong_kind(value, "String")
    call.world.memory.withheld.pop(name, None)
    return value


def _delete(call: Call, module: Module, name: str) -> Value:
    call.world.memory.withheld.pop(name, None)
    return call.world.environ.pop(name, None)


def _has(call: Call, module: Module, name: str) -> bool:
    return name in call.world.environ or name in call.world.memory.withheld


def _to_h(call: Call, module: Module) -> Value:
    table = hash_of(call.world.environ)
    return table if call.block is None else call.send(table, "to_h", block=call.block)


def _values_at(call: Call, module: Module, *names: str) -> Value:
    return [_look(call, name) for name in names]


def _with_hash(call: Call, module: Module, *arguments: Value) -> Value:
    table = hash_of(call.world.environ)
    return call.send(table, call.name, *arguments, block=call.block)


_FROM_HASH = (
    "any?", "each", "each_pair", "each_with_object", "empty?", "except", "filter", "filter_map",
    "find", "key", "keys", "map", "reject", "select", "slice", "size", "sort", "sort_by",
    "to_a", "transform_keys", "values",
)  # fmt: skip
ENV: Methods = {
    "[]": _get,
    "[]=": _set,
    "delete": _delete,
    "fetch": _fetch,
    "has_key?": _has,
    "include?": _has,
    "inspect": lambda call, module: "ENV",
    "key?": _has,
    "member?": _has,
    "store": _set,
    "to_h": _to_h,
    "to_hash": _to_h,
    "values_at": _values_at,
    **dict.fromkeys(_FROM_HASH, _with_hash),
}
