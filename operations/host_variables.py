"""Variables of the server in arguments: read from it, never given to a shell."""

from __future__ import annotations

from collections.abc import Mapping

from pyinfra.context import host

from kamalpy.commands.state_query import StateQuery
from kamalpy.config import host_variables
from kamalpy.errors import ArgumentError
from kamalpy.facts.observe import observe
from kamalpy.spec.container import ContainerSpec


def completed(spec: ContainerSpec) -> ContainerSpec:
    """Put the values of variables into a container's description."""
    values = _values(spec.variables)
    try:
        return spec.completed(values)
    except ArgumentError as error:
        raise ArgumentError(f"{host.name}: {error}") from None


def completed_path(field: str, path: str) -> str:
    """Put the values of variables into a path."""
    values = _values(host_variables.names(paths=[path]))
    try:
        return host_variables.expand(path, values, field, path=True)
    except ArgumentError as error:
        raise ArgumentError(f"{host.name}: {error}") from None


def _values(names: tuple[str, ...]) -> Mapping[str, str]:
    return observe(StateQuery(variables=names)).variables if names else {}
