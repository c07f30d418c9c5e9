"""The registry, the images, and the sample app."""

from __future__ import annotations

import time
from collections.abc import Callable

from fleet.registry import Registry
from lab.host import Host
from lab.load import Load
from lab.servers import Images, Servers


def test_the_registry_wants_its_password(h1: Host, images: Images, registry: Registry) -> None:
    name = images.app("v1")
    assert name == f"{registry.server}/acme/test:v1"
    assert h1.status(f"docker pull {name}") == 1
    login = f"docker login --username {registry.user} --password-stdin {registry.server}"
    assert h1.status(f"echo wrong | {login}") == 1
    h1.sh(f"echo {registry.password} | {login} && docker pull {name}")
    assert h1.image(name)["Config"]["Labels"]["service"] == "test"


def test_the_hub_serves_plain_names_and_takes_none(fleet: Servers, registry: Registry) -> None:
    bare = fleet[2]
    bare.sh("docker image rm postgres:15 && docker pull postgres:15")
    assert bare.image("postgres:15")["Config"]["Volumes"] == {"/var/lib/postgresql/data": {}}
    bare.sh(f"docker tag postgres:15 {registry.hub}/x:1")
    assert bare.status(f"docker push {registry.hub}/x:1") == 1
    assert bare.status("docker pull nosuch:1") == 1


def test_seeded_images_need_no_download(h1: Host) -> None:
    assert "Image is up to date" in h1.sh("docker pull basecamp/kamal-proxy:v0.9.2")


def test_postgres_keeps_the_contract_of_the_official_image(h1: Host) -> None:
    ask = "docker exec -e PGPASSWORD={} db psql -h 127.0.0.1 -U ada -d book -Atc '{}'"
    variables = "-e POSTGRES_USER=ada -e POSTGRES_PASSWORD=right -e POSTGRES_DB=book"
    volume = "-v /root/pg:/var/lib/postgresql/data"
    start = f"docker run --detach --name db {variables} {volume} postgres:15"
    h1.sh(start)
    h1.wait_for(ask.format("right", "create table t as select 42 as n"))
    assert h1.status(ask.format("wrong", "select 1")) == 2
    assert h1.sh(ask.format("right", "show server_version")).startswith("15.")
    h1.sh("docker stop db && docker rm db")
    h1.sh(start)
    h1.wait_for(ask.format("right", "select n from t"))
    assert h1.sh(ask.format("right", "select n from t")) == "42\n"


def test_postgres_without_a_password_says_so(h1: Host) -> None:
    assert h1.status("docker run --name db postgres:15") == 1
    assert "You must specify POSTGRES_PASSWORD" in h1.logs("db")


def test_the_proxy_image_is_what_kamal_looks_for(h1: Host, images: Images) -> None:
    config = h1.image("basecamp/kamal-proxy:v0.9.2")["Config"]
    assert config["Labels"]["org.opencontainers.image.title"] == "kamal-proxy"
    assert ("kamalpy.stand-in" in config["Labels"]) == images.stands_in()
    assert sorted(config["ExposedPorts"]) == ["443/tcp", "80/tcp"]
    h1.sh("docker run --detach --name kamal-proxy -p 80:80 basecamp/kamal-proxy:v0.9.2")
    h1.wait_for("docker exec kamal-proxy kamal-proxy list")
    assert h1.get("/").status == 404


def test_the_app_says_its_version(start_app: Callable[..., Host]) -> None:
    for version in ("v1", "v2"):
        host = start_app(version)
        host.wait_for("curl -sf localhost/up")
        assert host.get("/version").text == f"{version}\n"
        assert host.get("/nosuch").status == 404


def test_the_app_shows_variables_to_tests_only(start_app: Callable[..., Host]) -> None:
    host = start_app(options="-e SHOWN=a=b")
    host.wait_for("curl -sf localhost/up")
    assert host.get("/env?name=SHOWN").status == 404
    host = start_app(options="-e SHOWN=a=b -e APP_TEST=1")
    host.wait_for("curl -sf localhost/up")
    assert host.get("/env?name=SHOWN").text == "a=b"


def test_a_fault_is_there_on_the_host_that_it_names(start_app: Callable[..., Host]) -> None:
    for here, status in (("10.0.0.1", 503), ("10.0.0.2", 200)):
        host = start_app("unhealthy", "unhealthy@10.0.0.1", f"-e KAMAL_HOST={here}")
        host.wait_for("curl -s localhost/up")
        assert host.get("/up").status == status
    host = start_app("crash", "crash")
    host.wait_for("docker ps -a --format '{{.Status}}' | grep -q 'Exited (1)'")
    assert host.logs("app") == "app: this version crashes when it starts\n"


def test_the_app_answers_what_it_has_begun(start_app: Callable[..., Host]) -> None:
    host = start_app()
    host.wait_for("curl -sf localhost/up")
    with Load([host.address], "x", rate=20, slow_path="/slow?ms=1500", slow_every=2) as load:
        time.sleep(1)
        slow = len(load.shots)
    assert slow < len(load.shots)
    host.sh("(sleep 0.3; docker stop app) & curl -sf 'localhost/slow?ms=1500'; wait")
    assert host.inspect("app")["State"]["ExitCode"] == 0
    assert load.failures() == []
