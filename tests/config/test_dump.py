"""What ``kamal config`` prints."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.config import Configuration
from kamalpy.config.dump import dump, quoted

Deploy = Callable[..., Configuration]

MINIMAL = """---
:roles:
- web
:hosts:
- 10.0.0.1
:primary_host: 10.0.0.1
:version: v1
:repository: acme/blog
:absolute_image: acme/blog:v1
:service_with_version: blog-v1
:volume_args: []
:ssh_options:
  :user: root
  :port: 22
  :keepalive: true
  :keepalive_interval: 30
  :log_level: :fatal
:sshkit: {}
:builder:
  arch: amd64
:logging:
- "--log-opt"
- max-size="10m"
"""


def test_minimal(deploy: Deploy) -> None:
    assert dump(deploy()) == MINIMAL


def test_everything_that_is_printed(deploy: Deploy) -> None:
    config = deploy(
        "servers: {web: [b], api: [a]}\n"
        "registry: {server: ghcr.io, username: acme, password: [TOKEN]}\n"
        "volumes: [data:/data]\n"
        "sshkit: {dns_retries: 5}\n"
        "ssh: {user: deploy, port: '2222', proxy: jump, keys_only: true, config: false}\n"
        "logging: {driver: local, options: {max-file: 3, compress: false}}\n"
        "accessories: {db: {image: 'postgres:17', host: c, port: 5432, cmd: }}\n".replace(
            ", cmd: ", ""
        )
    )
    assert (
        dump(config)
        == """---
:roles:
- api
- web
:hosts:
- a
- b
- c
:primary_host: b
:version: v1
:repository: ghcr.io/acme/blog
:absolute_image: ghcr.io/acme/blog:v1
:service_with_version: blog-v1
:volume_args:
- "--volume"
- data:/data
:ssh_options:
  :user: deploy
  :port: '2222'
  :proxy: !ruby/object:Net::SSH::Proxy::Jump
    jump_proxies: root@jump
  :keepalive: true
  :keepalive_interval: 30
  :keys_only: true
  :config: false
  :log_level: :fatal
:sshkit:
  dns_retries: 5
:builder:
  arch: amd64
:accessories:
  db:
    image: postgres:17
    host: c
    port: 5432
:logging:
- "--log-driver"
- '"local"'
- "--log-opt"
- max-file="3"
- "--log-opt"
- compress=false
"""
    )


def test_a_private_key_is_never_printed(deploy: Deploy) -> None:
    text = dump(deploy("ssh: {key_data: [KEY, '-----BEGIN OPENSSH PRIVATE KEY-----']}\n"))
    assert '  :key_data:\n  - KEY\n  - "[REDACTED]"\n' in text
    assert "BEGIN" not in text


QUOTED = [
    ("10m", '"10m"'),
    ('a "b"', '"a \\"b\\""'),
    ("a\\b", '"a\\\\b"'),
    ("a\nb\tc\x1b\x07\x00", '"a\\nb\\tc\\e\\a\\x00"'),
    ("$HOME", '"\\$HOME"'),
    ("${HOME}", '"${HOME}"'),
    ("${HOME", '"\\${HOME"'),
    ("a $ b", '"a \\$ b"'),
    ("`id`", '"\\`id\\`"'),
    ("#{x} #$x #@x #x", '"\\#{x} \\#\\$x \\#@x #x"'),
    ("abé cd", '"ab"é" cd"'),
    ("", ""),
]


@pytest.mark.parametrize(("value", "word"), QUOTED)
def test_quotes_as_kamal_does(value: str, word: str) -> None:
    assert quoted(value) == word


@given(st.text())
def test_a_quoted_word_has_one_line_of_printable_ascii(value: str) -> None:
    assert all(letter.isprintable() for letter in quoted(value) if letter.isascii())
