"""Builders as buildx knows them: Kamal's names, Kamal's words."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from kamalpy.commands.builder import MISSING, Architectures, Buildx
from kamalpy.config import Builder

REMOTE = "ssh://builder@10.9.9.9:2222"
NAME = "kamal-hybrid-docker-container-ssh---builder-10-9-9-9-2222"


def builder(**keys: Any) -> Builder:
    return Builder.model_validate({"arch": "amd64", **keys})


def of(machine: str = "amd64", local_registry: bool = False, **keys: Any) -> Buildx:
    return Buildx.of(builder(**keys), machine, local_registry)


CASES: list[tuple[dict[str, Any], str, tuple[str, ...], tuple[str, ...]]] = [
    ({}, "local", ("amd64",), ()),
    ({"arch": ["amd64", "arm64"]}, "local", ("amd64", "arm64"), ()),
    ({"remote": REMOTE}, "local", ("amd64",), ()),
    ({"arch": "arm64", "remote": REMOTE}, "remote", (), ("arm64",)),
    ({"arch": ["amd64", "arm64"], "remote": REMOTE}, "hybrid", ("amd64",), ("arm64",)),
    ({"remote": REMOTE, "local": False}, "remote", (), ("amd64",)),
    ({"driver": "cloud org/one"}, "cloud", ("amd64",), ()),
    ({"pack": {"builder": "b"}}, "pack", ("amd64",), ()),
]


@pytest.mark.parametrize(("keys", "kind", "local", "remote"), CASES)
def test_kinds(
    keys: dict[str, Any], kind: str, local: tuple[str, ...], remote: tuple[str, ...]
) -> None:
    assert (of(**keys).kind, of(**keys).architectures) == (kind, Architectures(local, remote))


NAMES: list[tuple[dict[str, Any], bool, str | None]] = [
    ({}, False, "kamal-local-docker-container"),
    ({}, True, "kamal-local-registry-docker-container"),
    ({"driver": "kubernetes"}, False, "kamal-local-kubernetes"),
    ({"driver": "docker"}, False, None),
    ({"driver": "cloud docker-org-name/builder-name"}, False, "cloud-docker-org-name-builder-name"),
    ({"arch": ["amd64", "arm64"], "remote": REMOTE}, False, NAME),
    ({"arch": ["amd64", "arm64"], "remote": REMOTE}, True, f"{NAME}-local-registry"),
    ({"arch": "arm64", "remote": "ssh://App@h"}, False, "kamal-remote-ssh----pp-h"),
    ({"pack": {"builder": "b"}}, False, None),
]


@pytest.mark.parametrize(("keys", "local_registry", "name"), NAMES)
def test_names(keys: dict[str, Any], local_registry: bool, name: str | None) -> None:
    assert of(local_registry=local_registry, **keys).name == name


def words(commands: list[Any]) -> list[str]:
    return [shlex.join(each) for each in commands]


def test_a_local_builder() -> None:
    """golden/basic-build-create.txt and basic-build-remove.txt."""
    local = of()
    assert words(local.create()) == [
        "docker buildx create --name kamal-local-docker-container --driver=docker-container"
    ]
    assert local.inspect() == [(("docker", "buildx", "inspect", str(local.name)), "")]
    assert words(local.remove()) == ["docker buildx rm kamal-local-docker-container"]


def test_a_hybrid_builder() -> None:
    """golden/full-build-create.txt and full-build-push.txt."""
    hybrid = of(arch=["amd64", "arm64"], remote=REMOTE)
    assert words(hybrid.create()) == [
        f"docker buildx create --platform linux/amd64 --name {NAME} --driver=docker-container",
        f"docker context create {NAME}-context --description '{NAME} host' --docker host={REMOTE}",
        f"docker buildx create --platform linux/arm64 --append --name {NAME} {NAME}-context",
    ]
    inspected = [(shlex.join(each), pattern) for each, pattern in hybrid.inspect()]
    assert inspected == [
        (f"docker buildx inspect {NAME}", f"Endpoint:.*{NAME}-context".replace("-", r"\-")),
        (
            f"docker context inspect {NAME}-context --format '{{{{.Endpoints.docker.Host}}}}'",
            r"^ssh://builder@10\.9\.9\.9:2222$",
        ),
    ]
    assert words(hybrid.remove()) == [
        f"docker buildx rm {NAME}",
        f"docker context rm {NAME}-context",
    ]


def test_a_remote_builder_with_a_local_registry() -> None:
    """golden/local-deploy.txt."""
    name = "kamal-remote-ssh---builder-10-9-9-9-2222-local-registry"
    assert words(of(arch="arm64", remote=REMOTE, local_registry=True).create()) == [
        f"docker context create {name}-context --description '{name} host' --docker host={REMOTE}",
        f"docker buildx create --name {name} --driver-opt network=host {name}-context",
    ]


def test_a_cloud_builder() -> None:
    assert words(of(driver="cloud org/one").create()) == [
        "docker buildx create --driver cloud org/one"
    ]
    assert words(of(driver="cloud org/one").remove()) == ["docker buildx rm cloud-org-one"]


@pytest.mark.parametrize("keys", [{"driver": "docker"}, {"pack": {"builder": "b"}}])
def test_nothing_to_create(keys: dict[str, Any]) -> None:
    assert (of(**keys).create(), of(**keys).inspect(), of(**keys).remove()) == ([], [], [])


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ('ERROR: no builder "kamal-local-docker-container" found', True),
        ('context "x": context not found: open /root/.docker/contexts', True),
        ("ERROR: Cannot connect to the Docker daemon", False),
    ],
)
def test_whether_a_builder_is_missing(text: str, missing: bool) -> None:
    assert bool(MISSING.search(text)) == missing
