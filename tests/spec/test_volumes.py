"""Volumes and ports in every notation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.state import HostState

# what is written, and what an engine makes of it for a user whose home is /home/app
VOLUMES = [
    ("data:/data", "data:/data"),
    ("data:/data:rw", "data:/data"),
    ("data:/data:ro", "data:/data:ro"),
    ("/srv/data:/data", "/srv/data:/data"),
    ("/srv/data:/data:ro,z", "/srv/data:/data:ro,z"),
    ("~/data:/data", "/home/app/data:/data"),
    ("~:/data", "/home/app:/data"),
    ("./data:/data", "/home/app/data:/data"),
    (".:/data", "/home/app:/data"),
    ("data/files:/data", "/home/app/data/files:/data"),
    ("$PWD/data:/data:ro", "/home/app/data:/data:ro"),
    ("${PWD}/data:/data", "/home/app/data:/data"),
    ("$HOME/data:/data", "/home/app/data:/data"),
    ("${HOME}/data:/data", "/home/app/data:/data"),
    (".hidden:/data", ".hidden:/data"),
    ("/with blanks/and 'quotes':/data", "/with blanks/and 'quotes':/data"),
]


def said(spec: ContainerSpec, state: HostState) -> list[str]:
    return [str(change) for change in spec.drift(state.containers[0], state)]


@pytest.mark.parametrize(("written", "found"), VOLUMES)
def test_a_volume(
    spec: ContainerSpec, host_with: Callable[..., HostState], written: str, found: str
) -> None:
    mounted = replace(spec, volumes=(written,))

    assert said(mounted, host_with(HostConfig={"Binds": [found]})) == []
    assert said(mounted, host_with(HostConfig={"Binds": None})) == [f"volume: (none) -> {found}"]


def test_an_anonymous_volume(spec: ContainerSpec, host_with: Callable[..., HostState]) -> None:
    mounted = replace(spec, volumes=("/cache",))
    found = {"/cache": {}, "/rails/storage": {}}

    state = host_with(HostConfig={"Binds": None}, Config={"Volumes": found})

    assert said(mounted, state) == []
    assert said(replace(spec, volumes=()), state) == ["volume: /cache -> (none)"]


def test_the_image_s_own_volume(spec: ContainerSpec, host_with: Callable[..., HostState]) -> None:
    mounted = replace(spec, volumes=("/rails/storage",))
    state = host_with(HostConfig={"Binds": None}, Config={"Volumes": {"/rails/storage": {}}})

    assert said(mounted, state) == []
    assert said(replace(spec, volumes=()), state) == []


PORTS = [
    ("3000", {"3000/tcp": [{"HostIp": "", "HostPort": ""}]}),
    ("80:3000", {"3000/tcp": [{"HostIp": "", "HostPort": "80"}]}),
    ("80:3000/udp", {"3000/udp": [{"HostIp": "", "HostPort": "80"}]}),
    ("0.0.0.0:80:3000", {"3000/tcp": [{"HostIp": "0.0.0.0", "HostPort": "80"}]}),
    ("80:3000", {"3000/tcp": [{"HostIp": "0.0.0.0", "HostPort": "80"}]}),
    ("127.0.0.1:80:3000", {"3000/tcp": [{"HostIp": "127.0.0.1", "HostPort": "80"}]}),
    ("127.0.0.1::3000", {"3000/tcp": [{"HostIp": "127.0.0.1", "HostPort": ""}]}),
    ("[::1]:80:3000", {"3000/tcp": [{"HostIp": "::1", "HostPort": "80"}]}),
    ("8000-8010:3000", {"3000/tcp": [{"HostIp": "", "HostPort": "8000-8010"}]}),
    (
        "8000-8001:3000-3001",
        {
            "3000/tcp": [{"HostIp": "", "HostPort": "8000"}],
            "3001/tcp": [{"HostIp": "", "HostPort": "8001"}],
        },
    ),
]


@pytest.mark.parametrize(("written", "found"), PORTS)
def test_a_port(
    spec: ContainerSpec,
    host_with: Callable[..., HostState],
    written: str,
    found: dict[str, object],
) -> None:
    published = replace(spec, ports=(written,))

    assert said(published, host_with(HostConfig={"PortBindings": found})) == []
    assert len(said(published, host_with(HostConfig={"PortBindings": {}}))) == len(found)
