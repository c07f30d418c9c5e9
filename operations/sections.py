"""Parse arguments that are written as in deploy.yml."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from kamalpy.config.extension import Health
from kamalpy.config.faults import Fault
from kamalpy.config.logging import Logging
from kamalpy.config.proxy import ProxySection
from kamalpy.errors import ArgumentError, Problem
from kamalpy.operations import argument_types, valid
from kamalpy.operations.argument_types import Proxy

Model = TypeVar("Model", bound=BaseModel)
SECTIONS: Mapping[Any, type[BaseModel]] = {
    Proxy: ProxySection,
    argument_types.Health: Health,
    argument_types.Logging: Logging,
}
"""The section of deploy.yml that a dictionary of each type is read as."""


def check_section(argument: str, value: Any, hint: Any) -> None:
    """Refuse a dictionary that is not valid as the section of its type."""
    for kind, model in SECTIONS.items():
        if kind in (hint, *get_args(hint)) and isinstance(value, Mapping):
            section(model, argument, value)


def arguments(cmd: str | Sequence[str] | None) -> tuple[str, ...]:
    """Split a command into words as a shell does, without any other shell syntax."""
    if cmd is None:
        return ()
    if not isinstance(cmd, str):
        return tuple(valid.text("cmd", word) for word in cmd)
    try:
        return tuple(shlex.split(valid.text("cmd", cmd)))
    except ValueError as error:
        raise ArgumentError(f"cmd: {cmd!r} cannot be split into words ({error})") from None


def proxy_section(proxy: Proxy | ProxySection) -> ProxySection:
    """Read a ``proxy`` section."""
    if isinstance(proxy, ProxySection):
        return proxy
    return section(ProxySection, "proxy", proxy)


def log_section(logging: argument_types.Logging | Logging | None) -> Logging:
    """Read a ``logging`` section; with none, logs are limited to 10 MB as Kamal does."""
    if isinstance(logging, Logging):
        return logging.limited()
    return section(Logging, "logging", logging or {}).limited()


def section(model: type[Model], argument: str, values: Mapping[str, Any] | str) -> Model:
    """Read a section of deploy.yml that was given as an argument."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        problems = (_problem(argument, Fault.read(details)) for details in error.errors())
        raise ArgumentError("\n".join(dict.fromkeys(map(str, problems)))) from None


def _problem(argument: str, fault: Fault) -> Problem:
    shapes = ("<", "function-")  # what pydantic calls the ways to read one value
    path = (str(part) for part in fault.path if not str(part).startswith(shapes))
    return Problem(fault.what, fault.how, "/".join((argument, *path)))
