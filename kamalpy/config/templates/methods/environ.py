"""``ENV``: the variables that a template sees, and changes for itself and for later templates."""

from __future__ import annotations

import difflib

from kamalpy.config.templates.context import RenderContext
from kamalpy.config.templates.evaluation.values import Module, Value, to_str
from kamalpy.config.templates.template_errors import MissingVariableError, PermissionRequiredError

from .calls import MethodCall, Methods


def missing_variable(
    name: str, what: str, context: RenderContext, how: str = ""
) -> MissingVariableError:
    """Return the error for a variable that is not set."""
    if name == "KAMAL_DESTINATION":
        return MissingVariableError("KeyError", what, "choose a destination, as in -d staging")
    near = difflib.get_close_matches(name, list(context.environ)[:1_000], 1, 0.85)
    guess = f" (did you mean {near[0]}?)" if near else ""
    how = how or f'or give it a default: ENV.fetch("{name}", "...")'
    message = f'key not found: "{name}"'
    return MissingVariableError("KeyError", what, f"export {name}=...{guess}, {how}", message)


def _get(call: MethodCall, module: Module, name: Value) -> str | None:
    command = call.context.shared.withheld.get(to_str(name))
    if command is not None:
        raise PermissionRequiredError(
            f"the variable {name} comes from a command, {command}, which may not run here",
            "allow it with `commands: true` under x-kamalpy or with --allow-commands,"
            f" or export {name}=...",
        )
    return call.context.environ.get(to_str(name))


def _fetch(call: MethodCall, module: Module, name: Value, *default: Value) -> Value:
    value = _get(call, module, name)
    if value is not None:
        return value
    if call.block is not None:
        return call.run(name)
    if default:
        return default[0]
    what = f'ENV.fetch("{name}") needs a variable that is not set'
    raise missing_variable(to_str(name), what, call.context)


def _set(call: MethodCall, module: Module, name: Value, value: Value) -> Value:
    if value is None:
        return _delete(call, module, name)
    call.context.environ[to_str(name)] = to_str(value)
    call.context.shared.withheld.pop(to_str(name), None)
    return value


def _delete(call: MethodCall, module: Module, name: Value) -> Value:
    call.context.shared.withheld.pop(to_str(name), None)
    return call.context.environ.pop(to_str(name), None)


def _has(call: MethodCall, module: Module, name: Value) -> bool:
    return name in call.context.environ or name in call.context.shared.withheld


def _values_at(call: MethodCall, module: Module, *names: Value) -> list[Value]:
    return [_get(call, module, name) for name in names]


def _slice(call: MethodCall, module: Module, *names: Value) -> Value:
    return {name: value for name in names if (value := _get(call, module, name)) is not None}


ENV: Methods = {
    "[]": _get,
    "[]=": _set,
    "delete": _delete,
    "fetch": _fetch,
    "has_key?": _has,
    "include?": _has,
    "key?": _has,
    "slice": _slice,
    "to_h": lambda call, module: dict(call.context.environ),
    "values_at": _values_at,
}
