"""The hosts of a deploy.yml as pyinfra wants them: names, data, groups."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from pyinfra import logger
from pyinfra.api.host import Host

from kamalpy.config import Configuration, load
from kamalpy.connectors import ssh_config
from kamalpy.errors import ConfigurationError, Problem
from kamalpy.secrets import Secrets
from kamalpy.secrets.findings import findings

DEFAULT = "config/deploy.yml"


@cache
def read(
    path: str, destination: str | None, root: Path, ruby: bool = False, commands: bool = False
) -> Configuration:
    """Read a deploy.yml once in a run, and log its warnings."""
    config = load(
        path, destination=destination, root=root, allow_ruby=ruby, allow_commands=commands
    )
    secret_files = Secrets(config.secrets_path, destination=destination, root=root).candidates
    for problem in (*config.warnings, *findings(root, secret_files)):
        logger.warning(str(problem))
    return config


def read_for(host: Host) -> Configuration:
    """Read the deploy.yml that a host of ``@kamal`` comes from."""
    data = host.data
    return read(
        data.kamal_file,
        data.get("kamal_destination"),
        Path(data.kamal_root),
        *data.get("kamal_allow", (False, False)),
    )


def named(name: str | None) -> tuple[str, str | None]:
    """Split what follows ``@kamal/`` into a file and a destination."""
    path, _, query = (name or "").partition("?")
    options = parse_qs(query, keep_blank_values=True)
    destination = options.pop("destination", [None])[-1]
    if options:
        raise ConfigurationError(
            [Problem(f"@kamal does not know {', '.join(options)}", "write ?destination=NAME")]
        )
    if path and not destination and not Path(path).suffix and not Path(path).exists():
        return DEFAULT, path
    return path or DEFAULT, destination or None


def data_of(
    config: Configuration, host: str, ruby: bool = False, commands: bool = False
) -> dict[str, Any]:
    """Return the host data for pyinfra; never a secret."""
    ssh = config.ssh
    data: dict[str, Any] = {
        "ssh_hostname": host,
        "ssh_user": ssh.user,
        "ssh_port": ssh.port,
        "ssh_connect_retries": 5,
        "kamal_file": config.file,
        "kamal_root": str(config.root),
    }
    if ruby or commands:
        data["kamal_allow"] = (ruby, commands)
    if config.destination is not None:
        data["kamal_destination"] = config.destination
    if ssh.forward_agent is not None:
        data["ssh_forward_agent"] = ssh.forward_agent
    if (file := ssh_config.file_for(ssh.config)) is not None:
        data["ssh_config_file"] = file
    return data


def groups_of(config: Configuration, host: str) -> list[str]:
    """List the groups of a host: ``kamal``, its roles and accessories, ``proxy``, ``primary``."""
    roles = [role.name for role in config.roles if host in role.hosts]
    accessories = [f"accessory_{each.name}" for each in config.accessories if host in each.hosts]
    proxy = ["proxy"] if host in config.proxy_hosts else []
    primary = ["primary"] if config.roles and host == config.primary_host else []
    return ["kamal", *roles, *accessories, *proxy, *primary]
