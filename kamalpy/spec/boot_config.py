"""The files of ``kamal proxy boot_config`` on a host: how to run the proxy."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kamalpy.spec.container import ContainerSpec

FOLDER = ".kamal/proxy"
_OPTIONS = "--publish 80:80 --publish 443:443 --log-opt max-size=10m"
_IMAGE = "basecamp/kamal-proxy"
_LETTERS = {"-p": "publish", "-v": "volume", "-e": "env", "-l": "label", "-m": "memory"}


@dataclass(frozen=True, slots=True)
class BootConfig:
    """Kamal's four files, each of them where it differs from the default."""

    options: str | None = None
    image: str | None = None
    image_version: str | None = None
    run_command: str | None = None

    @classmethod
    def from_options(
        cls,
        ports: Sequence[str] = (),
        log_max_size: str | None = None,
        registry: str | None = None,
        repository: str | None = None,
        image_version: str | None = None,
        metrics_port: int | None = None,
        debug: bool = False,
        docker_options: Sequence[str] = (),
    ) -> BootConfig:
        """Return what ``kamal proxy boot_config set`` writes; a default needs no file."""
        logged = ["--log-opt", f"max-size={log_max_size}"] if log_max_size else []
        exposed = [f"--expose={metrics_port}"] if metrics_port is not None else []
        published = [word for port in ports for word in ("--publish", port)]
        options = [*published, *logged, *exposed, *(f"--{each}" for each in docker_options)]
        image = "/".join(filter(None, (registry, repository or "basecamp", "kamal-proxy")))
        command = ["--debug"] if debug else []
        command += ["--metrics-port", f'"{metrics_port}"'] if metrics_port is not None else []
        return cls(
            options=None if options == _OPTIONS.split() else " ".join(options),
            image=None if image == _IMAGE else image,
            image_version=image_version,
            run_command=" ".join(("kamal-proxy", "run", *command)) if command else None,
        )

    def words(self, version: str) -> str:
        """Spell it as Kamal does: flags of ``docker run``, image, command."""
        options = _OPTIONS if self.options is None else self.options
        image = f"{self.image or _IMAGE}:{self.image_version or version}"
        return " ".join(filter(None, (options, image, self.run_command)))

    @classmethod
    def from_files(cls, files: Mapping[str, str]) -> BootConfig:
        """Return the configuration that a host's files hold."""
        return cls(**{name: files.get(name) for name in cls.__slots__})

    def over(self, spec: ContainerSpec) -> ContainerSpec:
        """Apply them to the proxy's container; raises ValueError for what cannot be read."""
        name, _, version = spec.image.rpartition(":")
        wanted = replace(spec, image=f"{self.image or name}:{self.image_version or version}")
        if self.run_command is not None:
            wanted = replace(wanted, command=tuple(shlex.split(self.run_command)))
        if self.options is not None:
            flags = _gathered(_flags(shlex.split(self.options)))
            wanted = replace(wanted, ports=(), log_options={}, options=flags)
        return wanted


def _flags(words: list[str]) -> Iterator[tuple[str, object]]:
    """Split words as docker does: ``--flag=value``, ``--flag value`` or a bare ``--flag``."""
    rest = list(words)
    while rest:
        word, separator, value = rest.pop(0).partition("=")
        if not word.startswith("--") and word not in _LETTERS:
            raise ValueError(f"{word!r} is no flag of docker run")
        flag = _LETTERS.get(word, word.removeprefix("--"))
        if separator:
            yield flag, value
        elif rest and not rest[0].startswith("-"):
            yield flag, rest.pop(0)
        else:
            yield flag, True


def _gathered(flags: Iterator[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, list[object]] = {}
    for flag, value in flags:
        found.setdefault(flag, []).append(value)
    return {flag: each if len(each) > 1 else each[0] for flag, each in found.items()}
