"""
Every key of deploy.yml counts in what a deploy sends, or a test named here shows what it does.

A key is taken out of a file that has them all, or is given another value, or is added: then docker
or the proxy must be told something else, or operations called with something else. A key of the
schema for which that is not so and which stands in no table fails.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from kamalpy.config import Configuration, load
from kamalpy.config.reference import Key, keys
from kamalpy.deploys.arguments import RoleArguments
from kamalpy.deploys.description import Description
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.project import Project
from kamalpy.errors import ConfigurationError
from kamalpy.secrets import Secrets

TESTS = Path(__file__).parents[1]
NAMES = {"ROLE": "jobs", "NAME": "db", "TAG": "canary"}
ELSEWHERE = {
    "hooks_path": ("e2e/test_files.py", '"hooks_path": "ops"'),
    "hooks_output": ("deploys/test_hooks.py", "hooks_output"),
    "secrets_path": ("connectors/test_keys.py", "secrets_path"),
    "error_pages_path": ("e2e/test_files.py", '"error_pages_path": "public"'),
    "require_destination": ("e2e/test_destinations.py", '"require_destination": True'),
    "allow_empty_roles": ("config/test_role.py", "allow_empty_roles"),
    "minimum_version": ("config/broken/a_version_of_kamal_to_come.txt", "minimum_version"),
    "registry/username": ("e2e/test_files.py", '"username": registry.user'),
    "registry/password": ("e2e/test_files.py", '"password": ["KAMAL_REGISTRY_PASSWORD"]'),
    "ssh/user": ("connectors/test_connection.py", '{"user": "deploy"}'),
    "ssh/port": ("connectors/test_connection.py", '{"port": "2222"}'),
    "ssh/proxy": ("e2e/test_files.py", '"proxy": f"deploy@{jump}"'),
    "ssh/proxy_command": ("connectors/test_connection.py", '"proxy_command": command'),
    "ssh/log_level": ("connectors/test_connection.py", '{"log_level": level}'),
    "ssh/keys_only": ("connectors/test_connection.py", '{"keys_only": True}'),
    "ssh/keys": ("connectors/test_connection.py", '{"keys": ['),
    "ssh/key_data": ("e2e/test_files.py", '"key_data": ["SSH_KEY"]'),
    "ssh/config": ("connectors/test_hosts.py", '{"config": '),
    "ssh/forward_agent": ("connectors/test_hosts.py", '{"forward_agent": True}'),
    "sshkit/max_concurrent_starts": ("connectors/test_connection.py", "max_concurrent_starts"),
    "sshkit/pool_idle_timeout": ("connectors/test_connection.py", "pool_idle_timeout"),
    "sshkit/dns_retries": ("connectors/test_connection.py", "dns_retries"),
    "boot/limit": ("deploys/test_deploy.py", '{"limit": 1}'),
    "boot/wait": ("deploys/test_deploy.py", '"wait": 11'),
    "boot/parallel_roles": ("deploys/test_deploy.py", "parallel_roles"),
    "output/otel": ("cli/test_otel.py", "endpoint"),
    "output/file": ("cli/test_journal.py", "output"),
    "aliases": ("cli/test_completion.py", "aliases"),
    "accessories/NAME/registry": ("deploys/test_every_key.py", "test_registries_are_logged_in_to"),
    "accessories/NAME/proxy/ssl/certificate_pem": ("deploys/test_command_line.py", "certificate"),
    "accessories/NAME/proxy/ssl/private_key_pem": ("deploys/test_command_line.py", "certificate"),
    "x-kamalpy/build": ("config/test_configuration.py", "build: false"),
    "x-kamalpy/proxy": ("deploys/test_command_line.py", '{"proxy": "traefik"}'),
    "x-kamalpy/atomic": ("deploys/test_failure.py", '{"atomic": False}'),
    "x-kamalpy/ruby": ("config/templates/test_wishes.py", "ruby"),
    "x-kamalpy/commands": ("config/templates/test_wishes.py", "commands"),
    "x-kamalpy/jinja": ("config/templates/test_wishes.py", "jinja"),
    "builder": ("deploys/test_command_line.py", "kamalpy builds no images: build acme/blog:v2"),
}
"""Keys, with all below them, whose effect is in no word, and the test that shows it."""
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
    """List what docker and the proxy are told, and what operations are called with."""
    words, project = Description(config), Project(config, Secrets(config.secrets_path), "", "")
    under = Infrastructure(project)
    told: list[Any] = [config.hosts, config.latest_image]
    for role in config.roles:
        known = RoleArguments(project, role)
        told += [words.role_route(role), known.files(""), known.route]
        for host in role.hosts:
            told += [host, words.role(role, host), known.boot(host), known.env(host)]
    told += [config.retain_containers, config.drain_timeout]
    for each in config.accessories:
        told += [words.accessory_route(each), under.container(each)]
        told += [(host, words.accessory(each, host)) for host in each.hosts]
        told += [project.secret_values(each.env)]
    return told + [words.proxy(host) for host in config.proxy_hosts]


@cache
def told(folder: Path, file: str) -> list[Any] | None:
    config = read(folder, json.loads(file))
    return sent(config) if config is not None else None


def listed(key: Key, table: dict[str, Any]) -> bool:
    return any(key.name == each or key.name.startswith(f"{each}/") for each in table)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("every-key")


TABLES = {**ELSEWHERE, **NO_EFFECT}
COUNTED = [key for key in keys() if not key.has_keys and not listed(key, TABLES)]


@pytest.mark.parametrize("key", COUNTED, ids=lambda key: key.name)
def test_counts_in_what_is_sent(key: Key, folder: Path) -> None:
    for pair in changes(key):
        one, other = (told(folder, json.dumps(file)) for file in pair)
        if one is not None and other is not None and one != other:
            return
    pytest.fail(f"{key.name} changes nothing")


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_test_shows_what_it_does(name: str) -> None:
    file, text = ELSEWHERE[name]
    assert text in (TESTS / file).read_text()
    assert any(listed(key, {name: ""}) for key in keys())


@pytest.mark.parametrize("name", NO_EFFECT)
def test_a_warning_says_that_it_does_nothing(name: str, folder: Path) -> None:
    config = read(folder, full())
    assert config is not None
    assert any(f"{name}: {NO_EFFECT[name]}" in str(warning) for warning in config.warnings)


def test_registries_are_logged_in_to(folder: Path) -> None:
    config = read(folder, full())
    assert config is not None
    project = Project(config, Secrets(config.secrets_path), "", "")
    of = config.accessories[0].registry
    assert of is not None
    given = Infrastructure(project)._credentials(of, "")
    assert {key: str(value) for key, value in given.items()} == {
        "server": "ghcr.io",
        "username": "*GHCR_USER*",
        "password": "*GHCR_TOKEN*",
    }
