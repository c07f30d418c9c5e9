"""What kamalpy reports, and its exit status, when something fails on real servers."""

from __future__ import annotations

import json
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fleet.registry import Registry
from lab import configurations
from lab.project import Project, Result
from lab.servers import Images, Servers

KAMALPY = Path(sys.executable).parent / "kamalpy"


class App:
    """A project on one server."""

    def __init__(self, project: Project, servers: Servers, images: Images, config: Any) -> None:
        self.project, self.servers, self.images, self.config = project, servers, images, config

    def run(self, *words: object, version: str = "v1", **env: str) -> Result:
        return self.project.run(KAMALPY, *words, env={"VERSION": version, **env})

    def changed(self, **changes: Any) -> str:
        """Write another deploy.yml, and return its path."""
        self.project.configure({**self.config, **changes}, destination="odd")
        return "config/deploy.odd.yml"


@pytest.fixture(scope="module")
def app(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> App:
    """Version 1, set up by kamalpy."""
    fleet.renew(1)
    project = new_project()
    project.introduce("Ada", "ada@example.com")
    config = configurations.first(fleet[0].address, registry)
    del config["accessories"]
    config |= {"readiness_delay": 1, "deploy_timeout": 4}
    project.configure(config)
    project.secrets(configurations.secrets(registry))
    images.app("v1")
    app = App(project, fleet, images, config)
    done = app.run("setup")
    assert done.status == 0, done.text
    return app


def test_a_second_setup_has_nothing_to_do_and_a_plan_says_so(app: App) -> None:
    done = app.run("setup")
    assert (done.status, done.out) == (0, ""), done.text
    assert re.match(r"setup: nothing to do, \d+\.\d s\nLog: ", done.err)

    plan = app.run("plan")
    assert plan.status == 0, plan.text
    assert app.run("plan", version="v2").status == 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"ssh": {"user": "nobody"}},
            "ssh: ADDRESS refuses nobody with ~/.ssh/id_ed25519; put the public key there: "
            "ssh-copy-id nobody@ADDRESS; or change ssh/user in deploy.yml (images of providers "
            "have ubuntu, debian, ec2-user or admin); by hand: ssh nobody@ADDRESS",
        ),
        (
            {"ssh": {"port": 2222}},
            "ssh: nothing listens on port 2222 of ADDRESS; check that its SSH server is up, and on "
            "which port (ssh/port in deploy.yml); by hand: ssh -p 2222 root@ADDRESS",
        ),
        (
            {"servers": ["no.such.host.invalid"], "sshkit": {"dns_retries": 0}},
            "ssh: no.such.host.invalid does not resolve to an address; check its spelling in "
            "deploy.yml; by hand: ssh root@no.such.host.invalid",
        ),
    ],
    ids=["user", "port", "name"],
)
def test_a_server_that_lets_nobody_in(app: App, changes: dict[str, Any], message: str) -> None:
    path = app.changed(**changes)

    done = app.run("deploy", "-c", path)

    lines = done.err.splitlines()
    assert done.status == 6, done.text
    assert lines[0].endswith(f"  {message.replace('ADDRESS', app.servers[0].address)}")
    assert lines[1:3] == [
        "ERROR: no server can be reached",
        f"Try: kamalpy doctor -c {path}",
    ]
    assert "Traceback" not in done.text


def test_a_version_that_is_not_in_the_registry(app: App) -> None:
    done = app.run("deploy", "-P", version="nowhere")

    assert done.status == 1
    assert re.search(r"✗ Prepare nowhere  .*\n    .*not found", done.err), done.text
    assert "build the image and push it" in done.err


def test_a_version_that_cannot_be_built_here(app: App) -> None:
    """A machine without Docker, and a registry without the version."""
    done = app.run("deploy", version="nowhere", PATH=str(app.project.home))

    assert done.status == 1
    assert "docker: is not on this machine; install Docker" in done.err
    assert "Nothing is deployed, since the image was not built and pushed" in done.err


def test_a_version_that_is_sick(app: App) -> None:
    app.images.app("sick", fault="unhealthy")

    done = app.run("deploy", "--json", version="sick")

    events = [json.loads(line) for line in done.out.splitlines()]
    (failed,) = (each for each in events if each.get("status") == "failed")
    assert done.status == 4
    assert failed["said"][:2] == [
        "test-web-sick did not get healthy within 4 s",
        "its health check got: unexpected status (503)",
    ]
    assert (events[-1]["event"], events[-1]["status"]) == ("ends", 4)
    assert events[-1]["next"] == "kamalpy details"
    assert "test-web-v1" in app.servers[0].docker_ps()


def test_a_proxy_that_does_not_switch(app: App) -> None:
    app.images.app("v2")
    h1 = app.servers[0]
    with h1.gate("""['"] switch """):
        running = app.project.start(KAMALPY, "deploy", "--skip-push", env={"VERSION": "v2"})
        h1.wait_for("test -e /run/fleet-gate-reached")
        h1.sh("docker stop --time 0 test-web-v2")
    done = running.wait()

    assert done.status == 5, done.text
    assert "Nothing is deployed, since this failed: Switch to v2" in done.out
    assert "\nTry: kamalpy details\n" in done.out
    assert [name for name in h1.docker_ps() if name != "kamal-proxy"] == ["test-web-v1"]
    assert h1.get("/version", configurations.HOST).text.strip() == "v1"
    assert h1.status("test -e .kamal/lock-test") == 1


def test_a_lock_that_somebody_holds(app: App) -> None:
    app.images.app("v2")
    assert app.run("lock", "acquire", "-m", "hands off").status == 0

    done = app.run("deploy", version="v2")

    assert app.run("lock", "release").status == 0
    assert done.status == 3
    assert "Message: hands off" in done.err
    assert "\nTry: kamalpy lock status\n" in done.err


def test_somebody_presses_ctrl_c(app: App) -> None:
    app.images.app("slow", fault="unhealthy")
    h1 = app.servers[0]
    running = app.project.start(KAMALPY, "deploy", env={"VERSION": "slow"})
    h1.wait_for("docker ps | grep -q test-web-slow")

    running.send(signal.SIGINT)

    done = running.wait()
    assert done.status == 130, done.text
    assert "Interrupted: putting things in order before the end" in done.out
    assert "Traceback" not in done.out
    assert h1.status("test -e .kamal/lock-test") == 1
    assert [name for name in h1.docker_ps() if name != "kamal-proxy"] == ["test-web-v1"]


def test_an_image_is_pulled_before_a_deploy(
    app: App,
) -> None:
    app.images.app("v3")
    h1 = app.servers[0]

    done = app.run("build", "pull", version="v3")

    assert done.status == 0, done.text
    assert "build pull has changed 1 step on 1 host" in done.err
    assert h1.image(f"{app.images.registry.server}/acme/test:v3")
    assert h1.sh("tail -1 /root/.kamal/test-audit.log").endswith("Pulled image with version v3\n")


def test_what_needs_no_server(app: App) -> None:
    done = [app.run("docs", "proxy"), app.run("help", "deploy"), app.run("tree")]
    assert [(each.status, each.err) for each in done] == [(0, "")] * 3


def test_details_of_the_app(app: App) -> None:
    done = app.run("app", "details")
    assert (done.status, done.err) == (0, ""), done.text
    assert "test-web-v1" in done.out


def test_a_tag_that_was_pushed_again_is_deployed(app: App) -> None:
    app.images.app("v1", fault="unhealthy@10.0.0.1")  # another image of that name, fit here

    planned, done = app.run("plan"), app.run("deploy")

    assert (planned.status, done.status) == (2, 0), done.text
    assert "Prepare v1" in planned.text
    container = app.servers[0].inspect("test-web-v1")
    assert "APP_FAULT=unhealthy@10.0.0.1" in container["Config"]["Env"]
    assert app.run("deploy").err.startswith("deploy: nothing to do")
