"""Flags of ``docker run``, as an engine keeps them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.options import READERS
from kamalpy.spec.state import HostState


def health(**more: object) -> dict[str, Any]:
    """Show the image's own check, a little changed."""
    return {"Healthcheck": {"Test": ["CMD-SHELL", "true"], "Interval": 10**10, **more}}


# flag, what is written, what `docker inspect` then shows, and the change where it shows nothing
FLAGS: list[tuple[str, object, dict[str, Any], str]] = [
    ("add-host", "db:10.0.0.5", {"ExtraHosts": ["db:10.0.0.5"]}, "(none) -> db:10.0.0.5"),
    (
        "add-host",
        ["db=10.0.0.5", "gw:host-gateway"],
        {"ExtraHosts": ["gw:host-gateway", "db:10.0.0.5"]},
        "(none) -> db:10.0.0.5, gw:host-gateway",
    ),
    ("add-host", "v6=[::1]", {"ExtraHosts": ["v6:::1"]}, "(none) -> v6:::1"),
    ("cap-add", "net_admin", {"CapAdd": ["CAP_NET_ADMIN"]}, "(none) -> NET_ADMIN"),
    ("cap-drop", ["ALL"], {"CapDrop": ["ALL"]}, "(none) -> ALL"),
    ("cpu-period", 50000, {"CpuPeriod": 50000}, "0 -> 50000"),
    ("cpu-quota", "25000", {"CpuQuota": 25000}, "0 -> 25000"),
    ("cpu-shares", 512, {"CpuShares": 512}, "0 -> 512"),
    ("cpus", "0.5", {"NanoCpus": 500000000}, "1500000000 -> 500000000"),
    ("cpuset-cpus", "0", {"CpusetCpus": "0"}, "(none) -> 0"),
    ("cpuset-mems", 0, {"CpusetMems": "0"}, "(none) -> 0"),
    ("dns", ["1.1.1.1", "8.8.8.8"], {"Dns": ["1.1.1.1", "8.8.8.8"]}, "(none) -> 1.1.1.1, 8.8.8.8"),
    ("dns-search", "example.com", {"DnsSearch": ["example.com"]}, "(none) -> example.com"),
    ("entrypoint", "bin/entry", {"Entrypoint": ["bin/entry"]}, "(none) -> bin/entry"),
    ("group-add", [29], {"GroupAdd": ["29"]}, "(none) -> 29"),
    (
        "health-cmd",
        "curl -f localhost",
        health(Test=["CMD-SHELL", "curl -f localhost"]),
        "true -> curl -f localhost",
    ),
    ("health-interval", "1m30s", health(Interval=90 * 10**9), "10000000000 -> 90000000000"),
    ("health-retries", 3, health(Retries=3), "0 -> 3"),
    ("health-start-period", "5s", health(StartPeriod=5 * 10**9), "0 -> 5000000000"),
    ("health-timeout", "500ms", health(Timeout=5 * 10**8), "0 -> 500000000"),
    ("init", True, {"Init": True}, "false -> true"),
    ("memory", "0.5G", {"Memory": 2**29}, "1048576 -> 536870912"),
    ("memory-reservation", "32MB", {"MemoryReservation": 2**25}, "0 -> 33554432"),
    ("pids-limit", 100, {"PidsLimit": 100}, "0 -> 100"),
    ("privileged", True, {"Privileged": True, "SecurityOpt": ["label=disable"]}, "false -> true"),
    ("read-only", "true", {"ReadonlyRootfs": True}, "false -> true"),
    (
        "security-opt",
        ["no-new-privileges:true"],
        {"SecurityOpt": ["no-new-privileges:true"]},
        "(none) -> no-new-privileges:true",
    ),
    ("shm-size", "1g", {"ShmSize": 2**30}, "67108864 -> 1073741824"),
    ("stop-signal", "SIGINT", {"StopSignal": "SIGINT"}, "SIGTERM -> SIGINT"),
    ("stop-timeout", 42, {"StopTimeout": 42}, "0 -> 42"),
    (
        "sysctl",
        "net.core.somaxconn=1024",
        {"Sysctls": {"net.core.somaxconn": "1024"}},
        "(none) -> net.core.somaxconn=1024",
    ),
    ("tty", True, {"Tty": True}, "false -> true"),
    (
        "ulimit",
        ["nofile=1024:2048", "nproc=10"],
        {
            "Ulimits": [
                {"Name": "nofile", "Hard": 2048, "Soft": 1024},
                {"Name": "nproc", "Hard": 10, "Soft": 10},
            ]
        },
        "(none) -> nofile=1024:2048, nproc=10:10",
    ),
    ("user", "nobody", {"User": "nobody"}, "1000:1000 -> nobody"),
    ("workdir", "/srv/app/", {"WorkingDir": "/srv/app"}, "/rails -> /srv/app"),
]


def said(spec: ContainerSpec, state: HostState) -> list[str]:
    return [str(change) for change in spec.drift(state.containers[0], state)]


def part_of(flag: str) -> str:
    return "Config" if READERS[flag].image else "HostConfig"


@pytest.fixture
def plain(spec: ContainerSpec) -> ContainerSpec:
    """The container with no option but a memory limit of one megabyte."""
    return replace(spec, options={"cpus": 1.5, "memory": "1m", "tmpfs": "/scratch:size=1m"})


@pytest.fixture
def host(host_with: Callable[..., HostState]) -> Callable[..., HostState]:
    """Make a state of a container with that memory limit, and a little more."""

    def with_flag(flag: str | None = None, found: dict[str, Any] | None = None) -> HostState:
        parts: dict[str, dict[str, Any]] = {"HostConfig": {"Memory": 2**20}, "Config": {}}
        parts[part_of(flag) if flag else "Config"].update(found or {})
        return host_with(**parts)

    return with_flag


def test_every_flag_that_can_be_read_back_is_in_the_table() -> None:
    assert {*READERS} == {flag for flag, *_ in FLAGS}


@pytest.mark.parametrize(("flag", "written", "found", "_"), FLAGS)
def test_a_flag_is_found_as_it_is_written(
    plain: ContainerSpec,
    host: Callable[..., HostState],
    flag: str,
    written: object,
    found: dict[str, Any],
    _: str,
) -> None:
    spec = replace(plain, options={**plain.options, flag: written})

    assert said(spec, host(flag, found)) == []


@pytest.mark.parametrize(("flag", "written", "_", "change"), FLAGS)
def test_a_flag_comes(
    plain: ContainerSpec,
    host: Callable[..., HostState],
    flag: str,
    written: object,
    _: object,
    change: str,
) -> None:
    spec = replace(plain, options={**plain.options, flag: written})

    assert said(spec, host()) == [f"options/{flag}: {change}"]


@pytest.mark.parametrize(
    ("flag", "_", "found", "change"),
    [row for row in FLAGS if not READERS[row[0]].daemon and row[0] not in ("cpus", "memory")],
)
def test_a_flag_goes(
    plain: ContainerSpec,
    host: Callable[..., HostState],
    flag: str,
    _: object,
    found: dict[str, Any],
    change: str,
) -> None:
    was, will = change.split(" -> ")

    assert [f"options/{flag}: {will} -> {was}"] == said(plain, host(flag, found))


@pytest.mark.parametrize("flag", [flag for flag, reader in READERS.items() if reader.daemon])
def test_a_flag_that_the_engine_may_have_set_goes_only_if_it_was_ours(
    plain: ContainerSpec, host_with: Callable[..., HostState], flag: str
) -> None:
    written, found = next((row[1], row[2]) for row in FLAGS if row[0] == flag)
    remembered = replace(plain, options={**plain.options, flag: written}).remembered
    parts = {"HostConfig": {"Memory": 2**20, **found}}

    assert said(plain, host_with(**parts)) == []
    told = said(plain, host_with(**parts, Config={"Labels": {"kamalpy.spec": remembered}}))
    assert [change.partition(":")[0] for change in told if change.startswith("options")] == [
        f"options/{flag}"
    ]
