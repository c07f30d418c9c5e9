"""Every row of the table of decisions is true, for Kamal and for us."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kamalpy.config import Configuration, load
from kamalpy.errors import KamalpyError

PAGE = Path(__file__).parents[2] / "docs" / "configuration-decisions.md"
GOOD = {
    "service": "service: app",
    "image": "image: acme/app",
    "servers": "servers: [h1]",
    "registry": "registry: {username: u, password: [P]}",
    "builder": "builder: {arch: amd64}",
}
ACCESSORY = "accessories: {db: {image: i, host: h, "


@dataclass(frozen=True)
class Row:
    """A row of the table, by its first column, and a file that shows it."""

    key: str
    text: str
    kamal: bool
    kamalpy: bool
    leave_out: tuple[str, ...] = ()

    @property
    def yaml(self) -> str:
        given = {*re.findall(r"^([\w-]+):", self.text, re.MULTILINE), *self.leave_out}
        return "\n".join([*(text for key, text in GOOD.items() if key not in given), self.text, ""])


def refused(key: str, *texts: str) -> list[Row]:
    return [Row(key, text, kamal=True, kamalpy=False) for text in texts]


def accepted(key: str, *texts: str, leave_out: tuple[str, ...] = ()) -> list[Row]:
    return [Row(key, text, False, True, leave_out) for text in texts]


def warned(key: str, *texts: str) -> list[Row]:
    return [Row(key, text, kamal=True, kamalpy=True) for text in texts]


ROWS = [
    *refused("`service` of several lines", 'service: "a\\nb!"'),
    *refused("a number among `hosts` of a role", "servers: [h1, 5]", "servers: [h1, 1.5]"),
    *refused("a number among `hosts` of an accessory", "accessories: {db: {image: i, hosts: [5]}}"),
    *refused("a hash among `hosts` of `proxy`", "proxy: {hosts: [{a: b}]}"),
    *refused("`proxy/run/bind_ips` that are no addresses", "proxy: {run: {bind_ips: [localhost]}}"),
    *refused(
        "`files` and `directories` without a path in the container",
        ACCESSORY + "files: [a]}}",
        ACCESSORY + "directories: [{local: a}]}}",
    ),
    *refused(
        "`proxy/healthcheck/interval` or `timeout` below 1",
        "proxy: {healthcheck: {interval: 0}}",
        "proxy: {healthcheck: {timeout: -1}}",
    ),
    *refused(
        "`boot/limit` that is neither a number above 0 nor a percentage",
        "boot: {limit: half}",
        "boot: {limit: 0}",
        "boot: {limit: ''}",
    ),
    *refused("`ssh/port` that is no number", "ssh: {port: ssh}", "ssh: {port: true}"),
    *refused("`ssh/log_level` as a number beyond 0 to 5", "ssh: {log_level: 7}"),
    *refused("`hooks_output` as a number or a boolean", "hooks_output: 5", "hooks_output: true"),
    *refused("`hooks_path: false`", "hooks_path: false"),
    *refused(
        "a hash in `options`, `builder/args` or `logging/options`, a list in the last two",
        ACCESSORY + "options: {ulimit: {nofile: 5}}}}",
        "builder: {arch: amd64, args: {A: [b]}}",
        "logging: {options: {a: [b]}}",
    ),
    *refused("an object of a Ruby class (`!ruby/object:...`)", "x-a: !ruby/object:Object {}"),
    *refused("an alias inside of the anchor it names", "x-a: &a [*a]"),
    *accepted(
        "`accessories` without `servers`",
        "accessories: {db: {image: i, host: h}}",
        leave_out=("servers",),
    ),
    *accepted(
        "`tag` and `tags` of an accessory",
        "servers: [a: t]\naccessories: {db: {image: i, tag: t}}",
    ),
    *accepted(
        "a number as `tag` of an accessory",
        "servers: {web: [a: t]}\naccessories: {db: {image: i, tag: 5}}",
    ),
    *accepted("a number as `proxy/host` next to `ssl`", "proxy: {host: 5, ssl: true}"),
    *accepted(
        "an empty `builder/remote` next to a local registry",
        "registry: {server: 'localhost:5000'}\nbuilder: {arch: other, remote: ''}",
    ),
    *accepted(
        "`builder` is missing, and `x-kamalpy` says `build: false`",
        "x-kamalpy: {build: false}",
        leave_out=("builder",),
    ),
    *accepted("`.e+5` and similar values without quotes", "labels: {a: .e+5}"),
    *warned("`service`, `role`, `destination` under `labels` at the root", "labels: {role: other}"),
    *warned("`run_directory`", "run_directory: /var/lib/kamal"),
    *warned("a key written twice in one hash", "env: {A: b, A: c}"),
    *warned(
        "other keys under `proxy/ssl`",
        "proxy: {host: a, ssl: {certificate_pem: A, private_key_pem: B, other: C}}",
    ),
    *warned("`proxy/ssl` as a hash without both names", "proxy: {host: a, ssl: {}}"),
    *warned(
        "other keys in an item of `files` or `directories`",
        ACCESSORY + "files: [{local: a, remote: /b, other: c}]}}",
    ),
    *warned(
        "`path_prefix` next to `path_prefixes`", "proxy: {path_prefix: /a, path_prefixes: [/b]}"
    ),
    *warned("`user@host` and `host:port` as a host", "servers: [deploy@h1]", "servers: ['h1:22']"),
    *warned("an empty host name", "servers: ['']"),
    *warned("a host tag that nothing defines", "servers: [a: t]\nenv: {tags: {u: {A: b}}}"),
    *warned("an accessory without `image`", "accessories: {db: {host: h}}"),
    *warned(
        "an accessory whose `tag` no host carries",
        "servers: {web: [a: t]}\naccessories: {db: {image: i, tags: [u]}}",
    ),
    *warned("a mount path without a leading `/`", ACCESSORY + "directories: ['a:b']}}"),
    *warned(
        "`0022`, `22:22`, `1.10`, `yes` without quotes as text",
        *("env: {A: 0022}", "env: {A: 22:22}", "env: {A: 1.10}", "env: {A: yes}"),
    ),
    *warned("a tag or a digest in `image`", "image: nginx:1.27", "image: nginx@sha256:0123"),
    *warned("spaces around the commas of `proxy/host` and `path_prefix`", "proxy: {host: 'a, b'}"),
]
SILENT = [
    *warned("`boot/limit` as a quoted number", "boot: {limit: '3'}"),
    *warned(
        "`mode: 0640` without quotes", ACCESSORY + "files: [{local: a, remote: /b, mode: 0640}]}}"
    ),
    *warned("a number as `host` of an accessory", "accessories: {db: {image: i, host: 5}}"),
    *warned("an option without a value (`init:`)", ACCESSORY + "options: {init: }}}"),
    *warned("a host that an accessory has twice", "accessories: {db: {image: i, hosts: [h, h]}}"),
    *warned("`logging/driver` empty or `false`", "logging: {driver: false}"),
    *warned(
        "plain `localhost` as `registry/server`",
        "registry: {server: localhost, username: u, password: [P]}",
    ),
]
ELSEWHERE = {
    "aliases that unfold into more than 200,000 values, nesting over 100 levels",
    "a byte order mark at the beginning",
    "host tags without any `env` at the root",
    "a private key in `ssh/key_data`",
    "`ssh/key_data` in the print-out",
    "`VERSION` set, but empty",
    "the end of `<commit>_uncommitted_<16 digits>`",
    "a repository without a commit",
    "`${NAME}` and `${NAME:-default}` in `env/clear`, `labels`, `options`, `volumes`, "
    "`directories`, `files` (in paths `$NAME`, too)",
    "`$NAME` and `${NAME}` in `cmd`",
    "any other `${...}` there",
}
"""Rows that have their tests beside the others of their subject."""


def ours(row: Row, folder: Path) -> Configuration | None:
    (folder / "deploy.yml").write_text(row.yaml)
    try:
        return load("deploy.yml", root=folder, version="v1", environ={})
    except KamalpyError:
        return None


@pytest.mark.parametrize("row", [*ROWS, *SILENT], ids=lambda row: row.text)
def test_what_we_do(row: Row, tmp_path: Path) -> None:
    config = ours(row, tmp_path)
    assert (config is not None) == row.kamalpy
    if row.kamal and config is not None:
        assert bool(config.warnings) == (row in ROWS)


def test_what_kamal_does(referee: ModuleType) -> None:
    rows = [*ROWS, *SILENT]
    answers: list[Any] = referee.ask([referee.Question(row.yaml) for row in rows])
    told = {row.text: answer.printed is not None for row, answer in zip(rows, answers, strict=True)}
    assert told == {row.text: row.kamal for row in rows}


def test_every_row_of_the_page_is_here_and_the_other_way_round() -> None:
    rows = re.findall(r"^\| (.+?) \|", PAGE.read_text(), re.MULTILINE)
    keys = [row for row in rows if row not in ("Key", "---")]
    assert sorted(keys) == sorted({*(row.key for row in [*ROWS, *SILENT]), *ELSEWHERE})
