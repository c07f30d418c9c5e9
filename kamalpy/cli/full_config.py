"""``config --full``: everything deploy.yml resolves to, secrets by name, with source lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from pydantic import BaseModel

from kamalpy.config import Accessory, Configuration, Env, Registry, Role, SecretName
from kamalpy.config.document.nodes import scalars
from kamalpy.config.dump import masked
from kamalpy.deploys.description import Description

_ELSEWHERE = ("file", "root", "env", "kamalpy", "asked_version")
"""Fields that are shown in another form, or not at all."""


def full_config(config: Configuration) -> dict[str, Any]:
    """List everything, in types of JSON; what is unset is left out."""
    words = Description(config)
    primary = config.roles[0].name if config.roles else None
    resolved = {
        "service": config.service,
        "destination": config.destination,
        "version": config.version,
        "image": config.absolute_image,
        "registry": config.registry,
        "primary_role": primary,
        "hosts": {host: list(_on(config, host)) for host in config.hosts},
        "roles": {role.name: _role(role, words) for role in config.roles},
        "accessories": {each.name: _accessory(each, words) for each in config.accessories},
        "proxy": {host: {"run": words.proxy(host)} for host in config.proxy_hosts},
        "ssh": {**_plain(config.ssh), "key_data": masked(config.ssh.key_data)},
    }
    as_written = {
        each.name: getattr(config, each.name)
        for each in fields(config)
        if each.repr and each.name not in (*resolved, *_ELSEWHERE, "warnings")
    }
    origin = {
        "x-kamalpy": config.kamalpy,
        "warnings": [str(each) for each in config.warnings],
        "from": dict(_places(config)),
    }
    return _filled({**resolved, **as_written, **origin})


def _on(config: Configuration, host: str) -> Iterator[str]:
    """List what runs on a host."""
    yield from (role.name for role in config.roles if host in role.hosts)
    yield from (each.name for each in config.accessories if host in each.hosts)


def _role(role: Role, words: Description) -> dict[str, Any]:
    return {
        "hosts": {
            host: {
                "tags": role.tags(host),
                "env": role.env(host),
                "run": words.role(role, host),
            }
            for host in role.hosts
        },
        "cmd": role.cmd,
        "labels": role.labels,
        "options": role.options,
        "restart": role.restart,
        "logging": role.logging,
        "stop_timeout": role.stop_timeout,
        "asset_path": role.asset_path,
        "proxy": role.proxy,
        "route": words.role_route(role),
    }


def _accessory(accessory: Accessory, words: Description) -> dict[str, Any]:
    own = {each.name: getattr(accessory, each.name) for each in fields(accessory)}
    del own["name"]
    hosts = accessory.hosts if accessory.image else ()
    run = {host: words.accessory(accessory, host) for host in hosts}
    return {**own, "run": run, "route": words.accessory_route(accessory)}


def _places(config: Configuration) -> Iterator[tuple[str, str]]:
    """List the file and line of every value."""
    for path, scalar in scalars(config.document):
        yield "/".join(map(str, path)), str(scalar.place)


def _filled(value: Mapping[str, Any]) -> dict[str, Any]:
    plain = {str(key): _plain(each) for key, each in value.items()}
    return {key: each for key, each in plain.items() if each not in (None, {}, [])}


def _plain(value: Any) -> Any:
    """Turn a value into types of JSON, secrets into their names."""
    if isinstance(value, SecretName):
        return f"*{value.name}*"
    if isinstance(value, Env):
        return {**value.clear, **{name: f"*{secret}*" for name, secret in value.secret.items()}}
    if isinstance(value, Registry):
        hidden = "[REDACTED]" if isinstance(value.password, str) else value.password
        value = {"server": value.server, "username": value.username, "password": hidden}
    elif isinstance(value, BaseModel):
        value = {name: getattr(value, name) for name in type(value).model_fields}
    elif is_dataclass(value):
        value = {each.name: getattr(value, each.name) for each in fields(value)}
    if isinstance(value, Mapping):
        return _filled(value)
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)
