"""The registry, a stand-in that speaks HTTP on this machine: login by password and by token."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kamalpy.cli.secrets_report import secrets_of
from kamalpy.config import Configuration, load
from kamalpy.doctor.registry import check

PASSWORD = "canary"
BASIC = "Basic " + base64.b64encode(f"bot:{PASSWORD}".encode()).decode()


class Registry(ThreadingHTTPServer):
    """Answers like a registry; ``may_push`` and ``tags`` are what a user may do and see."""

    may_push = True
    gives_tokens = False
    tags = ("v1",)

    @property
    def server(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Registry

    def do_GET(self) -> None:
        if self.path.startswith("/token"):
            ok = self.headers["Authorization"] == BASIC
            self._reply(200 if ok else 401, json.dumps({"token": "t"}).encode() if ok else b"")
        elif self._is_allowed():
            self._reply(200)

    def do_HEAD(self) -> None:
        if self._is_allowed():
            self._reply(200 if self.path.rpartition("/")[2] in self.server.tags else 404)

    def do_POST(self) -> None:
        if self._is_allowed():
            self._reply(
                202 if self.server.may_push else 403, location="/v2/acme/blog/uploads/1?a=b"
            )

    def do_DELETE(self) -> None:
        if self._is_allowed():
            self._reply(204)

    def _is_allowed(self) -> bool:
        wanted = "Bearer t" if self.server.gives_tokens else BASIC
        if self.headers.get("Authorization") == wanted:
            return True
        realm = f'Bearer realm="http://{self.server.server}/token",service="r"'
        self._reply(401, challenge=realm if self.server.gives_tokens else 'Basic realm="r"')
        return False

    def _reply(
        self, status: int, body: bytes = b"", challenge: str = "", location: str = ""
    ) -> None:
        self.send_response(status)
        for name, value in (("WWW-Authenticate", challenge), ("Location", location)):
            if value:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Print nothing."""


@pytest.fixture
def registry() -> Iterator[Registry]:
    """A registry on this machine."""
    server = Registry(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def config(tmp_path: Path, registry: Registry) -> Callable[..., Configuration]:
    """A configuration for that registry."""

    def configuration(password: str = PASSWORD, version: str = "v1") -> Configuration:
        (tmp_path / "config").mkdir(exist_ok=True)
        (tmp_path / ".kamal").mkdir(exist_ok=True)
        (tmp_path / ".kamal/secrets").write_text(f"P={password}\n")
        (tmp_path / "config/deploy.yml").write_text(
            "service: blog\nimage: acme/blog\nservers: [h1]\nbuilder: {arch: amd64}\n"
            f"registry: {{server: '{registry.server}', username: bot, password: [P]}}\n"
        )
        return load(root=tmp_path, environ={}, version=version)

    return configuration


def lines(config: Configuration, registry: Registry) -> list[str]:
    """Give the findings as lines, without the port."""
    found = [f"{each.level.value} {each}" for each in check(config, secrets_of(config))]
    assert PASSWORD not in repr(found)
    return [each.replace(registry.server, "REGISTRY") for each in found]


@pytest.mark.parametrize("gives_tokens", [False, True])
def test_everything_works(
    gives_tokens: bool, registry: Registry, config: Callable[..., Configuration]
) -> None:
    registry.gives_tokens = gives_tokens
    assert lines(config(), registry) == [
        "ok REGISTRY: login as bot works",
        "ok REGISTRY/acme/blog:v1: is there",
        "ok REGISTRY: pushing is allowed",
    ]


@pytest.mark.parametrize("gives_tokens", [False, True])
def test_a_wrong_password(
    gives_tokens: bool, registry: Registry, config: Callable[..., Configuration]
) -> None:
    registry.gives_tokens = gives_tokens
    assert lines(config("wrong"), registry) == [
        "problem REGISTRY: refuses the login of bot; check registry/username and the password's "
        "secret; a token may have expired"
    ]


def test_a_token_that_may_only_read(
    registry: Registry, config: Callable[..., Configuration]
) -> None:
    registry.may_push = False
    assert lines(config(version="v2"), registry) == [
        "ok REGISTRY: login as bot works",
        "ok REGISTRY/acme/blog:v2: is not there yet; kamalpy setup and deploy build and push it",
        "problem REGISTRY: refuses a push to acme/blog; give the token the right to write, or "
        "create the repository",
    ]


def test_nobody_answers(registry: Registry, config: Callable[..., Configuration]) -> None:
    wanted = config()
    registry.shutdown()
    registry.server_close()
    (line,) = lines(wanted, registry)
    assert line.startswith("problem REGISTRY: does not answer (")
