"""`--dry --diff` names the container and the field that a change touches, old and new."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from fleet.registry import Registry
from lab.deployed import Deployed, deploy_first
from lab.operations import changed, predicted
from lab.project import Project, Result
from lab.servers import Images, Servers

Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def app(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Deployed:
    """Version 1 on three servers, with something of everything to change."""
    app = deploy_first(
        fleet,
        images,
        registry,
        new_project,
        readiness_delay=1,
        labels={"team": "shop"},
        volumes=["uploads:/uploads"],
    )
    app.images.app("v2")
    for host in app.servers:
        host.sh("docker tag postgres:15 postgres:15.1")
    app.project.write("setup.py", "from kamalpy import deploys\n\ndeploys.setup()\n")
    return app


def lines_about(text: str, container: str) -> list[str]:
    """List the diff's lines about a container, without the host before them."""
    marks = ("+ ", "- ", "~ ")
    lines = (line.strip().partition("] ")[2] for line in text.splitlines())
    return sorted({line for line in lines if line[:2] in marks and line[2:].startswith(container)})


WEB = "test-web: "
JOB = "test-job: "
POSTGRES = "test-postgres: "


CHANGES = [
    pytest.param(
        lambda config: config["env"]["clear"].update(PHX_HOST="::"),
        WEB,
        [f"~ {WEB}env/PHX_HOST: 0.0.0.0 -> ::"],
        id="an env value",
    ),
    pytest.param(
        lambda config: config["labels"].update(team="store"),
        WEB,
        [f"~ {WEB}label/team: shop -> store"],
        id="a label",
    ),
    pytest.param(
        lambda config: config.update(volumes=["files:/uploads"]),
        WEB,
        [
            f"+ {WEB}volume: (none) -> files:/uploads",
            f"- {WEB}volume: uploads:/uploads -> (none)",
        ],
        id="a volume",
    ),
    pytest.param(
        lambda config: config["accessories"]["postgres"].update(port="127.0.0.1:5433:5432"),
        POSTGRES,
        [
            f"+ {POSTGRES}port: (none) -> 127.0.0.1:5433:5432/tcp",
            f"- {POSTGRES}port: 127.0.0.1:5432:5432/tcp -> (none)",
        ],
        id="a port",
    ),
    pytest.param(
        lambda config: config["servers"]["job"].update(options={"memory": "256m"}),
        JOB,
        [f"~ {JOB}options/memory: 0 -> 268435456"],
        id="the memory limit",
    ),
    pytest.param(
        lambda config: config["servers"]["job"].update(cmd="python -m app worker --slow"),
        JOB,
        [f"~ {JOB}cmd: python -m app worker -> python -m app worker --slow"],
        id="the command",
    ),
    pytest.param(
        lambda config: config["accessories"]["postgres"].update(image="postgres:15.1"),
        POSTGRES,
        [f"~ {POSTGRES}image: postgres:15 -> postgres:15.1"],
        id="an accessory's image",
    ),
]


def setup(app: Deployed, *words: str) -> Result:
    """Have pyinfra set up what deploy.yml says, or tell what that would change."""
    done = app.project.pyinfra("inventory.py", "setup.py", *words, env={"VERSION": "v1"})
    assert done.status == 0, done.text
    return done


@pytest.mark.parametrize(("change", "container", "expected"), CHANGES)
def test_one_change_gives_the_lines_of_one_field(
    app: Deployed, change: Change, container: str, expected: list[str]
) -> None:
    config = copy.deepcopy(app.config)
    change(config)
    app.project.configure(config)
    assert lines_about(setup(app, "--dry", "--diff").err, container) == expected


def test_what_is_said_is_what_is_done_and_it_is_done_once(app: Deployed) -> None:
    config = copy.deepcopy(app.config)
    for change in CHANGES:
        change.values[0](config)
    app.project.configure(config)
    dry = setup(app, "--dry", "--diff", "--json")
    for _, container, expected in (change.values for change in CHANGES):
        assert set(expected) <= set(lines_about(dry.err, container))
    assert predicted(dry) == changed(setup(app, "-y", "--json"))
    assert changed(setup(app, "-y", "--json")) == set()
    app.configure()
    setup(app, "-y")


def test_a_secret_is_shown_by_its_name_only(app: Deployed) -> None:
    app.project.environment["XAI_API_KEY"] = "xai-changed"
    dry = app.project.deploy("v1", "--dry", "--diff", "--json")
    assert lines_about(dry.err, WEB) == [f"~ {WEB}env/XAI_API_KEY: changes (secret)"]
    assert "xai-changed" not in dry.text
    assert "xai-4711" not in dry.text
    done = app.project.deploy("v1", "-y", "--json")
    assert predicted(dry) == changed(done)
    assert "XAI_API_KEY=xai-changed" in app.web[0].inspect("test-web-v1")["Config"]["Env"]


def test_a_new_version_is_a_new_container_with_a_new_image(
    app: Deployed, registry: Registry
) -> None:
    dry = app.project.deploy("v2", "--dry", "--diff")
    image = f"{registry.server}/acme/test"
    assert lines_about(dry.err, WEB) == [
        f"~ {WEB}container: test-web-v1 -> test-web-v2",
        f"~ {WEB}image: {image}:v1 -> {image}:v2",
    ]
    assert lines_about(dry.err, "route test-web") == [
        "~ route test-web: target: test-web-v1 -> test-web-v2"
    ]
