"""
Flags of ``docker run``, read back from ``docker inspect``.

Each reader knows where docker stores a flag's value, how to normalise what is written, and the
value without the flag (often the image's). Flags with no reader cannot be
read back; the container's ``kamalpy.spec`` label remembers them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from posixpath import normpath
from typing import Any

from kamalpy.spec import values
from kamalpy.spec.state import Container, Image

Config = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """How to read one flag back: ``key`` of HostConfig, or of Config with ``image`` behind it."""

    key: str
    normal: Callable[[Any], Any]
    absent: Any = None
    image: bool = False
    nested: str = ""
    daemon: bool = False  # with no flag, the engine's own settings decide: nothing to compare

    def actual(self, container: Container) -> Any:
        """Read what the container has."""
        if self.image:
            return self._dig(container.config)
        return self.normal(container.host_config.get(self.key)) or self.absent

    def wanted(self, value: Any, image: Image | None) -> Any:
        """Normalise what is written; with nothing written, what the image or docker brings."""
        if value is not None:
            return self.normal(value) or self.absent
        return self._dig(image.config) if self.image and image else self.absent

    def _dig(self, config: Config) -> Any:
        value = config.get(self.key)
        if self.nested:
            value = (value or {}).get(self.nested)
        return self.normal(value) or self.absent


def _set(value: Any) -> Any:
    return frozenset(values.words(value))


def _capabilities(value: Any) -> Any:
    return frozenset(each.upper().removeprefix("CAP_") for each in values.words(value))


def _host_entries(value: Any) -> Any:
    # written with either sign, stored with a colon
    return frozenset(
        re.sub(r"^([^:=]+)[:=]\[?(.*?)\]?$", r"\1:\2", each) for each in values.words(value)
    )


def _security(value: Any) -> Any:
    # docker adds this by itself where a container is privileged or shares the host's processes
    return _set(value) - {"label=disable"}


def _path(value: Any) -> Any:
    return normpath(str(value)) if value else None


def _limit(value: Any) -> Any:
    number = values.number(value)
    return 0 if isinstance(number, int) and number < 0 else number


def _text(value: Any) -> Any:
    return None if value is None else str(value)


def _cpus(value: Any) -> Any:
    # inspect's NanoCpus is above any number of CPUs that is written
    is_nano = isinstance(value, int) and value > 10**6
    return value if is_nano else values.nano_cpus(value)


def _nanoseconds(value: Any) -> Any:
    return value if isinstance(value, int) else values.duration(value or 0)


def _ulimits(value: Any) -> Any:
    several = value if isinstance(value, (list, tuple)) else values.words(value)
    return frozenset(_ulimit(each) for each in several)


def _ulimit(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{value['Name']}={value['Soft']}:{value['Hard']}"
    name, _, limits = str(value).partition("=")
    soft, _, hard = limits.partition(":")
    return f"{name}={soft}:{hard or soft}"


def _pairs(value: Any) -> Any:
    if isinstance(value, Mapping):
        return frozenset(f"{key}={each}" for key, each in value.items())
    return _set(value)


def _words(value: Any) -> Any:
    return tuple(values.words(value))


def _health_command(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return value[-1] if value else None
    return value


READERS: Mapping[str, Reader] = {
    "add-host": Reader("ExtraHosts", _host_entries, frozenset()),
    "cap-add": Reader("CapAdd", _capabilities, frozenset()),
    "cap-drop": Reader("CapDrop", _capabilities, frozenset()),
    "cpu-period": Reader("CpuPeriod", values.number, 0),
    "cpu-quota": Reader("CpuQuota", values.number, 0),
    "cpu-shares": Reader("CpuShares", values.number, 0),
    "cpus": Reader("NanoCpus", _cpus, 0),
    "cpuset-cpus": Reader("CpusetCpus", _text, None),
    "cpuset-mems": Reader("CpusetMems", _text, None),
    "dns": Reader("Dns", _set, frozenset(), daemon=True),
    "dns-search": Reader("DnsSearch", _set, frozenset(), daemon=True),
    "entrypoint": Reader("Entrypoint", _words, (), image=True),
    "group-add": Reader("GroupAdd", _set, frozenset()),
    "health-cmd": Reader("Healthcheck", _health_command, None, image=True, nested="Test"),
    "health-interval": Reader("Healthcheck", _nanoseconds, 0, image=True, nested="Interval"),
    "health-retries": Reader("Healthcheck", values.number, 0, image=True, nested="Retries"),
    "health-start-period": Reader("Healthcheck", _nanoseconds, 0, image=True, nested="StartPeriod"),
    "health-timeout": Reader("Healthcheck", _nanoseconds, 0, image=True, nested="Timeout"),
    "init": Reader("Init", values.truth, False, daemon=True),
    "memory": Reader("Memory", values.size, 0),
    "memory-reservation": Reader("MemoryReservation", values.size, 0),
    "pids-limit": Reader("PidsLimit", _limit, 0, daemon=True),
    "privileged": Reader("Privileged", values.truth, False),
    "read-only": Reader("ReadonlyRootfs", values.truth, False),
    "security-opt": Reader("SecurityOpt", _security, frozenset()),
    "shm-size": Reader("ShmSize", values.size, 64 * 1024**2, daemon=True),
    "stop-signal": Reader("StopSignal", _text, None, image=True),
    "stop-timeout": Reader("StopTimeout", values.number, 0, image=True),
    "sysctl": Reader("Sysctls", _pairs, frozenset()),
    "tty": Reader("Tty", values.truth, False, image=True),
    "ulimit": Reader("Ulimits", _ulimits, frozenset(), daemon=True),
    "user": Reader("User", _text, None, image=True),
    "workdir": Reader("WorkingDir", _path, None, image=True),
}
