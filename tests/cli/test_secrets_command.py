"""``kamalpy secrets ...`` on a command line."""

from __future__ import annotations

import io
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from kamalpy.cli.main import run

CONFIG = """\
service: shop
image: acme/shop
servers:
  web: [10.0.0.1, 10.0.0.2]
  job: {hosts: [10.0.0.2], cmd: work, env: {secret: [QUEUE]}}
registry: {username: [BOT], password: [PASSWORD]}
builder: {arch: amd64, secrets: [GITHUB]}
env: {secret: [API, "URL:DATABASE_URL", EMPTY]}
accessories:
  db: {image: "postgres:15", host: 10.0.0.3, env: {secret: [API]}}
"""
BASE = (
    "service: a\nimage: a\nservers: [h1]\nregistry: {server: localhost:5000}\n"
    "builder: {arch: amd64}\n"
)
SECRETS = """\
BOT=bot
PASSWORD=$(echo sesame)
API=canary
DATABASE_URL=postgres://$API@db
QUEUE=one
EMPTY=""
SPARE=3
"""


@dataclass
class Message:
    """How a command ended, and what it wrote."""

    status: int
    out: str
    err: str


@dataclass
class Desk:
    """A folder with a project, and the commands that somebody types there."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capture: pytest.CaptureFixture[bytes]

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)

    def type(self, *words: str, given: bytes = b"") -> Message:
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        status = run(["secrets", *words])
        out, err = self.capture.readouterr()
        return Message(status, out.decode("utf-8", "surrogateescape"), err.decode())


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Desk:
    monkeypatch.chdir(tmp_path)
    for name in ("VISUAL", "EDITOR", "KAMALPY_SECRETS_KEY"):
        monkeypatch.delenv(name, raising=False)
    return Desk(tmp_path, monkeypatch, capfdbinary)


class TestPrint:
    def test_names_and_values(self, desk: Desk) -> None:
        desk.write(".kamal/secrets", "A=1\nB=x${A}y # comment\nC='a b'\n")
        assert desk.type("print") == Message(0, "A=1\nB=x1y\nC=a b\n", "")

    def test_a_missing_value_is_reported(self, desk: Desk) -> None:
        desk.write(".kamal/secrets", "A=1\nB=$(exit 3)\n")
        result = desk.type("print", "--inline")
        assert result == Message(
            1, "A=1\n", 'ERROR: .kamal/secrets:2: B: the command "exit 3" failed with exit code 3\n'
        )

    def test_a_destination_needs_no_file_of_deploy_yml(self, desk: Desk) -> None:
        desk.write("config/deploy.yml", CONFIG)
        desk.write(".kamal/secrets-common", "A=1\n")
        desk.write(".kamal/secrets.staging", "B=2\n")
        assert desk.type("print", "-d", "staging") == Message(0, "A=1\nB=2\n", "")

    def test_secrets_path_counts_in_a_deploy_yml_that_is_wrong_otherwise(self, desk: Desk) -> None:
        desk.write("config/deploy.yml", "secrets_path: .kamal/other\nservice: [1]\n")
        desk.write(".kamal/other", "A=1\n")
        assert desk.type("print") == Message(0, "A=1\n", "")

    def test_any_byte(self, desk: Desk) -> None:
        (desk.folder / ".kamal").mkdir()
        (desk.folder / ".kamal/secrets").write_bytes(b"A='\xff\xc3\xa9'\n")
        assert desk.type("print").out == "A=\udcffé\n"

    def test_json(self, desk: Desk) -> None:
        desk.write(".kamal/secrets", "A='1\n2'\n")
        assert desk.type("print", "--json").out == '{"A":"1\\n2"}\n'


class TestFetchAndExtract:
    def test_fetch_prints_json(self, desk: Desk) -> None:
        sops = '#!/bin/sh\n[ "$1" != --version ] || exit 0\nprintf \'%s\' \'{"A":"1 2"}\'\n'
        desk.write("bin/sops", sops)
        (desk.folder / "bin/sops").chmod(0o755)
        desk.write(".kamal/secrets.sops.yaml", "A: x\n")
        desk.monkeypatch.setenv("PATH", f"{desk.folder}/bin:{os.environ['PATH']}")
        assert desk.type("fetch", "-a", "sops", "A") == Message(0, '{"A":"1 2"}\n', "")

    def test_a_missing_account_is_an_error_with_status_1(self, desk: Desk) -> None:
        result = desk.type("fetch", "--adapter", "1password", "A")
        assert result.status == 1
        assert "--account" in result.err

    @pytest.mark.parametrize("name", ["A", "shop/A"])
    def test_extract(self, desk: Desk, name: str) -> None:
        assert desk.type("extract", "A", json.dumps({name: "1 2"})) == Message(0, "1 2\n", "")

    @pytest.mark.parametrize("words", [[], ["-"]])
    def test_extract_reads_standard_input(self, desk: Desk, words: list[str]) -> None:
        assert desk.type("extract", "A", *words, given=b'{"A":"x"}') == Message(0, "x\n", "")

    def test_extract_of_what_is_not_there(self, desk: Desk) -> None:
        result = desk.type("extract", "B", '{"A":"x"}')
        assert (result.status, result.out) == (1, "")
        assert "ERROR: B is not in what was fetched; that holds A\n" in result.err


class TestEncryptedFile:
    def test_set_and_print(self, desk: Desk) -> None:
        result = desk.type("set", "A", "--stdin", given=b"line 1\nline 2\n")
        assert result == Message(
            0,
            "",
            "A is set in .kamal/secrets.enc\n"
            "Its key is in .kamal/secrets.key: keep a copy, without it the values are gone\n",
        )
        assert desk.type("print").out == "A=line 1\nline 2\n"
        assert (desk.folder / ".kamal/secrets.key").stat().st_mode & 0o777 == 0o600
        assert "/.kamal/secrets.key*" in (desk.folder / ".gitignore").read_text()

    def test_set_prompts_only_on_a_terminal(self, desk: Desk) -> None:
        result = desk.type("set", "A")
        assert result.status == 1
        assert result.err.startswith(
            "ERROR: A: there is no terminal to prompt on; pipe the value in, with --stdin\n"
        )
        assert not (desk.folder / ".kamal").exists()

    def test_a_destination_and_what_all_share(self, desk: Desk) -> None:
        desk.type("set", "A", "--stdin", "--common", given=b"all")
        desk.type("set", "B", "--stdin", "-d", "staging", given=b"own")
        assert sorted(each.name for each in (desk.folder / ".kamal").glob("*.enc")) == [
            "secrets-common.enc",
            "secrets.staging.enc",
        ]
        assert desk.type("print", "-d", "staging").out == "A=all\nB=own\n"

    def test_a_plain_file_that_wins_is_reported(self, desk: Desk) -> None:
        desk.write(".kamal/secrets", "A=plain\n")
        result = desk.type("set", "A", "--stdin", given=b"x")
        assert ".kamal/secrets:1 defines A as well, and wins: take it out there\n" in result.err

    def test_rm(self, desk: Desk) -> None:
        desk.type("set", "A", "--stdin", given=b"x")
        assert desk.type("rm", "A") == Message(0, "", "A is no longer in .kamal/secrets.enc\n")
        assert desk.type("rm", "A").status == 1

    def test_rotate_key(self, desk: Desk) -> None:
        desk.type("set", "A", "--stdin", given=b"x")
        before = (desk.folder / ".kamal/secrets.key").read_text()
        assert desk.type("rotate-key") == Message(
            0,
            "",
            ".kamal/secrets.enc: encrypted with a new key, which is in .kamal/secrets.key\n",
        )
        assert (desk.folder / ".kamal/secrets.key").read_text() != before
        assert desk.type("print").out == "A=x\n"

    @pytest.mark.parametrize("verb", ["rotate-key", "seal"])
    def test_without_a_file(self, desk: Desk, verb: str) -> None:
        result = desk.type(verb)
        assert result.status == 1
        assert "there is no encrypted file yet; kamalpy secrets set NAME makes one" in result.err

    def test_seal_after_a_merge(self, desk: Desk) -> None:
        file = desk.folder / ".kamal/secrets.enc"
        desk.type("set", "A", "--stdin", given=b"x")
        desk.type("set", "B", "--stdin", given=b"y")
        lines = file.read_text().splitlines(keepends=True)
        file.write_text("".join([*lines[:3], lines[4], lines[3], lines[5]]))
        assert desk.type("print").status == 1
        assert desk.type("seal") == Message(0, "", ".kamal/secrets.enc: sealed with B, A\n")
        assert desk.type("print").out == "B=y\nA=x\n"


class TestEdit:
    def use(self, desk: Desk, script: str) -> None:
        desk.write("editor", f"#!/bin/sh\n{script}\n")
        (desk.folder / "editor").chmod(0o755)
        desk.monkeypatch.setenv("EDITOR", f"{desk.folder}/editor --wait")

    def test_the_file_is_private_and_gone_afterwards(self, desk: Desk) -> None:
        self.use(
            desk,
            'echo "$2" >seen; stat -c %a "$2" "$(dirname "$2")" >>seen; cp "$2" "$2~"\n'
            'echo "A: one" >>"$2"',
        )
        assert desk.type("edit") == Message(0, "", ".kamal/secrets.enc: A changed\n")
        path, *modes = (desk.folder / "seen").read_text().split()
        assert modes == ["600", "700"]
        assert not Path(path).parent.exists()
        assert desk.type("print").out == "A=one\n"

    def test_no_change(self, desk: Desk) -> None:
        desk.type("set", "A", "--stdin", given=b"x")
        before = (desk.folder / ".kamal/secrets.enc").read_text()
        self.use(desk, "true")
        assert desk.type("edit") == Message(0, "", ".kamal/secrets.enc: no change\n")
        assert (desk.folder / ".kamal/secrets.enc").read_text() == before

    @pytest.mark.parametrize(
        ("script", "problem"),
        [
            ("exit 3", "editor --wait: exit status 3; nothing has changed\n"),
            ('echo "A: [" >"$2"', "edited secrets:2: is no YAML; quote values"),
        ],
    )
    def test_what_goes_wrong_changes_nothing(self, desk: Desk, script: str, problem: str) -> None:
        desk.type("set", "A", "--stdin", given=b"x")
        before = (desk.folder / ".kamal/secrets.enc").read_text()
        self.use(desk, script)
        result = desk.type("edit")
        assert result.status == 1
        assert problem in result.err
        assert (desk.folder / ".kamal/secrets.enc").read_text() == before

    def test_somebody_ends_it(self, desk: Desk) -> None:
        # Only then is the editor waited for: before, Popen itself would be interrupted.
        self.use(desk, f'echo "$2" >seen; sleep 0.5; kill -TERM {os.getpid()}; sleep 0.2')
        with pytest.raises(SystemExit):
            desk.type("edit")
        assert not Path((desk.folder / "seen").read_text().strip()).parent.exists()


class TestCheck:
    @pytest.fixture
    def shop(self, desk: Desk) -> Desk:
        desk.write("config/deploy.yml", CONFIG)
        desk.write(".kamal/secrets", SECRETS)
        return desk

    def test_table(self, shop: Desk) -> None:
        result = shop.type("check", "-q")
        assert result == Message(
            0,
            """\
NAME          DEFINED           USED                                                 STATE
QUEUE         .kamal/secrets:5  servers/job/env/secret                               set
BOT           .kamal/secrets:1  registry/username                                    set
PASSWORD      .kamal/secrets:2  registry/password                                    set
GITHUB        -                 builder/secrets                                      undefined
API           .kamal/secrets:3  env/secret, accessories/db/env/secret, DATABASE_URL  set
DATABASE_URL  .kamal/secrets:4  env/secret                                           set
EMPTY         .kamal/secrets:6  env/secret                                           empty
SPARE         .kamal/secrets:7  -                                                    set, unused
""",
            "",
        )

    def test_status_1_and_why_if_a_deploy_would_fail(self, shop: Desk) -> None:
        shop.write(
            ".kamal/secrets", SECRETS.replace("QUEUE=one\n", "").replace("echo sesame", "exit 3")
        )
        result = shop.type("check")
        assert result.status == 1
        assert result.err.splitlines() == [
            "ERROR: QUEUE: is not defined in .kamal/secrets; add QUEUE=... to .kamal/secrets",
            'ERROR: .kamal/secrets:2: PASSWORD: the command "exit 3" failed with exit code 3',
            "Not needed by a deploy: GITHUB: is not defined in .kamal/secrets; "
            "add GITHUB=... to .kamal/secrets",
        ]

    def test_hooks_are_given_all_of_them(self, shop: Desk) -> None:
        shop.write(".kamal/secrets", f"{SECRETS}BROKEN=$(exit 3)\n")
        assert shop.type("check").status == 0
        (shop.folder / ".kamal/hooks").mkdir()
        shop.write(".kamal/hooks/pre-deploy", "#!/bin/sh\n")
        result = shop.type("check", "--json")
        assert result.status == 1
        assert json.loads(result.out.splitlines()[-1]) == {
            "name": "BROKEN",
            "defined": ".kamal/secrets:8",
            "used": ["pre-deploy"],
            "state": "no value",
            "problem": '.kamal/secrets:8: BROKEN: the command "exit 3" failed with exit code 3',
            "fails": True,
            "warning": "",
        }

    @pytest.mark.parametrize("password", ["p@ss", "a/b", "a#b", "a b", "50%off", "a:b"])
    def test_a_password_that_breaks_its_url(self, desk: Desk, password: str) -> None:
        desk.write("config/deploy.yml", f"{BASE}env: {{secret: [DATABASE_URL]}}\n")
        url = "DATABASE_URL=postgresql://u:${PASSWORD}@db:5432/u"
        desk.write(".kamal/secrets", f"PASSWORD='{password}'\n{url}\n")
        result = desk.type("check")
        assert result.status == 0
        assert result.err == (
            "WARNING: DATABASE_URL: PASSWORD has characters that end the password of a URL, such "
            "as @, /, : or #; choose letters and digits: kamalpy secrets set PASSWORD, or "
            "percent-encode it\n"
        )

    @pytest.mark.parametrize("password", ["p-._~ss", "a%2Fb", "host.example.com/path"])
    def test_values_that_a_url_takes(self, desk: Desk, password: str) -> None:
        desk.write("config/deploy.yml", f"{BASE}env: {{secret: [DATABASE_URL]}}\n")
        url = "postgresql://u@${PASSWORD}/u" if "/" in password else "x://u:${PASSWORD}@db/u"
        desk.write(".kamal/secrets", f"PASSWORD='{password}'\nDATABASE_URL={url}\n")
        assert desk.type("check").err == ""

    def test_no_value_is_shown(self, shop: Desk) -> None:
        result = shop.type("check", "--rotated", "API")
        assert [each for each in ("canary", "sesame", "postgres://") if each in result.out] == []

    def test_what_has_to_be_replaced(self, shop: Desk) -> None:
        _, table = shop.type("check", "-q", "--rotated", "API").out.split("\n\n")
        assert (
            table
            == """\
HOST      CONTAINER  ROTATED            REPLACED BY
10.0.0.1  shop-web   API, DATABASE_URL  kamalpy deploy
10.0.0.2  shop-web   API, DATABASE_URL  kamalpy deploy
10.0.0.2  shop-job   API, DATABASE_URL  kamalpy deploy
10.0.0.3  shop-db    API                kamalpy accessory boot db
"""
        )

    def test_a_name_that_is_nowhere(self, shop: Desk) -> None:
        result = shop.type("check", "--rotated", "NOPE")
        assert result.status == 1
        assert "NOPE is neither defined nor used" in result.err


@pytest.mark.parametrize(
    ("config", "key"),
    [
        ("env: {tags: {a: {secret: [X]}}}", "env/tags/a/secret"),
        ("proxy: {ssl: {certificate_pem: X, private_key_pem: X}, host: a.test}", "proxy/ssl/c"),
        ("ssh: {key_data: [X]}", "ssh/key_data"),
        ("accessories: {db: {image: a, host: h, registry: {username: u, password: [X]}}}", "acc"),
    ],
)
def test_places_of_secrets(desk: Desk, config: str, key: str) -> None:
    base = "service: a\nimage: a\nservers: [h1]\nregistry: {server: localhost:5000}\n"
    desk.write("config/deploy.yml", f"{base}builder: {{arch: amd64}}\n{config}\n")
    result = desk.type("check", "--json")
    row = json.loads(result.out.splitlines()[0])
    assert row["name"] == "X"
    assert row["used"][0].startswith(key)
    assert result.status == 1
