"""A file that holds every key, and what becomes of each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from kamalpy.config import (
    AccessoryDirectory,
    AccessoryFile,
    Configuration,
    Env,
    Registry,
    SecretName,
    load,
)
from kamalpy.config.deploy_file import DeployFile

HERE = Path(__file__).parent
ELSEWHERE = {
    *(("Builder", "pack"), ("Pack", "builder"), ("Pack", "buildpacks")),
    ("ProxySection", "host"),
}
"""Keys that exclude others: buildpacks two architectures, host hosts. They have their own tests."""


@pytest.fixture(scope="module")
def config() -> Configuration:
    return load("full.yml", root=HERE, version="v1", environ={})


def sections(annotation: Any) -> Iterator[type[BaseModel]]:
    """Every section that a type mentions."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from sections(part)


def keys(section: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[Any]:
    """Every key below a section, by section and by path; names of the user's are passed over."""
    for name, field in section.model_fields.items():
        here = (*path, field.alias or name)
        yield (section.__name__, name), here
        for below in sections(field.annotation):
            yield from keys(below, here)


def written(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every path of keys in a file, with any of the names in it left out."""
    for item in value if isinstance(value, list) else ():
        yield from written(item, path)
    for key, below in value.items() if isinstance(value, dict) else ():
        for here in (path, (*path, str(key))):
            yield here
            yield from written(below, here)


def test_holds_every_key_of_the_schema() -> None:
    found = set(written(yaml.safe_load((HERE / "full.yml").read_text())))
    known = list(keys(DeployFile))
    held = {key for key, path in known if path in found}
    assert {key for key, _ in known} - held <= ELSEWHERE


def test_names(config: Configuration) -> None:
    assert (config.service, config.image) == ("blog", "acme/blog")
    assert config.labels == {"team": "web"}
    assert config.volumes == ("data:/app/storage",)
    assert config.asset_path == "/app/public:ro"
    assert config.error_pages_path == "public"
    assert (config.hooks_path, config.secrets_path) == ("ops/hooks", "ops/secrets")
    assert config.hooks_output == {"pre-deploy": "verbose", "post-deploy": "quiet"}
    assert config.hooks_output_for("pre-deploy") == "verbose"
    assert config.hooks_output_for("pre-build") is None
    assert config.aliases == {"shell": "app exec -i --reuse bash"}
    assert config.minimum_version == "2.8.0"


def test_numbers_and_switches(config: Configuration) -> None:
    assert config.require_destination is False
    assert config.allow_empty_roles is True
    assert config.retain_containers == 3
    assert (config.readiness_delay, config.deploy_timeout) == (4, 60)
    assert (config.drain_timeout, config.stop_timeout) == (20, 15)


def test_registry(config: Configuration) -> None:
    password = SecretName("KAMAL_REGISTRY_PASSWORD")
    assert config.registry == Registry("registry.example.com", "acme", password)


def test_hosts(config: Configuration) -> None:
    assert config.primary_host == "192.0.2.1"
    assert config.app_hosts == ("192.0.2.1", "192.0.2.2", "192.0.2.3")
    assert config.accessory_hosts == (
        *("192.0.2.9", "192.0.2.7", "192.0.2.8", "192.0.2.3", "192.0.2.2", "192.0.2.1"),
    )
    assert config.hosts == (
        *("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.9", "192.0.2.7", "192.0.2.8"),
    )
    assert config.proxy_hosts == ("192.0.2.1", "192.0.2.2", "192.0.2.9")


def test_role_in_full(config: Configuration) -> None:
    role = config.role("jobs")
    assert role is not None
    assert (role.name, role.primary, role.container_prefix) == ("jobs", False, "blog-jobs")
    assert role.hosts == ("192.0.2.3", "192.0.2.2")
    assert role.cmd == "bin/jobs --all"
    assert role.stop_timeout == 90
    assert role.restart == "on-failure:3"
    assert role.options == {"memory": "2g", "init": True, "publish": ("9000:9000", "9001:9001")}
    assert role.labels == {"team": "jobs"}
    assert (role.asset_path, role.asset_options) == ("/jobs", None)
    assert role.proxy is None
    assert role.logging.driver == "json-file"
    assert role.logging.options == {"max-size": "100m", "max-file": "3"}


def test_role_as_a_list(config: Configuration) -> None:
    role = config.primary_role
    assert config.roles[0] is role
    assert (role.name, role.primary, role.hosts) == ("app", True, ("192.0.2.1", "192.0.2.2"))
    assert role.tags("192.0.2.2") == ("replica", "canary")
    assert (role.cmd, role.options, role.restart) == (None, {}, "unless-stopped")
    assert role.stop_timeout == 15
    assert (role.asset_path, role.asset_options) == ("/app/public", "ro")
    assert role.proxy == config.proxy


def test_env(config: Configuration) -> None:
    clear = {"PORT": "3000", "DEBUG": "false", "RATIO": "1.5"}
    secret = {"DATABASE_URL": "DATABASE_URL", "DB_PASSWORD": "MAIN_DB_PASSWORD"}
    app, jobs = config.role("app"), config.role("jobs")
    assert app is not None
    assert jobs is not None
    assert config.env == Env(clear, secret)
    assert app.env("192.0.2.1") == Env(clear, secret)
    assert app.env("192.0.2.2") == Env(
        {**clear, "DEBUG": "true", "DB_ROLE": "reader"}, {**secret, "CANARY_TOKEN": "CANARY_TOKEN"}
    )
    assert jobs.env("192.0.2.2") == Env(
        {**clear, "QUEUE": "mail", "DB_ROLE": "reader"}, {**secret, "REDIS_URL": "REDIS_URL"}
    )


def test_proxy(config: Configuration) -> None:
    proxy = config.proxy
    assert proxy is not None
    assert proxy.hosts == ("app.example.com", "www.example.com")
    assert proxy.app_port == 3000
    assert (proxy.tls, proxy.custom_certificate) == (True, True)
    assert (proxy.certificate_pem, proxy.private_key_pem) == ("CERTIFICATE_PEM", "PRIVATE_KEY_PEM")
    assert (proxy.ssl_redirect, proxy.forward_headers) == (False, True)
    assert proxy.response_timeout == 10
    assert proxy.path_prefixes == ("/api", "/oauth")
    assert proxy.strip_path_prefix is False
    assert proxy.healthcheck.model_dump() == {"interval": 3, "timeout": 2, "path": "/health"}
    assert proxy.buffering.model_dump() == {
        "requests": False,
        "responses": False,
        "max_request_body": 40_000_000,
        "max_response_body": 0,
        "memory": 2_000_000,
    }
    assert proxy.logging.request_headers == ("X-Request-ID",)
    assert proxy.logging.response_headers == ("X-Request-Start",)


def test_proxy_run(config: Configuration) -> None:
    assert config.proxy is not None
    assert config.proxy.run is not None
    assert config.proxy.run.image == "registry.example.com/acme/kamal-proxy:v0.9.3"
    assert config.proxy.run.model_dump() == {
        "publish": True,
        "http_port": 8080,
        "https_port": 8443,
        "bind_ips": ("192.0.2.1", "::1"),
        "log_max_size": "30m",
        "metrics_port": 9090,
        "debug": True,
        "registry": "registry.example.com",
        "repository": "acme/kamal-proxy",
        "version": "v0.9.3",
        "options": {"memory": "512m", "cpus": "0.5"},
    }


def test_builder(config: Configuration) -> None:
    assert config.builder is not None
    assert config.builder.arches == ("amd64", "arm64")
    assert config.builder.model_dump(exclude={"arch"}) == {
        "remote": "ssh://docker@builder",
        "local": False,
        "context": ".",
        "dockerfile": "Dockerfile.production",
        "target": "production",
        "args": {"RUBY_VERSION": "3.4.4", "TOKEN": None},
        "secrets": ("GITHUB_TOKEN",),
        "ssh": "default=$SSH_AUTH_SOCK",
        "driver": "docker",
        "cache": {"type": "registry", "options": "mode=max", "image": "acme/cache"},
        "provenance": "mode=max",
        "sbom": True,
        "pack": None,
    }


def test_connections(config: Configuration) -> None:
    assert config.ssh.model_dump() == {
        "user": "deploy",
        "port": 2222,
        "proxy": "jump.example.com",
        "proxy_command": "ssh -W %h:%p jump",
        "log_level": "debug",
        "keys_only": True,
        "keys": ("~/.ssh/id.pem",),
        "key_data": ("SSH_PRIVATE_KEY",),
        "config": ("ops/ssh_config",),
        "forward_agent": False,
    }
    assert config.sshkit.model_dump() == {
        "max_concurrent_starts": 10,
        "pool_idle_timeout": 300,
        "dns_retries": 5,
    }


def test_booting_and_logs(config: Configuration) -> None:
    assert config.boot.model_dump() == {"limit": "25%", "wait": 10, "parallel_roles": True}
    assert config.logging.model_dump() == {"driver": "json-file", "options": {"max-size": "100m"}}
    assert config.output is not None
    assert config.output.model_dump() == {
        "otel": {"endpoint": "http://otel:4318"},
        "file": {"path": "log/kamal"},
    }


def test_accessory(config: Configuration) -> None:
    db = config.accessory("db")
    assert db is not None
    assert (db.name, db.service_name, db.image) == ("db", "blog-postgres", "ghcr.io/postgres:17")
    assert db.registry == Registry("ghcr.io", SecretName("GHCR_USER"), SecretName("GHCR_TOKEN"))
    assert (db.hosts, db.cmd, db.port) == (("192.0.2.9",), "postgres -c fsync=off", "5432:5432")
    assert (db.labels, db.options, db.restart) == ({"tier": "data"}, {"cpus": "2"}, "no")
    assert db.env == Env({"POSTGRES_USER": "blog"})
    assert db.files == (
        AccessoryFile("config/my.cnf", "/etc/my.cnf", "755", None, "ro"),
        AccessoryFile("config/key", "/etc/key", "0600", "999:999", "Z"),
    )
    assert db.directories == (
        AccessoryDirectory("data", "/var/lib/postgresql/data"),
        AccessoryDirectory("logs", "/logs", "0750", "postgres", "z"),
    )
    assert (db.volumes, db.network) == (("run:/run",), "private")
    assert db.proxy is not None
    assert db.proxy.hosts == ("db.example.com",)
    assert db.logging == config.logging


WHERE = {
    "on_hosts": ("192.0.2.7", "192.0.2.8"),
    "on_role": ("192.0.2.3", "192.0.2.2"),
    "on_roles": ("192.0.2.3", "192.0.2.2", "192.0.2.1"),
    "on_tag": ("192.0.2.2",),
    "on_tags": ("192.0.2.2", "192.0.2.3"),
}


@pytest.mark.parametrize("name", WHERE)
def test_hosts_of_accessories(config: Configuration, name: str) -> None:
    accessory = config.accessory(name)
    assert accessory is not None
    assert accessory.hosts == WHERE[name]
    assert accessory.service_name == f"blog-{name}"


def test_what_kamal_ignores(config: Configuration) -> None:
    assert config.kamalpy.model_dump() == {
        "build": True,
        "transfer": "registry",
        "verify": "cosign",
        "proxy": "traefik",
        "health": {"host": "app.example.com", "port": 9000},
        "connect_timeout": 30,
        "atomic": False,
        "secrets": {
            "jobs": {"place": "files", "owner": None},
            "db": {"place": "file_variables", "owner": "postgres"},
        },
        "ruby": False,
        "commands": False,
        "jinja": False,
    }


def test_warnings(config: Configuration) -> None:
    assert list(map(str, config.warnings)) == [
        "full.yml:24: run_directory: has no effect, the folder is always .kamal; remove it",
        "full.yml:57: servers/app/0: 192.0.2.1 is an example address, no server has it; "
        "write the address of your server",
        "full.yml:86: proxy/path_prefix: has no effect next to path_prefixes; "
        "move it into path_prefixes",
        "full.yml:183: accessories/db/port: port 5432 is open to the world, whatever the firewall "
        'says; remove it, containers of this server need none, or write "127.0.0.1:5432:5432"',
    ]
