"""What a release was, written down for the day on which somebody goes back to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from kamalpy.errors import DeployError
from kamalpy.secrets import Secret
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.env_file import is_multiline
from kamalpy.spec.route import Route

FORM = 1
"""The form of the text; whoever reads another one cannot go back to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """
    The container of a release, its route, and how its health was asked for.

    Of ``secrets`` only the names are here, and whether a value is odd: fits into no line of
    docker's env files. The values lie beside it, in files of their owner. ``stop`` are the seconds
    that its container has to stop, ``timeout`` and ``delay`` those it has to get healthy.
    """

    container: ContainerSpec
    secrets: Mapping[str, bool] = field(default_factory=dict)
    route: Route | None = None
    probe: Route | None = None
    timeout: int = 30
    delay: int = 7
    stop: int | None = None
    asset_path: str | None = None

    @classmethod
    def new(cls, container: ContainerSpec, **more: Any) -> Record:
        """Write down a container that this run knows with its secrets."""
        odd = {name: is_multiline(secret.reveal()) for name, secret in container.secrets.items()}
        return cls(container=replace(container, secrets={}), secrets=odd, **more)

    def spec(self, env_file: str) -> ContainerSpec:
        """
        Describe the container once more, its secrets in a file of the host.

        What stands for their values here tells nothing but whether they are odd.
        """
        known = {name: Secret.of(name, "\n" if odd else "") for name, odd in self.secrets.items()}
        return replace(self.container, secrets=known, env_file=env_file)

    def route_with(self, error_pages: str | None) -> Route | None:
        """Route as then, but for error pages, which are today's or none."""
        return None if self.route is None else replace(self.route, error_pages=error_pages)

    def text(self) -> str:
        """Write it as one line, without any secret."""
        told = {name: value for name, value in _plain(self).items() if name != "container"}
        container = {k: v for k, v in _plain(self.container).items() if k != "secrets"}
        for name in ("route", "probe"):
            told[name] = _plain(told[name]) if told[name] is not None else None
        written = {"form": FORM, "container": container, **told}
        return json.dumps(written, sort_keys=True, default=str)

    @classmethod
    def of(cls, text: str) -> Record:
        """Read it again."""
        try:
            told = json.loads(text)
            if told.pop("form") != FORM:
                raise ValueError(f"not in form {FORM}")
            told["container"] = ContainerSpec(**_tuples(told["container"]))
            for name in ("route", "probe"):
                told[name] = Route(**_tuples(told[name])) if told[name] is not None else None
            return cls(**_tuples(told))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DeployError(
                f"cannot read what a release was ({error}); deploy that version instead"
            ) from None


def _plain(thing: Any) -> dict[str, Any]:
    return {each.name: getattr(thing, each.name) for each in fields(thing)}


def _tuples(values: dict[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
