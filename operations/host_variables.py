"""Variables of the server in arguments: read from it, never given to a shell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from pyinfra.context import host

from kamalpy.commands.state_query import StateQuery
from kamalpy.config import host_variables
from kamalpy.errors import ArgumentError
from kamalpy.facts.observe import observe
from kamalpy.spec.container import ContainerSpec

T = TypeVar("T")


def completed(spec: ContainerSpec) -> ContainerSpec:
    """Put the values of variables into a container's description."""
    return _with_values(spec.variables, spec.completed)


def completed_path(field: str, path: str) -> str:
    """Put the values of variables into a path."""
    return _with_values(
        host_variables.names(paths=[path]),
        lambda values: host_variables.expand(path, values, field, path=True),
    )


def _with_values(names: tuple[str, ...], complete: Callable[[Mapping[str, str]], T]) -> T:
    values = observe(StateQuery(variables=names)).variables if names else {}
    try:
        return complete(values)
    except ArgumentError as error:
        raise ArgumentError(f"{host.name}: {error}") from None
