"""A container as it should be, and how a running one differs from that."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kamalpy.config import host_variables
from kamalpy.secrets import Secret
from kamalpy.spec import secret_files, values, volumes
from kamalpy.spec.change import SECRET, Change, compare, compare_sets
from kamalpy.spec.digest import env_digests
from kamalpy.spec.env_file import MULTILINE_SUFFIX, as_kamal_wrote
from kamalpy.spec.options import READERS
from kamalpy.spec.state import Container, HostState, Image, familiar

SPEC_LABEL = "kamalpy.spec"
_ALSO_FIELDS = frozenset(
    {"env", "hostname", "label", "log-driver", "log-opt", "publish", "restart", "volume"}
)
OptionValue = object


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerSpec:
    """
    What a container should be: the words of ``docker run`` before they are words.

    ``volumes`` are ``source:path[:options]``, ``ports`` ``[ip:]port:port``, ``options`` any other
    flag of ``docker run`` without its dashes. ``hostname`` is the beginning of one: what follows it
    is made anew for each container, as Kamal does. A value of ``secrets`` is only known by digest;
    ``secrets_as_files`` puts them into files that belong to ``secrets_owner``, by default to the
    container's own user.
    """

    name: str
    image: str
    command: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, Secret] = field(default_factory=dict)
    env_file: str | None = None
    secrets_as_files: bool = False
    secrets_owner: str | None = None
    volumes: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    network: str = "kamal"
    hostname: str | None = None
    restart: str = "unless-stopped"
    log_driver: str | None = None
    log_options: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, OptionValue] = field(default_factory=dict)

    @property
    def secret_variables(self) -> Mapping[str, Secret]:
        """The secrets that are variables."""
        return {} if self.secrets_as_files else self.secrets

    @property
    def multiline_file(self) -> str | None:
        """The host's file of values that docker takes from its own environment."""
        return (
            f"{self.env_file}{MULTILINE_SUFFIX}"
            if self.env_file and not self.secrets_as_files
            else None
        )

    @property
    def secret_file(self) -> str | None:
        """The host's file of values that become files of the container."""
        has_any = self.secrets_as_files and self.secrets
        return f"{self.env_file}{MULTILINE_SUFFIX}" if self.env_file and has_any else None

    @property
    def remembered(self) -> str:
        """The flags that ``docker inspect`` does not report faithfully, in a comparable form."""
        flags = {
            flag: value
            for flag, value in sorted(self.options.items())
            if flag not in _ALSO_FIELDS and (flag not in READERS or READERS[flag].daemon)
        }
        if self.secret_file and self.secrets_owner is not None:
            flags["secrets-owner"] = self.secrets_owner
        return json.dumps(flags, sort_keys=True, separators=(",", ":"), default=str)

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables of the server that are part of it."""
        pairs = (self.env, self.labels, self.log_options, self.options)
        texts = [text for each in pairs for text in values.words([*each.values()])]
        in_volumes = (name for each in self.volumes for name in volumes.variables(each))
        return tuple(dict.fromkeys((*host_variables.names(texts), *in_volumes)))

    def completed(self, variables: Mapping[str, str]) -> ContainerSpec:
        """Expand the variables of the server; raises ArgumentError for one that is not set."""

        def text(field: str, value: object) -> Any:
            if isinstance(value, (list, tuple)):
                return tuple(text(field, each) for each in value)
            if isinstance(value, str):
                return host_variables.expand(value, variables, field)
            return value

        def pairs(field: str, given: Mapping[str, Any]) -> dict[str, Any]:
            return {name: text(f"{field}/{name}", value) for name, value in given.items()}

        return replace(
            self,
            env=pairs("env", self.env),
            labels=pairs("labels", self.labels),
            log_options=pairs("logging/options", self.log_options),
            options=pairs("options", self.options),
            volumes=tuple(volumes.expand(each, variables) for each in self.volumes),
        )

    def drift(self, container: Container, state: HostState) -> tuple[Change, ...]:
        """List the changes that a container needs."""
        return tuple(_Comparison(self._with_options(), container, state).changes())

    def _with_options(self) -> ContainerSpec:
        """Merge options that duplicate a field into that field."""
        options = self.options
        return replace(
            self,
            env={**self.env, **values.pairs(options.get("env"))},
            volumes=(*self.volumes, *values.words(options.get("volume"))),
            ports=(*self.ports, *values.words(options.get("publish"))),
            labels={**self.labels, **values.pairs(options.get("label"))},
            restart=str(options.get("restart", self.restart)),
            log_driver=options.get("log-driver", self.log_driver),  # type: ignore[arg-type]
            log_options={**self.log_options, **values.pairs(options.get("log-opt"))},
        )


@dataclass(frozen=True, slots=True)
class _Comparison:
    spec: ContainerSpec
    container: Container
    state: HostState

    @property
    def _image(self) -> Image | None:
        return self.state.image(self.spec.image) or self.state.image(self.container.image)

    @property
    def _is_ours(self) -> bool:
        return SPEC_LABEL in self.container.labels

    def changes(self) -> Iterator[Change]:
        yield from self._image_change()
        yield from self._command_change()
        yield from self._env_changes()
        yield from self._secret_changes()
        yield from self._volume_changes()
        yield from compare_sets(
            "port",
            values.bound_ports(self.container.host_config.get("PortBindings")),
            values.port_bindings(self.spec.ports),
        )
        yield from self._label_changes()
        yield from self._network_changes()
        yield from compare("restart", self._restart(), self.spec.restart)
        yield from self._log_changes()
        yield from self._option_changes()

    def _image_change(self) -> Iterator[Change]:
        was, will = str(self.container.config.get("Image", "")), self.spec.image
        wanted = self.state.image(will)
        if familiar(was) != familiar(will):
            yield Change("image", was, will)
        elif wanted is not None and wanted.id != self.container.image:
            ids = (each[:19] for each in (self.container.image, wanted.id))
            yield Change("image", *(f"{will} ({each})" for each in ids))

    def _command_change(self) -> Iterator[Change]:
        brought: object = ()
        if self._image and "entrypoint" not in self.spec.options:
            brought = self._image.config.get("Cmd") or ()
        was = values.words(self.container.config.get("Cmd"))
        yield from compare("cmd", was, list(self.spec.command) or values.words(brought))

    def _env_changes(self) -> Iterator[Change]:
        for name, value in self.spec.env.items():
            was = self.container.env.get(name)
            if was is None and name in self.container.hidden:
                if self.container.hidden[name] not in self._digests(name, value):
                    yield Change(f"env/{name}", SECRET, value)
            elif was is None and value == "" and not self._is_ours:
                continue  # Kamal gives an empty variable as --env NAME, which docker leaves out
            elif was is None or value != was:
                yield Change(f"env/{name}", was, value)
        expected = {*self.spec.env, *self.spec.secret_variables, *self.container.brought}
        for name in sorted({*self.container.env, *self.container.hidden} - expected):
            yield Change(f"env/{name}", self.container.env.get(name, SECRET), None)

    def _secret_changes(self) -> Iterator[Change]:
        for name, secret in self.spec.secret_variables.items():
            if name in self.spec.env:
                continue  # docker lets --env win over --env-file
            was = self.container.hidden.get(name)
            if was is None:
                yield Change(f"env/{name}", None, SECRET)
            elif was not in self._digests(name, secret.reveal()):
                yield Change(f"env/{name}", SECRET, SECRET)
        wanted = self.spec.secrets if self.spec.secrets_as_files else {}
        yield from secret_files.changes(self.container.secrets, wanted, self.state)

    def _digests(self, name: str, value: str) -> frozenset[str]:
        digests = env_digests(self.state.key, name, value)
        if not self._is_ours:
            digests |= env_digests(self.state.key, name, as_kamal_wrote(value))
        return digests

    def _volume_changes(self) -> Iterator[Change]:
        was = {each.removesuffix(":rw") for each in self.container.host_config.get("Binds") or ()}
        was |= {*(self.container.config.get("Volumes") or ())}
        brought = {*((self._image.config.get("Volumes") if self._image else None) or ())}
        will = {
            volumes.absolute(each, self.state.home).removesuffix(":rw")
            for each in self.spec.volumes
        }
        yield from compare_sets("volume", was - (brought - will), will - (brought - was))

    def _label_changes(self) -> Iterator[Change]:
        brought = (self._image.config.get("Labels") if self._image else None) or {}
        was = {
            label: value
            for label, value in self.container.labels.items()
            if label != SPEC_LABEL and brought.get(label) != value
        }
        will = {
            label: value for label, value in self.spec.labels.items() if brought.get(label) != value
        }
        yield from _pair_changes("label", was, will)

    def _network_changes(self) -> Iterator[Change]:
        network = str(self.container.host_config.get("NetworkMode", ""))
        yield from compare("network", network, self.spec.network)
        hostname = str(self.container.config.get("Hostname", ""))
        if "hostname" in self.spec.options:
            yield from compare("hostname", hostname, str(self.spec.options["hostname"]))
        elif self.spec.hostname is not None and not hostname.startswith(self.spec.hostname):
            yield Change("hostname", hostname, self.spec.hostname)

    def _restart(self) -> str:
        policy = self.container.host_config.get("RestartPolicy") or {}
        name, count = policy.get("Name") or "no", policy.get("MaximumRetryCount")
        return f"{name}:{count}" if count else name

    def _log_changes(self) -> Iterator[Change]:
        logging = self.container.host_config.get("LogConfig") or {}
        if self.spec.log_driver is not None:
            yield from compare("log-driver", logging.get("Type"), self.spec.log_driver)
        yield from _pair_changes("log-opt", logging.get("Config") or {}, self.spec.log_options)

    def _option_changes(self) -> Iterator[Change]:
        remembered, wanted = self._remembered(), json.loads(self.spec.remembered)
        for flag in sorted({*wanted, *remembered} - {*READERS}):
            if self._is_ours:
                yield from compare(f"options/{flag}", remembered.get(flag), wanted.get(flag))
        for flag, reader in READERS.items():
            if self.spec.options.get("no-healthcheck") and reader.key == "Healthcheck":
                continue
            value = self.spec.options.get(flag)
            if value is not None or flag in remembered or not reader.daemon:
                was, will = reader.actual(self.container), reader.wanted(value, self._image)
                yield from compare(f"options/{flag}", was, will)

    def _remembered(self) -> Mapping[str, Any]:
        try:
            read = json.loads(self.container.labels.get(SPEC_LABEL, "{}"))
        except ValueError:
            return {}
        return read if isinstance(read, dict) else {}


def _pair_changes(field: str, was: Mapping[str, str], will: Mapping[str, str]) -> Iterator[Change]:
    for name in sorted({*was, *will}):
        yield from compare(f"{field}/{name}", was.get(name), will.get(name))
