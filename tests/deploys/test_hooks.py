"""Hooks are run on this machine, in Kamal's order, once for all hosts."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

V1 = {"h1.test": ["blog-web-v1"], "h2.test": ["blog-web-v1"], "h3.test": ["blog-job-v1"]}
ALL = "h3.test,h1.test,h2.test"  # by the names of their roles, as in Kamal
NAMES = (
    *("pre-deploy", "pre-app-boot", "post-app-boot"),
    *("post-deploy", "post-deploy-failed", "docker-setup"),
)
Run = Callable[..., Any]


@pytest.fixture
def hooked(deployed: Any) -> Any:
    """The project, with every hook that a deploy knows."""
    for name in NAMES:
        deployed.hook(name, "true")
    return deployed


def test_all_goes_well(hooked: Any, run: Run) -> None:
    done = run()

    assert done.status == 0
    assert hooked.hooks == [
        f"pre-deploy deploy v2 {ALL}",
        "pre-app-boot deploy v2 h1.test,h2.test,h3.test",
        "post-app-boot deploy v2 h1.test,h2.test,h3.test",
        f"post-deploy deploy v2 {ALL}",
    ]


def test_in_groups_each_host_is_named_once(hooked: Any, run: Run) -> None:
    servers = {"web": ["h1.test", "h2.test"], "job": ["h1.test", "h3.test"]}
    hooked.configure(boot={"limit": 2}, servers=servers)
    for name in ("pre-app-boot", "post-app-boot"):
        hooked.hook(name, "grep -c . log.jsonl >>hooks.log")

    assert run().status == 0

    noted = [line for line in hooked.hooks if "app-boot" in line]
    assert noted == [
        *("pre-app-boot deploy v2 h1.test,h2.test", "pre-app-boot deploy v2 h3.test"),
        *("post-app-boot deploy v2 h1.test,h2.test", "post-app-boot deploy v2 h3.test"),
    ]


def test_post_app_boot_sees_the_new_version_serve_and_can_send_it_back(
    hooked: Any, run: Run
) -> None:
    hooked.hook("post-app-boot", "cp world.json seen.json; exit 1")

    assert run().status == 1

    seen = json.loads((hooked.folder / "seen.json").read_text())
    for host, version in (("h1.test", "v2"), ("h2.test", "v2")):
        (route,) = seen[host]["routes"].values()
        id_of_new = seen[host]["containers"][f"blog-web-{version}"]["inspect"]["Id"][:12]
        assert route["active_targets"][0].startswith(id_of_new)
    assert hooked.served() == {"h1.test": "blog-web-v1", "h2.test": "blog-web-v1"}
    assert hooked.running() == V1


def test_setup_has_one_more(project: Any, run: Run) -> None:
    for name in ("docker-setup", "pre-deploy"):
        project.hook(name, "true")

    assert run("setup", version="v1").status == 0

    assert project.hooks == [f"docker-setup setup v1 {ALL}", f"pre-deploy setup v1 {ALL}"]


def test_nothing_is_to_be_done(hooked: Any, run: Run) -> None:
    done = run(version="v1")

    assert (done.status, done.commands(), hooked.hooks) == (0, [], [])


def test_they_are_skipped_on_request(hooked: Any, run: Run) -> None:
    assert run(skip_hooks=True).status == 0

    assert hooked.hooks == []


def test_a_dry_run_runs_none(hooked: Any) -> None:
    assert hooked.pyinfra("kamalpy.deploys:deploy", "--dry").status == 0

    assert hooked.hooks == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("pre-deploy", set()),
        ("pre-app-boot", {"pull"}),
        ("post-app-boot", {"pull", "boot", "switch"}),
    ],
)
def test_one_fails_before_the_commit(hooked: Any, run: Run, name: str, told: set[str]) -> None:
    hooked.hook(name, "echo because >&2; exit 3")

    done = run()

    assert (done.status, hooked.running()) == (1, V1)
    assert {each for _, each in done.commands()} - {"put", "acquire", "release", "revert"} == told
    assert f".kamal/hooks/{name}: the hook {name} ended with 3" in done.text
    assert "because" in done.text
    assert hooked.hooks[-1] == f"post-deploy-failed deploy v2 {ALL}"
    assert "lock" not in hooked.world["h1.test"]


def test_the_last_one_fails_when_all_is_done(hooked: Any, run: Run) -> None:
    hooked.hook("post-deploy", "exit 3")

    done = run()

    assert done.status == 1
    assert hooked.running()["h1.test"] == ["blog-web-v2"]
    assert "lock" not in hooked.world["h1.test"]
    assert "v2 serves, but this failed: Hook post-deploy on h1.test" in done.text
    assert "Nothing is deployed" not in done.text


def test_a_deploy_fails(hooked: Any, run: Run) -> None:
    assert run(faults="h2.test:boot").status == 1

    assert [line.split()[0] for line in hooked.hooks] == [
        "pre-deploy",
        "pre-app-boot",
        "post-deploy-failed",
    ]


def test_some_hosts_only(hooked: Any, run: Run) -> None:
    assert run(limit=("h2.test",)).status == 0

    assert hooked.hooks[0] == "pre-deploy deploy v2 h2.test"


def test_they_get_secrets_and_kamals_variables(hooked: Any, run: Run) -> None:
    hooked.hook("pre-deploy", "env | grep -E '^(KAMAL_|TOKEN)' | sort >env.log")

    assert run().status == 0

    lines = (hooked.folder / "env.log").read_text().splitlines()
    told = dict(line.split("=", 1) for line in lines)
    assert told.pop("KAMAL_RECORDED_AT").endswith("Z")
    assert told.pop("KAMAL_PERFORMER")
    assert told == {
        "KAMAL_COMMAND": "deploy",
        "KAMAL_HOSTS": ALL,
        "KAMAL_LOCK": "true",
        "KAMAL_SERVICE": "blog",
        "KAMAL_SERVICE_VERSION": "blog@v2",
        "KAMAL_VERSION": "v2",
        "TOKEN": "hunter2",
    }


def test_a_command_below_another_is_named_in_full(hooked: Any) -> None:
    hooked.hook("pre-app-boot", "env | grep -E '^(KAMAL_([CSHL]|RO)|TOKEN)' | sort >env.log")

    done = hooked.kamalpy("ap", "bo", "-r", "we*", version="v1", KAMAL_LOCK="true")

    assert done.status == 0, done.err
    assert (hooked.folder / "env.log").read_text().splitlines() == [
        "KAMAL_COMMAND=app",
        "KAMAL_HOSTS=h1.test,h2.test",
        "KAMAL_LOCK=true",
        "KAMAL_ROLES=web",
        "KAMAL_SERVICE=blog",
        "KAMAL_SERVICE_VERSION=blog@v1",
        "KAMAL_SUBCOMMAND=boot",
    ]


@pytest.mark.parametrize(
    ("output", "words", "shown"),
    [
        (None, (), False),
        ("verbose", (), True),
        ({"pre-deploy": "verbose"}, (), True),
        ({"pre-deploy": "quiet"}, ("-v",), True),
        ("verbose", ("-q",), False),
    ],
)
def test_what_kamalpy_shows_of_what_they_print(
    hooked: Any, output: Any, words: tuple[str, ...], shown: bool
) -> None:
    hooked.hook("pre-deploy", "echo we are off with $TOKEN")
    hooked.configure(hooks_output=output)

    done = hooked.kamalpy("deploy", *words)

    assert done.status == 0
    assert ("    we are off with *TOKEN*\n" in done.err) == shown
    assert "hunter2" not in done.err


def test_what_they_print_is_shown_if_they_are_verbose(hooked: Any, run: Run) -> None:
    hooked.hook("pre-deploy", "echo we are off")
    hooked.configure(hooks_output="verbose")

    assert "we are off" in run().text
