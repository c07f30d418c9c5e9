"""Names of the app: addresses from a table instead of DNS, redirects from a real HTTP server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kamalpy.config import load
from kamalpy.doctor.cloudflare import is_cloudflare
from kamalpy.doctor.names import check
from kamalpy.doctor.redirects import follow

DEPLOY = (
    "service: blog\nimage: a/blog\nservers: [h1]\nbuilder: {arch: amd64}\n"
    "registry: {username: u, password: [P]}\n"
)
CLOUDFLARE = "104.16.1.1"

CASES = {
    "the server": ({"h1": "10.0.0.1", "a.test": "10.0.0.1"}, ["ok a.test: resolves to 10.0.0.1"]),
    "nowhere": (
        {"h1": "10.0.0.1"},
        [
            "problem a.test: does not resolve; add an A record with the address of a server at "
            "the DNS provider of your domain"
        ],
    ),
    "another server": (
        {"h1": "10.0.0.1", "a.test": "10.0.0.9"},
        [
            "problem a.test: resolves to 10.0.0.9, and not to its server (10.0.0.1); correct its "
            "A and AAAA records; behind a load balancer this is as it should be"
        ],
    ),
    "an old AAAA record": (
        {"h1": "10.0.0.1", "a.test": "10.0.0.1 fd00::9"},
        [
            "warning a.test: resolves to fd00::9, and not to its server (10.0.0.1); correct its "
            "A and AAAA records; behind a load balancer this is as it should be"
        ],
    ),
    "Cloudflare": (
        {"h1": "10.0.0.1", "a.test": CLOUDFLARE},
        [
            "warning a.test: is proxied by Cloudflare, and ssl: true wants Let's Encrypt to reach "
            'the server; either set the record to "DNS only"; or choose SSL mode "Full" there, '
            "and write ssl: false or a certificate of your own with forward_headers: true"
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_where_a_name_resolves_to(case: str, tmp_path: Path) -> None:
    addresses, expected = CASES[case]
    (tmp_path / "config").mkdir()
    (tmp_path / "config/deploy.yml").write_text(f"{DEPLOY}proxy: {{host: a.test, ssl: true}}\n")
    config = load(root=tmp_path, environ={}, version="v1")

    found = check(config, lambda name: addresses.get(name, "").split())
    assert [f"{each.level.value} {each}" for each in found] == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [("104.16.1.1", True), ("2606:4700::1", True), ("10.0.0.1", False), ("2001:db8::1", False)],
)
def test_addresses_of_cloudflare(address: str, expected: bool) -> None:
    assert is_cloudflare(address) is expected


@pytest.fixture
def site() -> Iterator[str]:
    """A web server whose pages redirect as their names say."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            target = {"/loop": "/loop", "/a": "/b", "/b": "/a", "/moved": "/home"}.get(self.path)
            self.send_response(301 if target else 200)
            if target:
                self.send_header("Location", target)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "way"),
    [
        ("/home", ["/home"]),
        ("/moved", ["/moved", "/home"]),
        ("/loop", ["/loop", "/loop"]),
        ("/a", ["/a", "/b", "/a"]),
    ],
)
def test_redirects(site: str, path: str, way: list[str]) -> None:
    assert follow(f"{site}{path}") == [f"{site}{each}" for each in way]


def test_nobody_answers() -> None:
    assert follow("http://127.0.0.1:9/") == ["http://127.0.0.1:9/"]


def test_a_circle_is_named_with_its_fix(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/deploy.yml").write_text(f"{DEPLOY}proxy: {{host: a.test, ssl: true}}\n")
    config = load(root=tmp_path, environ={}, version="v1")

    (found,) = check(config, lambda name: ["10.0.0.1"], lambda url: [url, url])
    assert str(found) == (
        "a.test: redirects in a loop: https://a.test/ -> https://a.test/; behind Cloudflare "
        'choose SSL mode "Full"; behind another proxy that ends HTTPS, write '
        "proxy/ssl_redirect: false or forward_headers: true"
    )
