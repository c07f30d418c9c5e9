"""A deploy over three hosts in which all goes well, or nothing is to be done."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

DEPLOY = ("kamalpy.deploys:deploy", "-y")
V1 = {"h1.test": ["blog-web-v1"], "h2.test": ["blog-web-v1"], "h3.test": ["blog-job-v1"]}
V2 = {"h1.test": ["blog-web-v2"], "h2.test": ["blog-web-v2"], "h3.test": ["blog-job-v2"]}
STAGES = ("acquire", "boot", "switch", "commit", "retire", "release")

Run = Callable[..., Any]


def test_from_nothing(project: Any, run: Run) -> None:
    done = run("setup", version="v1")

    assert (done.status, project.running()) == (0, V1)
    assert project.served() == {"h1.test": "blog-web-v1", "h2.test": "blog-web-v1"}
    assert done.commands("docker", "run") == [
        *[(host, "docker") for host, _ in done.commands("docker")],
        *[(host, "run") for host, _ in done.commands("run")],
    ]
    assert sorted(done.commands("docker", "run")) == [
        *[("h1.test", "docker"), ("h1.test", "run")],
        *[("h2.test", "docker"), ("h2.test", "run")],
        *[("h3.test", "docker")],
    ]
    assert "lock" not in project.world["h1.test"]


@pytest.mark.parametrize("command", ["setup", "deploy"])
def test_again(deployed: Any, run: Run, command: str) -> None:
    before = deployed.world

    done = run(command, version="v1")

    assert (done.status, done.commands()) == (0, [])
    assert deployed.world == before


def test_a_new_version_in_stages(deployed: Any, run: Run) -> None:
    done = run()

    assert (done.status, deployed.running()) == (0, V2)
    assert deployed.served() == {"h1.test": "blog-web-v2", "h2.test": "blog-web-v2"}
    order = [name for _, name in done.commands(*STAGES)]
    assert order[:-4] == ["acquire", *["boot"] * 3, *["switch"] * 2, *["commit"] * 3]
    assert sorted(order[-4:]) == ["release", "retire", "retire", "retire"]
    assert done.commands("acquire", "release") == [("h1.test", "acquire"), ("h1.test", "release")]
    assert not any(has["markers"] for has in deployed.world.values())


def test_few_commands(deployed: Any, run: Run) -> None:
    """At most 7 where the lock is and 6 elsewhere, whatever changed; a question is a command."""
    servers = {
        "web": {"hosts": ["h1.test", "h2.test"], "asset_path": "/public/assets"},
        "job": {"hosts": ["h1.test", "h3.test"], "cmd": "bin/jobs"},
    }
    pages = deployed.folder / "pages"
    pages.mkdir()
    (pages / "503.html").write_text("back soon")
    deployed.configure(
        env={"clear": {"MODE": "test"}, "secret": ["TOKEN"]},
        servers=servers,
        error_pages_path="pages",
    )
    (deployed.folder / ".kamal/secrets").write_text("TOKEN=rotated\n")

    done = run(checks=False)

    assert done.status == 0
    assert {"put", "assets", "pull"} <= {name for _, name in done.commands()}
    assert done.ssh_commands == {"h1.test": 7, "h2.test": 6, "h3.test": 5}


def test_one_command_where_nothing_is_to_do(deployed: Any, run: Run) -> None:
    done = run(version="v1", checks=False)

    assert done.ssh_commands == {"h1.test": 1, "h2.test": 1, "h3.test": 1}


@pytest.mark.parametrize("parallel", [1, 2])
def test_the_lock_is_held_until_the_last_host_has_retired(
    deployed: Any, run: Run, parallel: int
) -> None:
    assert run(parallel=parallel).commands("retire", "release")[-1] == ("h1.test", "release")


def test_a_dry_run_reads_and_changes_nothing(deployed: Any) -> None:
    before = deployed.world

    done = deployed.pyinfra("kamalpy.deploys:deploy", "--dry")

    assert (done.status, done.commands()) == (0, [])
    assert sorted(host for host, _ in done.told) == ["h1.test", "h2.test", "h3.test"]
    assert deployed.world == before


def test_a_dry_run_shows_what_differs(deployed: Any) -> None:
    deployed.configure(env={"clear": {"MODE": "test"}, "secret": ["TOKEN"]})
    (deployed.folder / ".kamal/secrets").write_text("TOKEN=rotated\n")

    done = deployed.pyinfra("kamalpy.deploys:deploy", "--dry", "--diff", version="v1")

    for host, role in (("h1", "web"), ("h2", "web"), ("h3", "job")):
        assert f"[{host}.test] ~ blog-{role}: env/MODE: production -> test" in done.text
        assert f"[{host}.test] ~ blog-{role}: env/TOKEN: changes (secret)" in done.text
    assert "rotated" not in done.text


def test_the_same_version_with_another_setting_is_replaced_where_it_is_touched(
    deployed: Any, run: Run
) -> None:
    servers = {
        "web": ["h1.test", "h2.test"],
        "job": {"hosts": ["h3.test"], "cmd": "bin/jobs", "options": {"memory": "1g"}},
    }
    deployed.configure(servers=servers)

    done = run(version="v1")

    assert (done.status, deployed.running()) == (0, V1)
    assert done.commands("boot", "switch", "commit", "retire") == [
        *[("h3.test", "boot"), ("h3.test", "commit"), ("h3.test", "retire")]
    ]
    (old,) = (name for name in deployed.world["h3.test"]["containers"] if "_replaced_" in name)
    assert deployed.world["h3.test"]["containers"][old]["inspect"]["State"]["Status"] == "exited"


@pytest.mark.parametrize(
    ("boot", "groups"),
    [
        ({}, [["h1", "h2", "h3"]]),
        ({"limit": 1}, [["h1"], ["h2"], ["h3"]]),
        ({"limit": 2}, [["h1", "h2"], ["h3"]]),
        ({"limit": "100%"}, [["h1", "h2", "h3"]]),
    ],
)
def test_boots_group_by_group(
    deployed: Any, run: Run, boot: dict[str, Any], groups: list[list[str]]
) -> None:
    deployed.configure(boot=boot or None)

    done = run()

    booted = [host.partition(".")[0] for host, _ in done.commands("boot")]
    sizes = [len(group) for group in groups]
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    found = [sorted(booted[at : at + size]) for at, size in zip(starts, sizes, strict=True)]
    assert found == groups


def test_waits_before_each_group_but_the_first(deployed: Any, run: Run) -> None:
    deployed.configure(boot={"limit": 1, "wait": 11})

    done = run()

    boots = [(host, "wait=11" in words) for host, words in done.told if words[0] == "boot"]
    assert boots == [("h1.test", False), ("h2.test", True), ("h3.test", True)]


def test_roles_of_one_host_boot_together_on_request(deployed: Any, run: Run) -> None:
    deployed.configure(
        servers={"web": ["h1.test"], "job": ["h1.test"], "cron": ["h1.test"]},
        boot={"parallel_roles": True},
    )

    done = run()

    assert (done.status, deployed.running()["h1.test"]) == (
        0,
        ["blog-cron-v2", "blog-job-v2", "blog-web-v2"],
    )


def test_no_secret_is_shown(deployed: Any) -> None:
    done = deployed.pyinfra("kamalpy.deploys:setup", "-y", "-vvv", "--debug", "--diff")

    assert done.status == 0
    assert "hunter2" not in done.text
    assert "aHVudGVyMg" not in done.text
    assert "hunter2" not in (deployed.folder / "log.jsonl").read_text()


def test_a_deploy_file_may_do_other_things_as_well(deployed: Any) -> None:
    (deployed.folder / "deploy.py").write_text(
        "from kamalpy import deploys\n"
        "from pyinfra.operations import server\n\n"
        'server.shell(name="Before", commands=["before"])\n'
        "deploys.deploy()\n"
        'server.shell(name="After", commands=["after"])\n'
    )

    done = deployed.pyinfra("deploy.py", "-y")

    assert (done.status, deployed.running()) == (0, V2)
    names = [name for _, name in done.commands()]
    assert names[:3] == ["before"] * 3
    assert names[-3:] == ["after"] * 3


def test_accessories_that_differ_are_reported_and_left(deployed: Any) -> None:
    cache = {"image": "redis:7", "host": "h3.test", "cmd": "redis-server"}
    deployed.configure(accessories={"cache": cache})
    assert deployed.pyinfra("kamalpy.deploys:setup", "-y", version="v1").status == 0
    deployed.configure(accessories={"cache": {**cache, "cmd": "redis-server --save ''"}})
    before = deployed.world

    for flag in ("--dry", "-y"):
        done = deployed.pyinfra("kamalpy.deploys:deploy", flag, version="v1")

        assert (done.status, deployed.world) == (0, before)
        (line,) = (each for each in done.text.splitlines() if "is not as deploy.yml says" in each)
        assert "[h3.test] blog-cache on h3.test is not as deploy.yml says: cmd: " in line
        assert line.endswith("kamalpy.deploys:accessory_boot accessory=cache")


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_what_a_host_has_noted_is_shown_by_the_next_deploy(deployed: Any, version: str) -> None:
    world, note = deployed.world, "blog-web-v0 could not be taken back: the proxy is broken"
    world["h2.test"]["notes"] = {".kamal/apps/blog/deploying-web.note": note}
    (deployed.folder / "world.json").write_text(json.dumps(world))

    assert f"[h2.test] h2.test: {note}" in deployed.pyinfra(*DEPLOY, version=version).text
    assert f"h2.test: {note}" in deployed.kamalpy("deploy", version=version).err
