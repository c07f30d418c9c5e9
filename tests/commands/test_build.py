"""Builds in the words of buildx and pack, as the golden transcripts of Kamal have them."""

from __future__ import annotations

import shlex
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.commands.build import Build
from kamalpy.commands.builder import Buildx
from kamalpy.config import Builder

REMOTE = "ssh://builder@10.9.9.9:2222"
IMAGE, LATEST = "ghcr.io/acme/shop:abc1234567890", "ghcr.io/acme/shop:latest"
BASIC = (
    "docker buildx build --output=type=registry --platform linux/amd64 --builder "
    "kamal-local-docker-container -t ghcr.io/acme/shop:abc1234567890 -t ghcr.io/acme/shop:latest "
    '--label service="shop" --file Dockerfile .'
)
FULL = (
    "docker buildx build --output=type=registry --platform linux/amd64,linux/arm64 --builder "
    "kamal-hybrid-docker-container-ssh---builder-10-9-9-9-2222 "
    "-t ghcr.io/acme/shop:abc1234567890 -t ghcr.io/acme/shop:latest "
    "--cache-to type=registry,ref=ghcr.io/acme/shop-build-cache,mode=max "
    "--cache-from type=registry,ref=ghcr.io/acme/shop-build-cache "
    '--label service="shop" --build-arg RUBY_VERSION="3.3" --secret id="SHARED_KEY" '
    "--file Dockerfile --target prod ."
)


def build(output: str = "registry", no_cache: bool = False, **keys: Any) -> Build:
    builder = Builder.model_validate({"arch": "amd64", **keys})
    buildx = Buildx.of(builder, "amd64")
    return Build(IMAGE, LATEST, "shop", builder, buildx, "ghcr.io", output, no_cache)


def test_golden_basic_build_push() -> None:
    assert build().commands() == [shlex.split(BASIC)]
    assert build().env() == {}


def test_golden_full_build_push() -> None:
    full = build(
        arch=["amd64", "arm64"],
        remote=REMOTE,
        target="prod",
        args={"RUBY_VERSION": 3.3},
        secrets=["SHARED_KEY"],
        cache={"type": "registry", "options": "mode=max"},
    )
    assert full.commands() == [shlex.split(FULL)]
    assert full.env() == {"BUILDKIT_NO_CLIENT_TOKEN": "1"}


WORDS: list[tuple[dict[str, Any], str]] = [
    (
        {"args": {"A": None, "B": False, "C": ""}},
        "--build-arg A --build-arg B=false --build-arg C=",
    ),
    ({"ssh": "default=/tmp/agent"}, "--file Dockerfile --ssh default=/tmp/agent ."),
    ({"provenance": "mode=max", "sbom": True}, "--provenance mode=max --sbom true ."),
    ({"provenance": False, "sbom": False}, "--provenance false --sbom false ."),
    ({"dockerfile": "docker/It's", "context": "./app"}, "--file 'docker/It'\"'\"'s' ./app"),
    ({"no_cache": True, "sbom": True}, "--sbom true --no-cache ."),
    ({"output": "docker"}, "docker buildx build --output=type=docker --platform"),
    ({"driver": "docker"}, "--platform linux/amd64 -t ghcr.io/acme/shop:abc1234567890"),
    ({"cache": {"type": False}}, "-t ghcr.io/acme/shop:latest --label"),
    (
        {"cache": {"type": "registry", "image": "kamal"}},
        "--cache-to type=registry,ref=ghcr.io/kamal --cache-from type=registry,ref=ghcr.io/kamal",
    ),
    (
        {"cache": {"type": "gha", "options": "mode=max,scope=app"}},
        "--cache-to type=gha,mode=max,scope=app --cache-from type=gha,scope=app --label",
    ),
]


@pytest.mark.parametrize(("keys", "words"), WORDS)
def test_words(keys: dict[str, Any], words: str) -> None:
    assert f" {words} " in f" {shlex.join(build(**keys).words())} "


@given(st.dictionaries(st.text(min_size=1), st.text()), st.text(), st.text(min_size=1))
def test_each_value_is_one_word(args: dict[str, str], target: str, name: str) -> None:
    words = build(args=args, target=target, secrets=[name]).words()
    assert [f"{key}={value}" for key, value in args.items()] == [
        after for word, after in pairwise(words) if word == "--build-arg"
    ]
    assert f"id={name}" in words
    assert words[list(words).index("--target") + 1] == target


PACK = (
    "pack build ghcr.io/acme/shop --platform linux/amd64 --creation-time now "
    "--builder heroku/builder:24 --buildpack heroku/ruby --buildpack heroku/procfile "
    "--buildpack paketo-buildpacks/image-labels -t ghcr.io/acme/shop:abc1234567890 "
    "-t ghcr.io/acme/shop:latest --env BP_IMAGE_LABELS=service=shop --env A=1 --env TOKEN --path ."
)


def test_buildpacks_take_secrets_from_the_environment() -> None:
    buildpacks = {"builder": "heroku/builder:24", "buildpacks": ["heroku/ruby", "heroku/procfile"]}
    keys: dict[str, Any] = {"pack": buildpacks, "args": {"A": "1"}, "secrets": ["TOKEN"]}
    pushes = [["docker", "push", IMAGE], ["docker", "push", LATEST]]
    assert [list(each) for each in build(**keys).commands()] == [shlex.split(PACK), *pushes]
    assert [list(each) for each in build(output="docker", **keys).commands()] == [shlex.split(PACK)]
    assert "--clear-cache" in build(no_cache=True, **keys).commands()[0]
