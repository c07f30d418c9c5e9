"""
Every key of deploy.yml changes what a deploy sends, unless it decides about the run itself.

A key is removed from a file that has them all, or is given another value, or is added: then the
commands for docker or the proxy differ, or the arguments of operations do. A key of the schema for
which neither differs, and which is in no table here, fails.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from kamalpy.config import Configuration, load
from kamalpy.deploys.accessory_steps import AccessorySteps
from kamalpy.deploys.description import Description
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.project import Project
from kamalpy.deploys.role_release import RoleRelease
from kamalpy.errors import ConfigurationError
from kamalpy.reference import Key, keys
from kamalpy.secrets import Secrets

TESTS = Path(__file__).parents[1]
NAMES = {"ROLE": "jobs", "NAME": "db", "TAG": "canary"}
NOT_SENT = (
    "hooks_path",
    "hooks_output",
    "secrets_path",
    "error_pages_path",
    "require_destination",
    "allow_empty_roles",
    "minimum_version",
    "registry/username",
    "registry/password",
    "ssh/user",
    "ssh/port",
    "ssh/proxy",
    "ssh/proxy_command",
    "ssh/log_level",
    "ssh/keys_only",
    "ssh/keys",
    "ssh/key_data",
    "ssh/config",
    "ssh/forward_agent",
    "sshkit/max_concurrent_starts",
    "sshkit/pool_idle_timeout",
    "sshkit/dns_retries",
    "boot/limit",
    "boot/wait",
    "boot/parallel_roles",
    "output/otel",
    "output/file",
    "aliases",
    "accessories/NAME/registry",
    "accessories/NAME/proxy/ssl/certificate_pem",
    "accessories/NAME/proxy/ssl/private_key_pem",
    "x-kamalpy/build",
    "x-kamalpy/transfer",
    "x-kamalpy/verify",
    "x-kamalpy/connect_timeout",
    "x-kamalpy/proxy",
    "x-kamalpy/atomic",
    "x-kamalpy/connect_timeout",
    "x-kamalpy/ruby",
    "x-kamalpy/commands",
    "x-kamalpy/jinja",
    "builder",
)
"""Keys, with all below them, that decide about a run and not about a container or a route."""
NO_EFFECT = {
    "run_directory": "has no effect, the folder is always .kamal; remove it",
}
"""Keys that do nothing, as with Kamal, and the warning that says so."""


MISSING = object()
PLACES = {
    "host": "192.0.2.8",
    "hosts": ["192.0.2.8"],
    "role": "jobs",
    "roles": ["jobs"],
    "tag": "canary",
    "tags": ["canary"],
}
"""Where an accessory may run, which is said by one of these keys."""
ALTERNATIVES = {"host": ("hosts", "ssl"), "path_prefix": ("path_prefixes",)}
"""Keys of a proxy that only count without others."""


def full() -> dict[str, Any]:
    """The file with every key; sections that may stand in several places stand in all of them."""
    text = (TESTS / "config/full.yml").read_text()
    value: dict[str, Any] = yaml.safe_load(text.replace(":verbose", "verbose"))
    value["x-kamalpy"]["proxy"] = "kamal-proxy"
    jobs = value["servers"]["jobs"]
    jobs["hosts"], jobs["proxy"] = jobs["hosts"][:1], copy.deepcopy(value["proxy"])
    jobs["proxy"]["hosts"] = ["jobs.example.com"]
    db = value["accessories"]["db"]
    db["proxy"] = {**copy.deepcopy(value["proxy"]), "ssl": True}
    db["env"] = {"clear": db["env"], "secret": ["TOKEN"]}
    return value


def changes(key: Key) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """List pairs of files that differ in a key alone."""
    *path, name = [NAMES.get(part, part) for part in key.path]
    example = yaml.safe_load(key.example)
    if path[:1] == ["accessories"] and name in PLACES and len(path) == 2:
        yield _accessory({"host": "192.0.2.9"}), _accessory({name: PLACES[name]})
    elif path[-1:] == ["proxy"] and name in ALTERNATIVES:
        yield _alone(path, name, "/a"), _alone(path, name, "/b")
    elif name == "publish" or (path[-1:] == ["run"] and name == "options"):
        yield _bare_run(path, {}), _bare_run(path, {name: example})
    else:
        was = _at(full(), path).get(name)
        more = ["jobs"] if name == "primary_role" else []
        for other in (MISSING, example, *_others(was), *_others(example), *more):
            changed = full()
            _put(_at(changed, path), name, other)
            yield full(), changed


def _accessory(where: dict[str, Any]) -> dict[str, Any]:
    file = full()
    file["accessories"]["db"] = {"image": "a", **where}
    return file


def _proxies(file: dict[str, Any]) -> list[dict[str, Any]]:
    parts = (file, file["servers"]["jobs"], file["accessories"]["db"])
    return [part["proxy"] for part in parts]


def _alone(path: list[str], name: str, value: str) -> dict[str, Any]:
    file = full()
    for proxy in _proxies(file):
        for other in ALTERNATIVES[name]:
            proxy.pop(other, None)
    _put(_at(file, path), name, value)
    return file


def _bare_run(path: list[str], run: dict[str, Any]) -> dict[str, Any]:
    file = full()
    for proxy in _proxies(file):
        del proxy["run"]
    _at(file, path[:-1])["run"] = run
    return file


def _at(file: Any, path: list[str]) -> Any:
    """Find a section; of a list of them, one that is written in full."""
    for part in path:
        file = file.get(part, {})
        file = file[1] if isinstance(file, list) else file
    return file


def _put(section: dict[str, Any], name: str, value: Any) -> None:
    if value is MISSING:
        section.pop(name, None)
    else:
        section[name] = value


def _others(value: Any) -> Iterator[Any]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
    elif isinstance(value, str):
        yield f"{value}x"
    elif isinstance(value, list) and value and isinstance(value[0], str):
        yield [f"{value[0]}x", *value[1:]]


def read(folder: Path, file: dict[str, Any]) -> Configuration | None:
    (folder / "deploy.yml").write_text(json.dumps(file))
    try:
        return load("deploy.yml", root=folder, version="v1", environ={})
    except ConfigurationError:
        return None


def sent(config: Configuration) -> list[Any]:
    """List what docker and the proxy are told, and what steps carry."""
    words, project = Description(config), Project(config, Secrets(config.secrets_path), "", "")
    told: list[Any] = [config.hosts, config.latest_image]
    for role in config.roles:
        release, section = RoleRelease(project, role), role.proxy
        told += [words.role_route(role), release.has_files, release.route]
        told += [section and (section.certificate_pem, section.private_key_pem)]
        for host in role.hosts:
            secrets = project.secret_values(role.env(host))
            told += [host, words.role(role, host), release.booting(host), secrets]
    told += [config.retain_containers, config.drain_timeout]
    for each in config.accessories:
        steps = AccessorySteps(project, each)
        told += [words.accessory_route(each), each.files, each.directories, steps.target]
        told += [(host, words.accessory(each, host), steps.spec(host)) for host in each.hosts]
        told += [project.secret_values(each.env)]
    return told + [words.proxy(host) for host in config.proxy_hosts]


@cache
def told(folder: Path, file: str) -> list[Any] | None:
    config = read(folder, json.loads(file))
    return sent(config) if config is not None else None


def listed(key: Key, table: Iterable[str]) -> bool:
    return any(key.name == each or key.name.startswith(f"{each}/") for each in table)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("every-key")


COUNTED = [key for key in keys() if not key.has_keys and not listed(key, (*NOT_SENT, *NO_EFFECT))]


@pytest.mark.parametrize("key", COUNTED, ids=lambda key: key.name)
def test_counts_in_what_is_sent(key: Key, folder: Path) -> None:
    for pair in changes(key):
        one, other = (told(folder, json.dumps(file)) for file in pair)
        if one is not None and other is not None and one != other:
            return
    pytest.fail(f"{key.name} changes nothing")


@pytest.mark.parametrize("name", NO_EFFECT)
def test_a_warning_says_that_it_does_nothing(name: str, folder: Path) -> None:
    config = read(folder, full())
    assert config is not None
    assert any(f"{name}: {NO_EFFECT[name]}" in str(warning) for warning in config.warnings)


def test_registries_are_logged_in_to(folder: Path) -> None:
    config = read(folder, full())
    assert config is not None
    project = Project(config, Secrets(config.secrets_path), "", "")
    registry = config.accessories[0].registry
    assert registry is not None
    given = Infrastructure(project).credentials(registry)
    assert {key: str(value) for key, value in given.items()} == {
        "server": "ghcr.io",
        "username": "*GHCR_USER*",
        "password": "*GHCR_TOKEN*",
    }
