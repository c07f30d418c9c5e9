"""Flags among the options that say what a field of the container says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.state import HostState

# written in options, what it makes of the container, and what is said if it is not there
FLAGS: list[tuple[dict[str, object], dict[str, Any], list[str]]] = [
    ({"env": "A=1"}, {}, ["env/A: (none) -> 1"]),
    (
        {"hostname": "web"},
        {"Config": {"Hostname": "web"}},
        ["hostname: h1-67f7b1d0a848 -> web"],
    ),
    ({"label": ["a=1", "b="]}, {}, ["label/a: (none) -> 1", "label/b: (none) -> ''"]),
    (
        {"log-opt": "max-file=3"},
        {
            "HostConfig": {
                "LogConfig": {"Type": "json-file", "Config": {"max-size": "10m", "max-file": "3"}}
            }
        },
        ["log-opt/max-file: (none) -> 3"],
    ),
    (
        {"log-driver": "local"},
        {"HostConfig": {"LogConfig": {"Type": "local", "Config": {"max-size": "10m"}}}},
        ["log-driver: json-file -> local"],
    ),
    (
        {"publish": ["9000:9000/udp"]},
        {
            "HostConfig": {
                "PortBindings": {
                    "3000/tcp": [{"HostIp": "127.0.0.1", "HostPort": "18080"}],
                    "9000/udp": [{"HostIp": "", "HostPort": "9000"}],
                }
            }
        },
        ["port: (none) -> :9000:9000/udp"],
    ),
    (
        {"restart": "always"},
        {"HostConfig": {"RestartPolicy": {"Name": "always"}}},
        ["restart: unless-stopped -> always"],
    ),
    (
        {"volume": "/etc:/mnt:ro"},
        {
            "HostConfig": {
                "Binds": [
                    "uploads:/rails/uploads",
                    "/home/app/.kamal/apps/blog/assets/volumes/web-v1:/rails/public",
                    "/etc:/mnt:ro",
                ]
            }
        },
        ["volume: (none) -> /etc:/mnt:ro"],
    ),
]


def said(spec: ContainerSpec, state: HostState) -> list[str]:
    return [str(change) for change in spec.drift(state.containers[0], state)]


@pytest.mark.parametrize(("flag", "_", "expected"), FLAGS, ids=str)
def test_it_comes(
    spec: ContainerSpec, state: HostState, flag: dict[str, object], _: object, expected: list[str]
) -> None:
    assert expected == said(replace(spec, options={**spec.options, **flag}), state)


@pytest.mark.parametrize(("flag", "found", "_"), [row for row in FLAGS if row[1]], ids=str)
def test_it_is_there(
    spec: ContainerSpec,
    host_with: Callable[..., HostState],
    flag: dict[str, object],
    found: dict[str, Any],
    _: object,
) -> None:
    assert said(replace(spec, options={**spec.options, **flag}), host_with(**found)) == []


def test_it_is_not_remembered_twice(spec: ContainerSpec) -> None:
    for flag, _, _ in FLAGS:
        assert replace(spec, options=flag).remembered == "{}"


def test_labels_and_variables_are_there(
    spec: ContainerSpec, host_with: Callable[..., HostState], state: HostState
) -> None:
    labels = {**state.containers[0].labels, "a": "1"}
    options = {**spec.options, "label": "a=1", "env": "KEY=-----BEGIN\nabc\n-----END\n"}

    assert said(replace(spec, options=options), host_with(Config={"Labels": labels})) == []


NO_CHECK = {"Healthcheck": {"Test": ["NONE"]}}


class TestWithoutHealthcheck:
    """``no-healthcheck`` leaves a check of its own kind, and no times."""

    def test_is_there(self, spec: ContainerSpec, host_with: Callable[..., HostState]) -> None:
        options = {**spec.options, "no-healthcheck": True}
        label = {"kamalpy.spec": '{"no-healthcheck":true,"tmpfs":"/scratch:size=1m"}'}
        labels = {"Labels": {**host_with().containers[0].labels, **label}}

        state = host_with(Config={**NO_CHECK, **labels})

        assert said(replace(spec, options=options), state) == []

    def test_comes(self, spec: ContainerSpec, state: HostState) -> None:
        options = {**spec.options, "no-healthcheck": True}

        assert said(replace(spec, options=options), state) == [
            "options/no-healthcheck: (none) -> true"
        ]

    def test_goes(self, spec: ContainerSpec, host_with: Callable[..., HostState]) -> None:
        assert said(spec, host_with(Config=NO_CHECK)) == [
            "options/health-cmd: NONE -> true",
            "options/health-interval: 0 -> 10000000000",
        ]


class TestMemory:
    """What ``docker inspect`` does not tell stands in a label."""

    def test_lists_are_lists_however_they_are_written(
        self, spec: ContainerSpec, host_with: Callable[..., HostState], state: HostState
    ) -> None:
        label = {"kamalpy.spec": '{"tmpfs":["/a","/b"]}'}
        labels = {"Labels": {**state.containers[0].labels, **label}}
        options = {"memory": "512m", "cpus": 1.5, "tmpfs": ("/a", "/b")}

        assert said(replace(spec, options=options), host_with(Config=labels)) == []

    @pytest.mark.parametrize("label", ["", "{", "[]", "null", "7", '"x"'])
    def test_a_label_that_is_none(
        self,
        spec: ContainerSpec,
        host_with: Callable[..., HostState],
        state: HostState,
        label: str,
    ) -> None:
        labels = {"Labels": {**state.containers[0].labels, "kamalpy.spec": label}}

        assert said(spec, host_with(Config=labels)) == ["options/tmpfs: (none) -> /scratch:size=1m"]

    def test_is_as_short_as_it_can_be(self, spec: ContainerSpec) -> None:
        options = {"tmpfs": ["/a"], "gpus": "all", "memory": "1g", "dns": "1.1.1.1"}

        assert (
            replace(spec, options=options).remembered
            == '{"dns":"1.1.1.1","gpus":"all","tmpfs":["/a"]}'
        )
