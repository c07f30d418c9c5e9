"""Check the arguments of a call: their names and types, before an operation looks at a host."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from inspect import Parameter, signature
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints, is_typeddict

from pyinfra.api.hiddenvalue import HiddenValue

from kamalpy._pyinfra.execution import GLOBAL_ARGUMENTS
from kamalpy.errors import ArgumentError
from kamalpy.operations.sections import check_section
from kamalpy.reference.spelling import did_you_mean
from kamalpy.secrets import Secret

PLAIN: Mapping[Any, str] = {
    str: "a string",
    int: "an integer",
    float: "a number",
    bool: "True or False",
    Mapping: "a dictionary",
    Sequence: "a list",
    HiddenValue: "HiddenValue(...)",
    Secret: "kamalpy.secrets.Secret",
}
KINDS: Mapping[Any, str] = {
    **PLAIN,
    bool: "a boolean",
    dict: "a dictionary",
    list: "a list",
    type(None): "None",
}


def check_call(function: Callable[..., Any], args: Sequence[Any], given: Mapping[str, Any]) -> None:
    """Refuse arguments that an operation does not have, lacks, or has with another type."""
    problems = [f"{_title(function)}: {each}" for each in _problems(function, args, given)]
    if problems:
        raise ArgumentError("\n".join(problems))
    parameters, hints = _signature(function)
    for name, value in {**dict(zip(parameters, args, strict=False)), **given}.items():
        check_section(name, value, hints.get(name))


def _problems(
    function: Callable[..., Any], args: Sequence[Any], given: Mapping[str, Any]
) -> Iterator[str]:
    parameters, hints = _signature(function)
    names = list(parameters)
    if len(args) > len(names):
        yield f"takes {len(names)} arguments, not {len(args)}; write them by name"
    values = {**dict(zip(names, args, strict=False)), **given}
    unknown = [name for name in values if name not in parameters and name not in GLOBAL_ARGUMENTS]
    for name in unknown:
        yield f"{name}: unknown argument; {did_you_mean(name, [*names, *sorted(GLOBAL_ARGUMENTS)])}"
    for name, parameter in parameters.items():
        if name in values:
            yield from mismatch(name, values[name], hints.get(name, Any))
        elif parameter.default is Parameter.empty and not unknown:
            yield f"{name}: is required; help({_title(function)}) explains it"


@cache
def _signature(function: Callable[..., Any]) -> tuple[Mapping[str, Parameter], Mapping[str, Any]]:
    return signature(function).parameters, get_type_hints(function)


def _title(function: Callable[..., Any]) -> str:
    """Return the name by which a user calls an operation: ``app.boot``."""
    return f"{function.__module__.split('.')[2]}.{function.__name__}"


def mismatch(name: str, value: Any, hint: Any) -> Iterator[str]:
    """Report the first value, of a dictionary or a list as well, that has another type."""
    options = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    matching = [each for each in options if _is_instance(value, each)]
    if not matching:
        yield f"{name}: should be {_listed(options)}, not {_kind(value)}{_remedy(value, options)}"
        return
    for origin, arguments in ((get_origin(each), get_args(each)) for each in matching):
        if origin is Mapping:
            for key, item in value.items():
                yield from mismatch(f"{name}/{key}", item, arguments[1])
        elif origin is Sequence:
            for index, item in enumerate(value):
                yield from mismatch(f"{name}/{index}", item, arguments[0])


def _is_instance(value: Any, hint: Any) -> bool:
    if hint in (Any, object):
        return True
    if is_typeddict(hint):
        return isinstance(value, Mapping)
    kind = get_origin(hint) or hint
    if isinstance(value, bool):
        return kind is bool
    if kind is Sequence and isinstance(value, (str, bytes)):
        return False
    return isinstance(value, kind) or (kind is float and isinstance(value, int))


def _listed(options: Sequence[Any]) -> str:
    kinds = (Mapping if is_typeddict(each) else get_origin(each) or each for each in options)
    known = {each: PLAIN.get(each, each.__name__) for each in kinds if each is not type(None)}
    plain = [word for each, word in known.items() if each in PLAIN]
    return " or ".join(plain or known.values())


def _kind(value: Any) -> str:
    return KINDS.get(type(value), type(value).__name__)


def _remedy(value: Any, options: Sequence[Any]) -> str:
    kinds = [get_origin(each) or each for each in options]
    if Secret in kinds or HiddenValue in kinds:
        return ", since pyinfra prints plain values; write HiddenValue(...)"
    if str in kinds and isinstance(value, (int, float)):
        return f'; write "{value}"'
    if Sequence in kinds and isinstance(value, str):
        return f'; write ["{value}"]'
    return ""
