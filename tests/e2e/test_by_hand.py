"""Operations in a deploy of one's own, with no deploy.yml, beside pyinfra's."""

from __future__ import annotations

import pytest
from fleet.registry import Registry
from lab.operations import changed, predicted
from lab.project import Project
from lab.servers import Images, Servers

DEPLOY = """
import os
from pyinfra.api import HiddenValue
from pyinfra.operations import files
from kamalpy.operations import accessory, app, image, network, proxy, registry, server

VERSION = os.environ["VERSION"]
REPOSITORY = os.environ["REGISTRY"] + "/acme/blog"
PROXY = {"host": "blog.example.com", "app_port": 8080}

files.file(name="A file of my own", path="/etc/blog-was-here")
server.docker(name="Docker")
registry.login(
    name="Log in",
    server=os.environ["REGISTRY"],
    username=os.environ["REGISTRY_USER"],
    password=HiddenValue(os.environ["REGISTRY_PASSWORD"]),
)
network.present(name="Network")
proxy.container(name="Proxy")
accessory.directories(
    name="Data", service="blog-db", directories=["data:/var/lib/postgresql/data"]
)
accessory.env(
    name="Password", service="blog-db", secrets={"POSTGRES_PASSWORD": HiddenValue("pg")}
)
accessory.container(
    name="Postgres",
    service="blog-db",
    image="postgres:15",
    secrets={"POSTGRES_PASSWORD": HiddenValue("pg")},
    directories=["data:/var/lib/postgresql/data"],
)
image.pull(name="Pull", image=f"{REPOSITORY}:{VERSION}")
app.env(name="Secrets", service="blog", secrets={"TOKEN": HiddenValue("t0ken")})
app.boot(
    name="Boot",
    service="blog",
    version=VERSION,
    image=f"{REPOSITORY}:{VERSION}",
    env={"GREETING": "hi"},
    secrets={"TOKEN": HiddenValue("t0ken")},
    proxy=PROXY,
)
app.switch(name="Switch", service="blog", version=VERSION, proxy=PROXY)
app.retire(
    name="Retire",
    service="blog",
    version=VERSION,
    image=f"{REPOSITORY}:{VERSION}",
    latest=f"{REPOSITORY}:latest",
)
"""


@pytest.fixture
def by_hand(fleet: Servers, images: Images, registry: Registry, project: Project) -> Project:
    """A pyinfra project on one plain SSH host."""
    for version in ("v1", "v2"):
        images.app(version, service="blog", name="acme/blog")
    host = fleet[0]
    data = {"ssh_user": "root", "ssh_key": str(project.home / ".ssh/id_ed25519")}
    project.write("inventory.py", f"web = [({host.address!r}, {data!r})]\n")
    project.write("deploy.py", DEPLOY)
    project.environment.update(
        REGISTRY=registry.server,
        REGISTRY_USER=registry.user,
        REGISTRY_PASSWORD=registry.password,
    )
    return project


def test_operations_need_no_deploy_yml(fleet: Servers, by_hand: Project) -> None:
    host = fleet[0]
    for version in ("v1", "v2"):
        dry = by_hand.deploy(version, "--dry", "--json")
        done = by_hand.deploy(version, "-y", "--json")
        assert done.status == 0, done.text
        again = by_hand.deploy(version, "-y", "--json")
        assert changed(again) == set(), again.text
        assert predicted(dry) == changed(done)
        assert host.docker_ps() == ["blog-db", f"blog-web-{version}", "kamal-proxy"]
        assert host.get("/version", "blog.example.com").text == f"{version}\n"
    assert "TOKEN=t0ken" in host.inspect("blog-web-v2")["Config"]["Env"]
    mounts = host.inspect("blog-db")["HostConfig"]["Binds"]
    assert mounts == ["/root/blog-db/data:/var/lib/postgresql/data"]
    assert host.status("test -s blog-db/data/PG_VERSION") == 0


def test_a_plain_password_is_refused_before_it_can_be_printed(by_hand: Project) -> None:
    text = DEPLOY.replace('HiddenValue(os.environ["REGISTRY_PASSWORD"])', '"plain-pw"')
    by_hand.write("deploy.py", text)
    for words in (["--dry"], ["-y"]):
        done = by_hand.deploy("v1", *words)
        assert done.status == 1, done.text
        assert "not a string, since pyinfra prints plain values" in done.err
        assert "plain-pw" not in done.text
        assert "Traceback" not in done.text
