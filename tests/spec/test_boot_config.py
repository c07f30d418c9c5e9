"""What `proxy boot_config` writes, in Kamal's words, and what becomes of the proxy by it."""

from __future__ import annotations

from typing import Any

import pytest

from kamalpy.spec.boot_config import BootConfig
from kamalpy.spec.container import ContainerSpec

PORTS = ("80:80", "443:443")


@pytest.mark.parametrize(
    ("options", "written"),
    [
        ({}, BootConfig()),
        ({"ports": ()}, BootConfig(options="--log-opt max-size=10m")),
        ({"log_max_size": ""}, BootConfig(options="--publish 80:80 --publish 443:443")),
        ({"ports": (), "log_max_size": ""}, BootConfig(options="")),
        (
            {"ports": ("8080:80", "443:443"), "docker_options": ("label=a=b",)},
            BootConfig(
                options="--publish 8080:80 --publish 443:443 --log-opt max-size=10m --label=a=b"
            ),
        ),
        ({"registry": "reg.x"}, BootConfig(image="reg.x/basecamp/kamal-proxy")),
        ({"repository": "acme"}, BootConfig(image="acme/kamal-proxy")),
        ({"image_version": "v0.9.9"}, BootConfig(image_version="v0.9.9")),
        ({"debug": True}, BootConfig(run_command="kamal-proxy run --debug")),
        (
            {"metrics_port": 9090},
            BootConfig(
                options="--publish 80:80 --publish 443:443 --log-opt max-size=10m --expose=9090",
                run_command='kamal-proxy run --metrics-port "9090"',
            ),
        ),
    ],
)
def test_what_is_a_default_has_no_file(options: dict[str, Any], written: BootConfig) -> None:
    assert BootConfig.from_options(**{"ports": PORTS, "log_max_size": "10m", **options}) == written


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (
            BootConfig(),
            "--publish 80:80 --publish 443:443 --log-opt max-size=10m basecamp/kamal-proxy:v0.9.2",
        ),
        (BootConfig(options="", image="a/b", image_version="v1"), "a/b:v1"),
        (
            BootConfig(options="-p 1:80", run_command="kamal-proxy run --debug"),
            "-p 1:80 basecamp/kamal-proxy:v0.9.2 kamal-proxy run --debug",
        ),
    ],
)
def test_the_options_are_those_of_kamal(config: BootConfig, words: str) -> None:
    assert config.words("v0.9.2") == words


def test_the_options_come_back_in_the_proxys_container() -> None:
    config = BootConfig.from_options(
        ports=("127.0.0.1:8080:80",), log_max_size="5m", metrics_port=9090, image_version="v0.9.9"
    )
    spec = ContainerSpec(name="kamal-proxy", image="basecamp/kamal-proxy:v0.9.2", ports=PORTS)

    found = config.over(spec)

    assert (found.image, found.ports) == ("basecamp/kamal-proxy:v0.9.9", ())
    assert found.command == ("kamal-proxy", "run", "--metrics-port", "9090")
    assert found.options == {
        "publish": "127.0.0.1:8080:80",
        "log-opt": "max-size=5m",
        "expose": "9090",
    }
