"""``@kamal``: the hosts and roles of a deploy.yml, reached over SSH as it says."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from pyinfra.connectors.ssh import SSHConnector

from kamalpy.config import Configuration, load
from kamalpy.errors import ConfigurationError, Problem

DEFAULT = "config/deploy.yml"


class KamalConnector(SSHConnector):
    """
    Hosts of a deploy.yml: ``@kamal``, ``@kamal/config/deploy.yml?destination=staging``.

    SSH as pyinfra does it, with what deploy.yml says under ``ssh``, connections that are tried
    again, and no waiting for packets to fill.
    """

    handles_execution = True

    @staticmethod
    def make_names_data(name: str | None = None) -> Iterator[tuple[str, dict[str, Any], list[str]]]:
        """Yield every host once, with its SSH data and the groups it is in."""
        path, destination = _named(name)
        config = _load(path, destination, Path.cwd())
        for host in config.hosts:
            yield host, _data(config, host), _groups(config, host)

    def make_paramiko_kwargs(self) -> dict[str, Any]:
        """Add the keys of deploy.yml to what pyinfra gives paramiko."""
        kwargs = super().make_paramiko_kwargs()
        keys = self.host.data.get("kamal_ssh_keys")
        if keys and "pkey" not in kwargs:
            kwargs["key_filename"] = [str(Path(key).expanduser()) for key in keys]
        return kwargs

    def _connect(self) -> None:
        known_hosts = Path(self.data["ssh_known_hosts_file"] or "~/.ssh/known_hosts").expanduser()
        known_hosts.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        super()._connect()
        transport = self.client.get_transport() if self.client else None
        if transport is not None and isinstance(transport.sock, socket.socket):
            transport.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            transport.set_keepalive(30)


def _named(name: str | None) -> tuple[str, str | None]:
    path, _, query = (name or "").partition("?")
    asked = parse_qs(query)
    destination = asked.pop("destination", [None])[-1]
    if asked:
        raise ConfigurationError(
            [Problem(f"@kamal does not know {', '.join(asked)}", "write ?destination=NAME")]
        )
    if path and not destination and not Path(path).exists() and Path(path).suffix == "":
        return DEFAULT, path
    return path or DEFAULT, destination


@cache
def _load(path: str, destination: str | None, root: Path) -> Configuration:
    return load(path, destination=destination, root=root)


def _data(config: Configuration, host: str) -> dict[str, Any]:
    ssh = config.ssh
    data: dict[str, Any] = {
        "ssh_hostname": host,
        "ssh_user": ssh.user,
        "ssh_port": ssh.port,
        "ssh_connect_retries": 5,
        "kamal_file": config.file,
        "kamal_root": str(config.root),
    }
    if config.destination is not None:
        data["kamal_destination"] = config.destination
    if ssh.keys:
        data["kamal_ssh_keys"] = list(ssh.keys)
    return data


def _groups(config: Configuration, host: str) -> list[str]:
    roles = [role.name for role in config.roles if host in role.hosts]
    accessories = [f"accessory_{each.name}" for each in config.accessories if host in each.hosts]
    proxy = ["proxy"] if host in config.proxy_hosts else []
    primary = ["primary"] if config.roles and host == config.primary_host else []
    return ["kamal", *roles, *accessories, *proxy, *primary]
