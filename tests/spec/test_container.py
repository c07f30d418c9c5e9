"""How a running container differs from what it should be, one field at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest

from kamalpy.errors import ArgumentError
from kamalpy.secrets import Secret
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.state import HostState

V2 = "registry.example.com/acme/blog:v2"

# what is written differently, and all that is said of it
CHANGES: list[tuple[dict[str, Any], list[str]]] = [
    ({"name": "another"}, []),
    (
        {"image": "registry.example.com/acme/blog:v3"},
        ["image: registry.example.com/acme/blog:v1 -> registry.example.com/acme/blog:v3"],
    ),
    (
        {"image": V2},
        [
            f"image: registry.example.com/acme/blog:v1 -> {V2}",
            "options/health-cmd: true -> NONE",
        ],
    ),
    ({"command": ("bin/jobs",)}, ["cmd: bin/rails server -b 0.0.0.0 -> bin/jobs"]),
    ({"command": ()}, ["cmd: bin/rails server -b 0.0.0.0 -> bin/rails server"]),
    (
        {"env": {"RAILS_ENV": "test", "GREETING": "hello root!"}},
        ["env/RAILS_ENV: production -> test"],
    ),
    (
        {"env": {"RAILS_ENV": "", "GREETING": "hello root!"}},
        ["env/RAILS_ENV: production -> ''"],
    ),
    ({"env": {"GREETING": "hello root!"}}, []),  # the image brings it
    ({"env": {"RAILS_ENV": "production"}}, ["env/GREETING: hello root! -> (none)"]),
    (
        {"env": {"RAILS_ENV": "production", "GREETING": "hello root!", "NEW": "x"}},
        ["env/NEW: (none) -> x"],
    ),
    (
        {"env": {"RAILS_ENV": "production", "GREETING": "bye root!"}},
        ["env/GREETING: hello root! -> bye root!"],
    ),
    ({"secrets": {}}, ["env/DATABASE_URL: (secret) -> (none)", "env/KEY: (secret) -> (none)"]),
    ({"env_file": "elsewhere.env"}, []),
    (
        {"secrets_as_files": True},
        [
            "env/DATABASE_URL: (secret) -> (none)",
            "env/KEY: (secret) -> (none)",
            "/run/secrets/DATABASE_URL: (none) -> (secret)",
            "/run/secrets/KEY: (none) -> (secret)",
        ],
    ),
    ({"secrets_owner": "app"}, []),  # whose files they would be if they were files
    (
        {"volumes": ("uploads:/rails/uploads",)},
        ["volume: /home/app/.kamal/apps/blog/assets/volumes/web-v1:/rails/public -> (none)"],
    ),
    ({"ports": ()}, ["port: 127.0.0.1:18080:3000/tcp -> (none)"]),
    (
        {"ports": ("18080:3000",)},
        ["port: 127.0.0.1:18080:3000/tcp -> (none)", "port: (none) -> :18080:3000/tcp"],
    ),
    (
        {"labels": {"service": "blog", "role": "job", "destination": "", "more": "x"}},
        ["label/more: (none) -> x", "label/motto: it's root -> (none)", "label/role: web -> job"],
    ),
    ({"network": "backend"}, ["network: kamal -> backend"]),
    ({"hostname": "h2-"}, ["hostname: h1-67f7b1d0a848 -> h2-"]),
    ({"hostname": None}, []),
    ({"restart": "no"}, ["restart: unless-stopped -> no"]),
    ({"restart": "on-failure:3"}, ["restart: unless-stopped -> on-failure:3"]),
    ({"log_driver": "local"}, ["log-driver: json-file -> local"]),
    ({"log_driver": None}, []),
    ({"log_options": {"max-size": "10k"}}, ["log-opt/max-size: 10m -> 10k"]),
    ({"log_options": {}}, ["log-opt/max-size: 10m -> (none)"]),
    (
        {"options": {"memory": "1g", "cpus": "1.5", "tmpfs": "/scratch:size=1m"}},
        ["options/memory: 536870912 -> 1073741824"],
    ),
    (
        {"options": {"memory": "512m", "cpus": 1.5, "tmpfs": "/tmp"}},
        ["options/tmpfs: /scratch:size=1m -> /tmp"],
    ),
    ({"options": {"memory": "512m", "cpus": 1.5}}, ["options/tmpfs: /scratch:size=1m -> (none)"]),
    ({"options": {"cpus": 1.5, "tmpfs": "/scratch:size=1m"}}, ["options/memory: 536870912 -> 0"]),
]


def said(spec: ContainerSpec, state: HostState) -> list[str]:
    return [str(change) for change in spec.drift(state.containers[0], state)]


def test_a_container_that_is_as_it_should_be(spec: ContainerSpec, state: HostState) -> None:
    assert said(spec, state) == []


@pytest.mark.parametrize(("written", "expected"), CHANGES, ids=str)
def test_one_thing_is_written_differently(
    spec: ContainerSpec, state: HostState, written: dict[str, Any], expected: list[str]
) -> None:
    assert expected == said(replace(spec, **written), state)


def test_every_field_is_in_the_table() -> None:
    assert {field.name for field in fields(ContainerSpec)} == {
        name for written, _ in CHANGES for name in written
    }


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (
            {"HostConfig": {"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 5}}},
            ["restart: on-failure:5 -> unless-stopped"],
        ),
        ({"HostConfig": {"RestartPolicy": {"Name": ""}}}, ["restart: no -> unless-stopped"]),
        (
            {"HostConfig": {"Binds": ["uploads:/rails/uploads:rw", "/etc:/etc:ro"]}},
            [
                "volume: /etc:/etc:ro -> (none)",
                "volume: (none) -> /home/app/.kamal/apps/blog/assets/volumes/web-v1:/rails/public",
            ],
        ),
        (
            {"Config": {"Volumes": {"/rails/storage": {}, "/anonymous": {}}}},
            ["volume: /anonymous -> (none)"],
        ),
        ({"Config": {"Volumes": None}}, []),
        ({"Config": {"Cmd": None}}, ["cmd: (none) -> bin/rails server -b 0.0.0.0"]),
        ({"Config": {"User": "root"}}, ["options/user: root -> 1000:1000"]),
        ({"Config": {"WorkingDir": ""}}, ["options/workdir: (none) -> /rails"]),
    ],
    ids=str,
)
def test_one_thing_is_found_differently(
    spec: ContainerSpec,
    host_with: Callable[..., HostState],
    found: dict[str, Any],
    expected: list[str],
) -> None:
    assert expected == said(spec, host_with(**found))


def test_the_same_tag_with_another_content(spec: ContainerSpec, told: dict[str, Any]) -> None:
    told["images"][0]["id"] = "sha256:feedfeedfeedfeed"

    assert said(spec, HostState.from_facts(told, "key")) == [
        "image: registry.example.com/acme/blog:v1 (sha256:1f749fb82622)"
        " -> registry.example.com/acme/blog:v1 (sha256:feedfeedfeed)"
    ]


def test_the_same_content_by_another_name(spec: ContainerSpec, told: dict[str, Any]) -> None:
    told["images"][0]["tags"].append("registry.example.com/acme/blog:latest")
    state = HostState.from_facts(told, "key")

    assert said(replace(spec, image="registry.example.com/acme/blog"), state) == [
        "image: registry.example.com/acme/blog:v1 -> registry.example.com/acme/blog"
    ]


@pytest.mark.parametrize("name", ["nginx", "nginx:latest", "docker.io/library/nginx"])
def test_the_same_name_spelled_otherwise(
    spec: ContainerSpec, told: dict[str, Any], name: str
) -> None:
    told["containers"][0]["inspect"]["Config"]["Image"] = "nginx:latest"
    told["images"][0]["tags"] = ["nginx:latest"]

    assert said(replace(spec, image=name), HostState.from_facts(told, "key")) == []


def test_an_image_that_nobody_knows_any_more(spec: ContainerSpec, told: dict[str, Any]) -> None:
    told["images"] = []
    state = HostState.from_facts(told, "key")
    without = {
        "user": "1000:1000",
        "workdir": "/rails",
        "stop-signal": "SIGTERM",
        "health-cmd": "true",
        "health-interval": "10s",
    }

    assert said(replace(spec, options={**spec.options, **without}), state) == [
        "volume: /rails/storage -> (none)",
        "label/org.opencontainers.image.title: blog -> (none)",
    ]
    assert "image: registry.example.com/acme/blog:v1 -> blog:v2" in said(
        replace(spec, image="blog:v2"), state
    )


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("DATABASE_URL", "rotated", ["env/DATABASE_URL: changes (secret)"]),
        ("KEY", "-----BEGIN\nabc\n-----END", ["env/KEY: changes (secret)"]),
        ("TOKEN", "new", ["env/TOKEN: (none) -> (secret)"]),
        ("RAILS_ENV", "env wins over env_file", []),
    ],
)
def test_a_secret(
    spec: ContainerSpec, state: HostState, name: str, value: str, expected: list[str]
) -> None:
    secrets = {**spec.secrets, name: Secret.of(name, value)}

    assert expected == said(replace(spec, secrets=secrets), state)


def test_a_secret_becomes_a_clear_value(spec: ContainerSpec, state: HostState) -> None:
    same = {**spec.env, "DATABASE_URL": "postgres://blog:hunter2@db"}
    other = {**spec.env, "DATABASE_URL": "postgres://db"}

    assert said(replace(spec, env=same), state) == []
    assert said(replace(spec, env=other), state) == ["env/DATABASE_URL: (secret) -> postgres://db"]


def test_no_change_shows_a_secret(spec: ContainerSpec, state: HostState) -> None:
    secrets = {name: Secret.of(name, "s3cret") for name in ("DATABASE_URL", "TOKEN")}

    changes = replace(spec, secrets=secrets).drift(state.containers[0], state)

    assert len(changes) == 3
    assert "hunter2" not in repr(changes)
    assert "s3cret" not in repr(changes)


def test_variables_of_the_server(spec: ContainerSpec) -> None:
    described = replace(
        spec,
        env={"URL": "http://${NAME}/", "HOSTILE": "${HOSTILE}"},
        labels={"on": "${NAME}"},
        log_options={"tag": "${NAME}"},
        options={"memory": "${MEMORY:-1g}", "add-host": ["a:${IP}"], "init": True},
        volumes=("$BASE/x:/y", "$PWD/z:/z"),
    )
    values = {"NAME": "h1", "IP": "192.0.2.1", "BASE": "/srv", "HOSTILE": "$(id) ${NAME}"}

    assert set(described.variables) == {*values, "MEMORY"}
    assert described.completed(values) == replace(
        spec,
        env={"URL": "http://h1/", "HOSTILE": "$(id) ${NAME}"},
        labels={"on": "h1"},
        log_options={"tag": "h1"},
        options={"memory": "1g", "add-host": ("a:192.0.2.1",), "init": True},
        volumes=("/srv/x:/y", "$PWD/z:/z"),
    )


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ({"env": {"X": "${NONE}"}}, "env/X"),
        ({"labels": {"x": "${NONE}"}}, "labels/x"),
        ({"options": {"memory": "${NONE}"}}, "options/memory"),
        ({"volumes": ("$NONE/x:/y",)}, "volumes"),
    ],
)
def test_a_variable_that_is_not_set(
    spec: ContainerSpec, written: dict[str, Any], field: str
) -> None:
    with pytest.raises(ArgumentError) as error:
        replace(spec, **written).completed({})
    assert str(error.value).startswith(f"{field}: NONE is not set on the server; ")
