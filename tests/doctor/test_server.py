"""What is said of a server, from what ``doctor.sh`` prints there."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from kamalpy.commands.doctor import doctor
from kamalpy.config import Configuration, load
from kamalpy.doctor.server import Server, check

NOW = 1_800_000_000
GOOD = {
    "user": "user root",
    "arch": "arch x86_64",
    "clock": f"clock {NOW}",
    "sudo": "sudo root",
    "docker": "docker 27.3.1",
    "disk": "disk 20971520 41943040 /",
}
READY = "ok h1: SSH as root, Docker 27.3.1, x86_64"

CASES: dict[str, tuple[dict[str, str], list[str]]] = {
    "ready": ({}, [READY]),
    "no Docker yet": (
        {"docker": "docker absent"},
        ["warning h1: has no Docker; kamalpy setup installs it"],
    ),
    "no Docker, and no way to install it": (
        {"docker": "docker absent", "sudo": "sudo no", "user": "user deploy"},
        [
            "problem h1: deploy may not become root without a password, to install Docker; "
            "write ssh/user: root, install Docker by hand, or allow sudo without a password"
        ],
    ),
    "not in the group docker": (
        {"docker": "docker denied", "sudo": "sudo no", "user": "user deploy"},
        [
            "problem h1: deploy may not use Docker; "
            "on the server, as root: usermod -aG docker deploy; then log in again"
        ],
    ),
    "no engine": (
        {"docker": "docker stopped"},
        [
            "problem h1: the Docker engine does not answer; "
            "on the server: systemctl status docker; systemctl enable --now docker"
        ],
    ),
    "an old Docker": (
        {"docker": "docker 19.03.15"},
        [
            "warning h1: Docker 19.03.15 is older than 20.10; "
            "update it from https://docs.docker.com/engine/install/"
        ],
    ),
    "another architecture": (
        {"arch": "arch aarch64"},
        [
            "problem h1: is arm64 (aarch64), and the image is built for amd64; "
            "write builder/arch: [amd64, arm64], or arm64 alone"
        ],
    ),
    "an image for another architecture": (
        {"image": "image arm64 null"},
        ["problem h1: has the image for arm64, and is amd64; build it for amd64: builder/arch"],
    ),
    "a volume that nobody mounts": (
        {"image": 'image amd64 {"/data":{},"/app/storage":{}}'},
        [
            "warning h1: the image declares a volume at /data, and nothing is mounted there; "
            'add "blog-data:/data" to volumes, or its data is lost with each deploy'
        ],
    ),
    "an image without volumes": ({"image": "image amd64 null"}, [READY]),
    "a full disk": (
        {"disk": "disk 524288 41943040 /var"},
        [
            "problem h1: 0.5 of 40 GB are free on /var; "
            "kamalpy prune all, or on the server: docker system df"
        ],
    ),
    "little room": (
        {"disk": "disk 4194304 41943040 /"},
        [
            "warning h1: 4.0 of 40 GB are free on /; "
            "kamalpy prune all, or on the server: docker system df"
        ],
    ),
    "a clock ahead": (
        {"clock": f"clock {NOW + 600}"},
        ["warning h1: its clock is 600 s ahead; on the server: timedatectl set-ntp true"],
    ),
    "a clock behind": (
        {"clock": f"clock {NOW - 90}"},
        ["warning h1: its clock is 90 s behind; on the server: timedatectl set-ntp true"],
    ),
    "nginx on port 80": (
        {"listens": 'listens 0.0.0.0:80 users:(("nginx",pid=7,fd=6))'},
        [
            "problem h1: port 80 is taken by nginx; "
            "on the server: systemctl disable --now nginx; or write proxy/run/http_port"
        ],
    ),
    "somebody on port 443": (
        {"listens": "listens [::]:443"},
        [
            "problem h1: port 443 is taken; "
            "on the server: systemctl disable --now NAME; or write proxy/run/http_port"
        ],
    ),
    "a container on port 80": (
        {"container": "container caddy 0.0.0.0:80->80/tcp, [::]:80->80/tcp", "guard": "guard -A x"},
        [
            "problem h1: port 80 is taken by the container caddy; "
            "on the server: docker stop caddy; or write proxy/run/http_port"
        ],
    ),
    "the proxy itself": (
        {
            "container": "container kamal-proxy 0.0.0.0:80->80/tcp, 0.0.0.0:443->443/tcp",
            "listens": 'listens 0.0.0.0:80 users:(("docker-proxy",pid=7,fd=6))',
        },
        [READY],
    ),
    "a database past the firewall": (
        {"container": "container blog-db 0.0.0.0:5432->5432/tcp", "firewall": "firewall ufw"},
        [
            "warning h1: blog-db is open to the world on port 5432, past the firewall (ufw); "
            'publish it as "127.0.0.1:5432:PORT"'
        ],
    ),
    "a database behind DOCKER-USER": (
        {
            "container": "container blog-db 0.0.0.0:5432->5432/tcp",
            "guard": "guard -A DOCKER-USER -i eth0 -j DROP",
        },
        [READY],
    ),
    "a database for this server": (
        {"container": "container blog-db 127.0.0.1:5432->5432/tcp, 6379/tcp"},
        [READY],
    ),
    "a deploy some days ago": (
        {"booted": "booted [2027-01-12T08:00:00Z] [ada@x.test] [dev] [web] Booted app version v1"},
        [READY, "ok h1: last deploy 3 days ago: v1 by ada@x.test"],
    ),
    "a deploy an hour ago": (
        {"booted": "booted [2027-01-15T06:59:59Z] [ada] Booted app version v1"},
        [READY, "ok h1: last deploy 1 hour ago: v1 by ada"],
    ),
    "a deploy just now": (
        {"booted": "booted [2027-01-15T07:59:59Z] [ada] Booted app version v1"},
        [READY, "ok h1: last deploy less than a minute ago: v1 by ada"],
    ),
    "several things": (
        {"docker": "docker stopped", "disk": "disk 0 41943040 /"},
        [
            "problem h1: the Docker engine does not answer; "
            "on the server: systemctl status docker; systemctl enable --now docker",
            "problem h1: 0.0 of 40 GB are free on /; "
            "kamalpy prune all, or on the server: docker system df",
        ],
    ),
    "an answer that nobody understands": (
        {
            "disk": "disk ? ?",
            "clock": "clock x",
            "booted": "booted [yesterday] [ada] Booted app version v1",
        },
        [READY],
    ),
}


@pytest.fixture
def config(tmp_path: Path) -> Configuration:
    """A configuration with one server."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config/deploy.yml").write_text(
        "service: blog\nimage: a/blog\nservers: [h1]\nbuilder: {arch: amd64}\n"
        "registry: {username: u, password: [P]}\nvolumes: ['s:/app/storage']\n"
    )
    return load(root=tmp_path, environ={}, version="v1")


@pytest.mark.parametrize("case", CASES)
def test_findings(case: str, config: Configuration) -> None:
    changes, expected = CASES[case]
    server = Server.read("h1", list({**GOOD, **changes}.values()))
    found = list(check(server, config, NOW))
    assert [f"{each.level.value} {each}" for each in found] == expected


def test_the_script_runs_on_a_real_system(tmp_path: Path) -> None:
    (tmp_path / ".kamal").mkdir()
    (tmp_path / ".kamal/blog-staging-audit.log").write_text(
        "[2027-01-12T08:00:00Z] [ada] [staging] [web] Booted app version v1\n"
        "[2027-01-13T08:00:00Z] [eve] [staging] [web] Booted app version v2\n"
        "[2027-01-14T08:00:00Z] [eve] [staging] Pruned images\n"
    )
    text = doctor("blog", "staging", "acme/blog:v1").get_raw_value()
    done = subprocess.run(
        ["sh", "-c", text], capture_output=True, text=True, check=True, cwd=tmp_path
    )

    server = Server.read("here", done.stdout.splitlines())
    assert server.booted == "[2027-01-13T08:00:00Z] [eve] [staging] [web] Booted app version v2"
    assert done.stderr == ""
    assert server.user == subprocess.run(["id", "-un"], capture_output=True, text=True).stdout[:-1]
    assert server.arch
    assert server.clock > 1_700_000_000
    assert server.docker
    assert server.disk is not None
    assert server.disk[1] > 0
