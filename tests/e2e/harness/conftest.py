"""The sample app on a server, without a proxy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lab.host import Host
from lab.servers import Images, Servers


@pytest.fixture(scope="module")
def start_app(fleet: Servers, images: Images) -> Callable[..., Host]:
    """Run a version of the sample app on the second server, without a proxy."""
    host = fleet[1]
    user, password = images.registry.user, images.registry.password
    host.sh(f"echo {password} | docker login -u {user} --password-stdin {images.registry.server}")

    def start(version: str = "v1", fault: str = "", options: str = "") -> Host:
        host.sh("docker ps --all --quiet | xargs -r docker rm --force --volumes")
        name = images.app(version, fault=fault)
        host.sh(f"docker run --detach --name app -p 80:8080 {options} {name}")
        return host

    return start
