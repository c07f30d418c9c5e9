"""What scripts do with whatever Docker answers."""

from __future__ import annotations

import time
from typing import Any

import pytest

from kamalpy.commands import container, image, route
from kamalpy.commands.app import Release, Times
from kamalpy.commands.audit import Event
from kamalpy.commands.base import docker as docker_command
from kamalpy.secrets import Secret
from kamalpy.spec import env_file
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.route import Route

NASTY = "'; touch pwned; $(touch pwned) `touch pwned` \\ two  blanks\n*"
TOKEN = "0123456789abcdef"
MARKER = ".kamal/apps/blog/deploying-web"
EVENT = Event("Reverted", ".kamal/blog-audit.log", "ann")
RELEASE = Release("blog", "web", "new", TOKEN, docker_command("exec", "proxy", "back"), 3)
BACK = ["exec", "proxy", "back"]
STOPPED = "kamal-proxy is not running on this host (exited); start it with: kamalpy proxy boot"


def mark(host: Any, text: str) -> None:
    path = host.home / MARKER
    path.parent.mkdir(parents=True)
    path.write_text(f"{text}\n")


def marked(host: Any) -> str:
    """Read how far the deploy is, without who has brought it there."""
    told: str = host.files()[MARKER]
    return " ".join(told.split()[:3])


def left(host: Any) -> list[str]:
    """List the files of a host, but for how deploys have ended."""
    return [path for path in host.files() if not path.endswith(".end")]


class TestRevert:
    """It takes back exactly what this very deploy has begun."""

    @pytest.mark.parametrize("marker", [None, "another switched new0123456789", ""])
    def test_what_is_not_pending_stays(self, host: Any, docker: Any, marker: str | None) -> None:
        docker.has({"new": "new0123456789 running"})
        if marker is not None:
            mark(host, marker)
        before = host.files()

        assert host.run(RELEASE.revert(EVENT)) == (0, "", "")

        assert docker.calls == []
        assert host.files() == before

    def test_a_boot_that_has_no_container_yet(self, host: Any, docker: Any) -> None:
        mark(host, f"{TOKEN} booting -")

        assert host.run(RELEASE.revert(EVENT)) == (0, "", "")

        assert docker.calls == []
        assert left(host) == [".kamal/blog-audit.log"]

    def test_a_container_that_is_booting(self, host: Any, docker: Any) -> None:
        docker.has({"new": "new0123456789 running", RELEASE.aside: "old0123456789 running"})
        mark(host, f"{TOKEN} booting new0123456789")

        assert host.run(RELEASE.revert(EVENT)) == (0, "", "")

        assert docker.calls == [["rm", "-f", "new0123456789"], ["rename", RELEASE.aside, "new"]]
        assert docker.containers == {"new": "old0123456789 running"}

    @pytest.mark.parametrize(("stage", "back"), [("healthy", []), ("switched", [BACK])])
    def test_a_container_that_serves(
        self, host: Any, docker: Any, stage: str, back: list[list[str]]
    ) -> None:
        docker.has({"new": "new0123456789 running", "old": "old0123456789 running"})
        mark(host, f"{TOKEN} {stage} new0123456789")

        assert host.run(RELEASE.revert(EVENT)) == (0, "", "")

        assert docker.calls == [
            *back,
            ["stop", "-t", "3", "new0123456789"],
            ["rm", "-f", "new0123456789"],
        ]
        assert docker.containers == {"old": "old0123456789 running"}
        assert left(host) == [".kamal/blog-audit.log"]

    def test_it_stays_pending_if_the_way_back_fails(self, host: Any, docker: Any) -> None:
        docker.has({"new": "new0123456789 running"})
        docker.fails("exec")
        mark(host, f"{TOKEN} switched new0123456789")

        assert host.run(RELEASE.revert(EVENT)) == (1, "", "it is broken\n")

        assert docker.containers == {"new": "new0123456789 running"}
        assert left(host) == [MARKER]

    def test_a_first_version_that_the_proxy_has_refused(self, host: Any, docker: Any) -> None:
        docker.has({"new": "new0123456789 running"})
        docker.fails("exec", saying="Error: service not found")
        mark(host, f"{TOKEN} switched new0123456789")

        assert host.run(RELEASE.revert(EVENT)) == (0, "", "")

        assert docker.containers == {}
        assert left(host) == [".kamal/blog-audit.log"]


class TestSwitch:
    """The proxy is told an id, and a guard is told before."""

    def test_a_pending_deploy(self, host: Any, docker: Any) -> None:
        docker.has({"new": "new0123456789abc running"})
        mark(host, f"{TOKEN} healthy new0123456789abc")

        assert host.run(RELEASE.switch(Route(service=NASTY, port=3000))) == (0, "", "")

        assert docker.calls[0][:6] == [
            *("exec", "kamal-proxy", "kamal-proxy", "deploy", NASTY),
            "--target=new012345678:3000",
        ]
        assert marked(host) == f"{TOKEN} switched new0123456789abc"

    def test_without_a_deploy(self, host: Any, docker: Any) -> None:
        docker.has({"new": "new0123456789abc running"})

        assert host.run(RELEASE.switch(Route(service="blog-web"))) == (0, "", "")

        assert len(docker.calls) == 1
        assert host.files() == {}

    def test_no_such_container(self, host: Any, docker: Any) -> None:
        mark(host, f"{TOKEN} healthy gone")

        assert host.run(RELEASE.switch(Route(service="blog-web"))).status == 1

        assert docker.calls == []
        assert host.files() == {MARKER: f"{TOKEN} healthy gone\n"}


class TestBoot:
    """What is started is started with the very words, or not at all."""

    spec = ContainerSpec(
        name="new",
        image="acme/blog:v2",
        command=("sh", "-c", NASTY),
        env={"NASTY": NASTY},
        secrets={"KEY": Secret.of("KEY", f"{NASTY}\n")},
        env_file="web.env",
    )
    now = Times(timeout=1, delay=0, wait=0)

    def boot(self, host: Any) -> Any:
        _, odd = env_file.files("web.env", self.spec.secrets)
        (host.home / odd.path).write_bytes(odd.content or b"")
        return host.run(
            RELEASE.boot(self.spec, None, Event("Booted", "audit.log", "ann"), self.now)
        )

    def test_it_gets_healthy(self, host: Any, docker: Any) -> None:
        assert self.boot(host) == (0, "", "")

        (run,) = docker.calls
        assert run[:2] == ["run", "--detach"]
        assert run[-4:] == ["acme/blog:v2", "sh", "-c", NASTY]
        assert f"NASTY={NASTY}" in run
        assert f"KEY={NASTY}\n\n" in (docker.folder / "environment").read_text()
        assert marked(host) == f"{TOKEN} healthy new0123456789"
        assert host.names() == [".kamal", "audit.log", "web.env.odd"]

    def test_it_is_not_ready_before_its_readiness_delay(
        self, host: Any, docker: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(self, "now", Times(timeout=1, delay=1, wait=0))
        begun = time.monotonic()

        assert self.boot(host).status == 0

        assert time.monotonic() - begun >= 1

    def test_one_of_its_name_is_put_aside(self, host: Any, docker: Any) -> None:
        docker.has({"new": "old0123456789 running"})

        assert self.boot(host).status == 0

        assert docker.containers == {
            "new": "new0123456789 running",
            RELEASE.aside: "old0123456789 running",
        }

    def test_docker_refuses_to_run_it(self, host: Any, docker: Any) -> None:
        docker.has({"new": "old0123456789 running"})
        docker.fails("run")

        assert self.boot(host) == (1, "", "it is broken\n")

        assert docker.containers == {"new": "old0123456789 running"}
        assert host.names() == [".kamal", "web.env.odd"]
        assert MARKER not in host.files()

    def test_it_is_gone_at_once(self, host: Any, docker: Any) -> None:
        docker.has({"new": "old0123456789 running"})
        (docker.folder / "born").write_text("exited")

        status, _, err = self.boot(host)

        assert status == 1
        assert err.splitlines()[0] == "new did not get healthy within 1 s"
        assert docker.containers == {"new": "old0123456789 running"}
        assert MARKER not in host.files()


class TestStoppedProxy:
    """A proxy that does not run is reported as such, with what helps."""

    @pytest.fixture
    def stopped(self, docker: Any) -> Any:
        docker.has({"kamal-proxy": "proxy0123456 exited", "new": "old0123456789 running"})
        docker.fails("exec", saying="Error response from daemon: container c0ffee is not running")
        return docker

    def test_it_cannot_check_a_container(self, host: Any, stopped: Any) -> None:
        probe = Route(service="blog-web")

        booted = host.run(RELEASE.boot(TestBoot.spec, probe, Event("Booted"), TestBoot.now))

        assert booted == (1, "", f"{STOPPED}\n")
        assert stopped.containers["new"] == "old0123456789 running"

    @pytest.mark.parametrize(
        "command",
        [
            RELEASE.switch(Route(service="blog-web")),
            route.to_container(Route(service="blog-web"), "new"),
            container.start("new", Event("Started"), Route(service="blog-web")),
        ],
        ids=["switch", "route", "start"],
    )
    def test_it_routes_nothing(self, host: Any, stopped: Any, command: Any) -> None:
        status, _, err = host.run(command)

        assert (status, err.splitlines()[-1]) == (1, STOPPED)


class TestRun:
    """One container in the place of another, or the other one again."""

    spec = ContainerSpec(name="db", image="postgres:15", command=(NASTY,))

    def test_the_first_one(self, host: Any, docker: Any) -> None:
        event = Event("Booted db", "audit.log", "ann")

        assert host.run(container.replace(self.spec, event)) == (0, "", "")

        assert [words[0] for words in docker.calls] == ["run", "rm", "volume"]
        assert docker.calls[0][-2:] == ["postgres:15", NASTY]
        assert docker.containers == {"db": "new0123456789 running"}
        assert host.names() == [".kamal", "audit.log"]

    def test_in_the_place_of_another(self, host: Any, docker: Any) -> None:
        docker.has({"db": "old0123456789 running"})

        assert host.run(container.replace(self.spec, Event("x"), 30)) == (0, "", "")

        aside = docker.calls[0][2]
        assert [words[:3] for words in docker.calls] == [
            ["rename", "db", aside],
            ["stop", "-t", "30"],
            ["run", "--detach", "--restart"],
            ["rm", aside],
            ["volume", "ls", "--quiet"],
        ]
        assert docker.containers == {"db": "new0123456789 running"}

    @pytest.mark.parametrize("broken", ["run", "stop", None])
    def test_the_old_one_comes_back(self, host: Any, docker: Any, broken: str | None) -> None:
        docker.has({"db": "old0123456789 running"})
        docker.fails(*([broken] if broken else []))
        (docker.folder / "born").write_text("exited 1" if broken is None else "running")

        status, out, err = host.run(container.replace(self.spec, Event("x", "audit.log")))

        assert (status, out) == (1, "")
        assert err.splitlines()[0] == ("it is broken" if broken else "db did not stay up:")
        assert docker.containers == {"db": "old0123456789 running"}
        assert host.names() == []

    def test_whoever_has_its_port_is_named(self, host: Any, docker: Any) -> None:
        docker.fails("run")
        (docker.folder / "error").write_text("Bind for :80 failed: port is already allocated")
        traefik = "traefik (traefik:v2.10): 0.0.0.0:80->80/tcp"
        (docker.folder / "ports").write_text(f"{traefik}\nblog-web-v1 (acme/blog:v1): 3000/tcp\n")

        status, _, err = host.run(container.replace(self.spec, Event("x")))

        assert (status, err.splitlines()[-2:]) == (
            1,
            [
                f"  has ports: {traefik}",
                "traefik is the proxy of Kamal 1; kamalpy upgrade puts kamal-proxy in its place",
            ],
        )


@pytest.mark.parametrize(("broken", "names"), [(False, [".kamal", "audit.log"]), (True, [])])
def test_pull_is_noted_if_it_succeeds(
    host: Any, docker: Any, broken: bool, names: list[str]
) -> None:
    docker.fails(*(["pull"] if broken else []))

    ran = host.run(image.pull(NASTY, Event("Pulled", "audit.log"), "push it; $(id)"))

    assert (ran.status, docker.calls) == (int(broken), [["pull", "--quiet", NASTY]])
    assert ran.err.splitlines() == (["it is broken", "push it; $(id)"] if broken else [])
    assert host.names() == names
