"""What goes wrong on first deploys and is no mistake of form: warnings of every command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kamalpy.config import Configuration

Deploy = Callable[..., Configuration]
DB = "accessories: {db: {host: 10.0.0.1, image: "

FINDINGS = {
    "an example address": (
        "servers: [192.0.2.1]\n",
        [
            "servers/0: 192.0.2.1 is an example address, no server has it; "
            "write the address of your server"
        ],
    ),
    "an example address with a tag": (
        "servers: {web: [{192.0.2.1: a}]}\nenv: {tags: {a: {B: c}}}\n",
        [
            "servers/web/0/192.0.2.1: 192.0.2.1 is an example address, no server has it; "
            "write the address of your server"
        ],
    ),
    "an example user": (
        "image: your-user/blog\nregistry: {username: your-user, password: [P]}\n",
        [
            "image: your-user/blog is a placeholder; write your own, as the registry knows it",
            "registry/username: your-user is a placeholder; write your own, "
            "as the registry knows it",
        ],
    ),
    "an example name": (
        "proxy: {host: app.example.com, ssl: true}\n",
        [
            "proxy/host: app.example.com is an example name, which gets no certificate; "
            "write the name that resolves to your server"
        ],
    ),
    "an example name without a certificate": ("proxy: {host: app.example.com}\n", []),
    "a password in the file": (
        "registry: {username: acme, password: hunter2}\n",
        [
            "registry/password: is in the file in plain text; put it into .kamal/secrets, "
            "and its name here: [KAMAL_REGISTRY_PASSWORD]"
        ],
    ),
    "a password from a template": (
        "registry: {username: acme, password: <%= ENV.fetch('P', 'x') %>}\n",
        [],
    ),
    "a host with a scheme": (
        "proxy: {host: 'https://a.test/'}\n",
        ["proxy/host: https://a.test/ is more than a host name; write a.test"],
    ),
    "a host with a port": (
        "proxy: {host: 'a.test:443'}\n",
        ["proxy/host: a.test:443 is more than a host name; write a.test"],
    ),
    "several names in host": (
        "proxy: {host: 'a.test, b.test'}\n",
        ["proxy/host: holds several names; write hosts: [a.test, b.test]"],
    ),
    "a comma among hosts": (
        "proxy: {hosts: ['a.test,b.test']}\n",
        ["proxy/hosts/0: a.test,b.test has a comma; write one name an item"],
    ),
    "a path without a slash": (
        "proxy: {host: a.test, healthcheck: {path: up}}\n",
        ['proxy/healthcheck/path: up does not begin with /; write "/up"'],
    ),
    "a database without directories": (
        f"{DB}'mysql:8'}}}}\n",
        [
            "accessories/db: has no directory for /var/lib/mysql, where mysql keeps its data; "
            'add "directories: [data:/var/lib/mysql]", or its data is lost with the container'
        ],
    ),
    "a database with a volume": (f"{DB}'mysql:8', volumes: ['d:/var/lib/mysql']}}}}\n", []),
    "a database with an option": (
        f"{DB}'mysql:8', options: {{mount: 'type=volume,src=d,target=/var/lib/mysql'}}}}}}\n",
        [],
    ),
    "a cache without directories": (f"{DB}'redis:7'}}}}\n", []),
    "a database that is open to the world": (
        f"{DB}'postgres:17', port: 5432, directories: ['d:/var/lib/postgresql/data']}}}}\n",
        [
            "accessories/db/port: port 5432 is open to the world, whatever the firewall says; "
            'remove it, containers of this server need none, or write "127.0.0.1:5432:5432"'
        ],
    ),
    "a database that says so": (
        f"{DB}'postgres:17', port: '0.0.0.0:5432:5432', "
        "directories: ['d:/var/lib/postgresql/data']}}\n",
        [
            "accessories/db/port: port 5432 is open to the world, whatever the firewall says; "
            'remove it, containers of this server need none, or write "127.0.0.1:5432:5432"'
        ],
    ),
    "a database that is published by an option": (
        f"{DB}'mysql:8', options: {{publish: ['3307:3306']}}, "
        "directories: ['d:/var/lib/mysql']}}\n",
        [
            "accessories/db/options/publish: port 3307 is open to the world, whatever the firewall "
            "says; remove it, containers of this server need none, or write "
            '"127.0.0.1:3307:3306"'
        ],
    ),
    "a database for this server": (
        f"{DB}'pgvector/pgvector:pg17', port: '127.0.0.1:5432:5432', "
        "directories: ['d:/var/lib/postgresql/data']}}\n",
        [],
    ),
    "postgres 18 at the old place": (
        f"{DB}'postgres:18-alpine', directories: ['d:/var/lib/postgresql/data']}}}}\n",
        [
            "accessories/db/directories/0: is mounted at /var/lib/postgresql/data, which postgres "
            "18 refuses; mount /var/lib/postgresql instead"
        ],
    ),
    "the latest postgres at the old place": (
        f"{DB}postgres, directories: ['d:/var/lib/postgresql/data']}}}}\n",
        [
            "accessories/db/directories/0: is mounted at /var/lib/postgresql/data, which postgres "
            "18 (image: postgres) refuses; mount /var/lib/postgresql instead, or name an older "
            "version"
        ],
    ),
    "postgres 18 at the new place": (
        f"{DB}'postgres:18', directories: ['d:/var/lib/postgresql']}}}}\n",
        [],
    ),
    "clear and secret": (
        "env: {clear: {A: b}, secret: [A]}\n",
        [
            "env/clear/A: is both clear and secret, and the secret wins (config/deploy.yml:7); "
            "remove one of the two"
        ],
    ),
    "a secret in a clear value": (
        "env: {clear: {URL: 'redis://:${PASSWORD}@cache'}, secret: [PASSWORD]}\n",
        [
            "env/clear/URL: names the secret PASSWORD, which is not put into clear values; "
            "build the value in .kamal/secrets, and list URL under secret"
        ],
    ),
}


@pytest.mark.parametrize("case", FINDINGS)
def test_findings(case: str, deploy: Deploy) -> None:
    text, expected = FINDINGS[case]
    found = deploy(text).warnings
    messages = [message.replace(" (config/deploy.yml:7)", "") for message in expected]
    assert [f"{each.path}: {each.what}; {each.how}" for each in found] == messages


def test_hooks_that_never_run(deploy: Deploy, tmp_path: Path) -> None:
    hooks = tmp_path / ".kamal/hooks"
    hooks.mkdir(parents=True)
    for name, mode in (
        ("pre-deploy.sh", 0o755),
        ("post-deploy", 0o644),
        ("pre-build", 0o755),
        ("pre_connect", 0o755),
        ("notify", 0o755),  # called by another hook
    ):
        (hooks / name).write_text("#!/bin/sh\n")
        (hooks / name).chmod(mode)
    (hooks / "pre-connect.sample").write_text("")

    assert list(map(str, deploy().warnings)) == [
        ".kamal/hooks/post-deploy: is not executable; chmod +x .kamal/hooks/post-deploy",
        ".kamal/hooks/pre-deploy.sh: never runs: hooks have no .sh; rename it to pre-deploy",
        ".kamal/hooks/pre_connect: never runs: no hook has this name; rename it to pre-connect",
    ]


def test_a_volume_that_nobody_mounts(deploy: Deploy, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text('FROM a\nVOLUME ["/data", "/cache"]\n')

    (found,) = deploy("volumes: ['blog-data:/data']\n").warnings
    assert str(found) == (
        "config/deploy.yml:6: volumes: mounts nothing at /cache, a volume of Dockerfile: each "
        'deploy begins with an empty one; add "blog-cache:/cache" to volumes'
    )
