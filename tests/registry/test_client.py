"""A registry's HTTP API, as a small server of this test speaks it."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from kamalpy.registry import (
    ImageConfig,
    Reference,
    Registry,
    RegistryDeniedError,
    RegistryError,
    RegistryTLSError,
)

BASIC = f"Basic {base64.b64encode(b'ada:pw').decode()}"


def digest(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


@dataclass
class Server:
    """Answers by path; ``auth`` is how it wants to be asked, ``busy`` how often it answers 500."""

    answers: dict[str, bytes] = field(default_factory=dict)
    auth: str = ""
    busy: int = 0
    requests: list[tuple[str, str | None]] = field(default_factory=list)
    port: int = 0

    def put(self, path: str, content: Any) -> str:
        body = json.dumps(content).encode()
        self.answers[f"/v2/acme/blog/{path}"] = body
        self.answers[f"/v2/acme/blog/{path.partition('/')[0]}/{digest(body)}"] = body
        return digest(body)

    @property
    def image(self) -> Reference:
        return Reference.parse(f"localhost:{self.port}/acme/blog:v1")

    def registry(self, password: str = "pw") -> Registry:
        return Registry(f"localhost:{self.port}", "ada", password, retry_after=0.01)

    def challenge(self) -> str:
        realm = f"http://localhost:{self.port}/token"
        return 'Basic realm="r"' if self.auth == "basic" else f'Bearer realm="{realm}",service="s"'

    def answer(self, handler: BaseHTTPRequestHandler) -> tuple[int, dict[str, str], bytes]:
        path, _, query = handler.path.partition("?")
        given = handler.headers.get("Authorization")
        self.requests.append((handler.path, given))
        if self.busy:
            self.busy -= 1
            return 500, {}, b"{}"
        if path == "/token":
            assert query == "service=s&scope=repository%3Aacme%2Fblog%3Apull"
            return (200, {}, b'{"token": "t"}') if given == BASIC else (401, {}, b"{}")
        if self.auth and given != (BASIC if self.auth == "basic" else "Bearer t"):
            return 401, {"WWW-Authenticate": self.challenge()}, b"{}"
        body = self.answers.get(path)
        return (
            (404, {}, b"{}")
            if body is None
            else (200, {"Docker-Content-Digest": digest(body)}, body)
        )


@pytest.fixture
def server() -> Iterator[Server]:
    known = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = known.answer(self)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: Any) -> None:
            pass

    with ThreadingHTTPServer(("localhost", 0), Handler) as http:
        known.port = http.server_port
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield known
        http.shutdown()
        thread.join()


def single(server: Server, arch: str = "amd64", tag: str = "v1") -> str:
    config = {
        "os": "linux",
        "architecture": arch,
        "config": {"Labels": {"service": "blog"}, "ExposedPorts": {"3000/tcp": {}}},
    }
    blob = server.put(f"blobs/{arch}", config)
    return server.put(
        f"manifests/{tag}", {"config": {"digest": blob}, "layers": [{"size": 300}, {"size": 45}]}
    )


@pytest.mark.parametrize("auth", ["", "basic", "token"])
def test_one_platform(server: Server, auth: str) -> None:
    server.auth = auth
    expected = single(server)
    registry = server.registry()
    manifest = registry.manifest(server.image)
    assert manifest is not None
    assert manifest.digest == expected
    assert registry.platforms(server.image, manifest) == ("linux/amd64",)
    config = registry.config(server.image, manifest, "linux/amd64")
    assert config == ImageConfig("linux/amd64", {"service": "blog"}, ("3000/tcp",), 345)


def test_several_platforms_and_an_attestation(server: Server) -> None:
    arm = single(server, "arm64", "arm")
    amd = single(server, "amd64", "amd")
    index = {
        "manifests": [
            {"digest": amd, "platform": {"os": "linux", "architecture": "amd64"}},
            {"digest": arm, "platform": {"os": "linux", "architecture": "arm64", "variant": "v8"}},
            {"digest": "sha256:0", "platform": {"os": "unknown", "architecture": "unknown"}},
        ]
    }
    expected = server.put("manifests/v1", index)
    registry = server.registry()
    manifest = registry.manifest(server.image)
    assert manifest is not None
    assert manifest.digest == expected
    assert registry.platforms(server.image, manifest) == ("linux/amd64", "linux/arm64")
    config = registry.config(server.image, manifest, "linux/arm64")
    assert config is not None
    assert config.platform == "linux/arm64"


def test_an_image_that_is_not_there(server: Server) -> None:
    assert server.registry().manifest(server.image) is None


@pytest.mark.parametrize("auth", ["basic", "token"])
def test_a_wrong_password(server: Server, auth: str) -> None:
    server.auth = auth
    single(server)
    with pytest.raises(RegistryDeniedError, match="refuses") as caught:
        server.registry("wrong").manifest(server.image)
    assert "wrong" not in str(caught.value).replace("HTTP", "")


def test_a_registry_that_is_busy_for_a_moment(server: Server) -> None:
    single(server)
    server.busy = 1
    assert server.registry().manifest(server.image) is not None
    server.busy = 2
    with pytest.raises(RegistryError, match="answers HTTP 500 for acme/blog"):
        server.registry().manifest(server.image)


def test_content_that_is_not_what_its_digest_says(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    single(server)
    monkeypatch.setitem(globals(), "digest", lambda body: "sha256:0")
    with pytest.raises(RegistryError, match="damaged"):
        server.registry().manifest(server.image)


def test_nobody_answers() -> None:
    registry = Registry("localhost:1", "ada", "pw")
    with pytest.raises(RegistryError, match="localhost:1: does not answer"):
        registry.manifest(Reference.parse("localhost:1/acme/blog"))


def test_a_registry_without_https(server: Server) -> None:
    with pytest.raises(RegistryTLSError, match="has no HTTPS that this machine trusts"):
        server.registry().manifest(Reference.parse("registry.test/acme/blog"))


def test_a_password_is_not_shown() -> None:
    assert "pw" not in repr(Registry("localhost:1", "ada", "pw"))


def test_no_password_over_http(server: Server) -> None:
    """A token server that is not reached over HTTPS gets no password."""
    registry = Registry("registry.test", "ada", "pw")
    with pytest.raises(RegistryError, match="does not use HTTPS"):
        registry._authorize('Bearer realm="http://registry.test/token"', "scope")
