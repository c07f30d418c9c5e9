"""Run a user's command: in a running container, in a new one like it, or on the host."""

from __future__ import annotations

import re
import secrets as random
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from pyinfra.api.command import StringCommand

from kamalpy.commands import container
from kamalpy.commands.audit import Event
from kamalpy.commands.base import Word, quoted, script
from kamalpy.errors import ArgumentError
from kamalpy.spec.app import App
from kamalpy.spec.container import ContainerSpec

_SHELL = re.compile(r"[|&;<>()$`*?\[\]{}~#!\n\\]|^\s*\w+=")
_NOT_TAKEN_OVER = {
    # two containers cannot share it, or it is copied from the existing one
    *("cidfile", "detach", "env", "env-file", "hostname", "ip", "ip6", "label", "label-file"),
    *("log-driver", "log-opt", "mac-address", "name", "network", "network-alias"),
    *("no-healthcheck", "publish", "publish-all", "restart", "rm", "volume"),
}


class How(Enum):
    """What the standard streams of a command are connected to."""

    ALONE = "alone"
    TERMINAL = "terminal"
    INPUT = "input"
    DETACHED = "detach"

    @property
    def flags(self) -> tuple[str, ...]:
        """The flags of docker for this."""
        return {How.TERMINAL: ("-it",), How.INPUT: ("-i",)}.get(self, ())


@dataclass(frozen=True, slots=True)
class Where:
    """
    Which container: that of a role which serves, that of a version, or one by its name.

    ``image`` is run where a version has no container, with the variables of the one that serves.
    """

    prefix: str
    latest: str = ""
    app: App | None = None
    container: str = ""
    image: str = ""

    @classmethod
    def role(cls, app: App, latest: str, version: str | None = None, image: str = "") -> Where:
        """Find the container of a role."""
        name = app.container(version) if version else ""
        return cls(app.prefix, latest, app, name, image if version else "")

    @property
    def words(self) -> dict[str, str]:
        """The words of scripts that find it; a role's containers are found by labels."""
        names = ("service", "role", "destination")
        return {
            "container": self.container,
            "prefix": self.prefix,
            "latest": self.latest,
            **(self.app.labels if self.app else dict.fromkeys(names, "")),
        }


@dataclass(frozen=True, slots=True)
class Execution:
    """A command as it was typed, its variables, and who runs it."""

    words: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    how: How = How.ALONE
    log: str = ""
    performer: str = ""
    destination: str | None = None

    @property
    def typed(self) -> str:
        """The command as the audit log has it."""
        return " ".join(self.words)

    def inside(self, where: Where) -> StringCommand:
        """Run it in a container that runs."""
        role = where.app.role if where.app else None
        flags = (*self.how.flags, *self._env())
        return script(
            "inside",
            *flags,
            *map(quoted, argv(self.words)),
            **where.words,
            **self._event(self._on(where), role),
            count=len(flags),
        )

    def beside(self, where: Where, spec: ContainerSpec) -> StringCommand:
        """Run it in a new container; ``spec`` has its options and where its log goes."""
        flags = (*self.how.flags, *self._env(), *_flags(spec))
        return script(
            "beside",
            *flags,
            *map(quoted, argv(self.words)),
            **where.words,
            image=where.image,
            how=self.how.value,
            name=random.token_hex(3),
            **self._event(self._on(where), None),
            count=len(flags),
        )

    def on_host(self, host: str) -> StringCommand:
        """Run it in the shell of a host's user."""
        event = self._event(f"Executed cmd '{self.typed}' on {host}", None)
        return script("host", **event, how=self.how.value, line=line(self.words))

    def _on(self, where: Where) -> str:
        """Return the text of the audit log; the host appends a version."""
        if where.app is not None:
            return f"Executed cmd '{self.typed}' on app version "
        return f"Executed cmd '{self.typed}' on {where.prefix} accessory"

    def _event(self, text: str, role: str | None) -> dict[str, str]:
        event = Event("", self.log, self.performer, self.destination, role)
        return {**event.words, "event": re.sub(r"\s", " ", text)}

    def _env(self) -> list[Word]:
        pairs = (("--env", quoted(f"{name}={value}")) for name, value in self.env.items())
        return [word for pair in pairs for word in pair]


def argv(words: Sequence[str]) -> tuple[str, ...]:
    """
    Make the arguments of a command as it was typed.

    The first word may be a whole command line, ``"ls -l | head"``: a shell in the container runs
    it where it has anything that only a shell understands. What stands in words of its own stays
    as it is.
    """
    first, *rest = words
    if not _SHELL.search(first):
        try:
            return (*shlex.split(first), *rest)
        except ValueError:  # an unclosed quote: the shell reports it
            pass
    return ("sh", "-c", f'{first} "$@"' if rest else first, "sh", *rest)


def line(words: Sequence[str]) -> str:
    """Make a command line for a shell: the first word is one already, others are quoted."""
    first, *rest = words
    return " ".join((first, *(shlex.quote(word) for word in rest)))


def _flags(spec: ContainerSpec) -> tuple[Word, ...]:
    options = {
        name: value
        for name, value in spec.options.items()
        if name not in _NOT_TAKEN_OVER and not name.startswith("health-")
    }
    extra = ContainerSpec(
        name="", image="", options=options, log_driver=spec.log_driver, log_options=spec.log_options
    )
    if extra.variables:
        raise ArgumentError(
            f"options: {extra.variables[0]} is a variable of the server, which a new container for "
            "one command cannot have; use --reuse"
        )
    return container.extras(extra)
