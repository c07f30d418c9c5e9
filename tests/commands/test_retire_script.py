"""What goes when a release is committed, and what stays."""

from __future__ import annotations

from typing import Any

import pytest

from kamalpy.commands.app import Release, Retirement
from kamalpy.commands.audit import Event
from kamalpy.spec.app import App

APP = App("blog")
RELEASE = Release("blog", "web", "blog-web-v3", "token", None, 7)
CONTAINERS = {
    "blog-web-v3": "cccc running",
    "blog-web-v2": "bbbb running",
    "blog-web-v1": "aaaa exited",
    "blog-web-v0": "0000 exited",
}
SWEEP = ["volume", "ls", "--quiet", "--filter", "dangling=true"]
SWEEP += ["--filter", "label=kamalpy.secrets"]
FILTERS = ["--filter", "label=service=blog", "--filter", "label=role=web"]


@pytest.fixture
def docker(docker: Any) -> Any:
    docker.has(CONTAINERS)
    (docker.folder / "used").write_text("acme/blog:v3\nacme/blog:v2\nacme/blog:v1\n")
    (docker.folder / "images").write_text(
        "".join(f"acme/blog:{tag}\n" for tag in ("latest", "v3", "v2", "v1", "v0", "<none>"))
    )
    return docker


def retire(host: Any, latest: str | None = "acme/blog:latest", retain: int = 1) -> Any:
    old = Retirement(APP, "v3", "acme/blog:v3", latest, retain)
    return host.run(RELEASE.retire(old, Event("", "audit.log", "ann")))


def test_everything_old_goes(host: Any, docker: Any) -> None:
    assert retire(host) == (0, "", "")

    assert docker.calls == [
        ["tag", "acme/blog:v3", "acme/blog:latest"],
        ["stop", "-t", "7", "bbbb"],
        ["rm", "aaaa", "bbbb"],
        SWEEP,
        ["image", "ls", "--format", "{{.Repository}}:{{.Tag}}", "acme/blog"],
        ["rmi", "acme/blog:v0"],
        ["image", "prune", "--force", "--filter", "label=service=blog"],
    ]
    assert docker.containers == {"blog-web-v0": "0000 exited", "blog-web-v3": "cccc running"}


def test_only_its_own_role_and_destination_are_looked_at(host: Any, docker: Any) -> None:
    retire(host)

    told = (docker.folder / "log").read_text().split("\x1e\0")
    asked = [words.split("\0")[:-1] for words in told if words.startswith("ps\0")]
    of_all = [words for words in asked if "{{.Image}}" not in words]
    assert len(of_all) == 1
    for words in of_all:
        first = words.index("--filter")
        assert words[first : first + 6] == [*FILTERS, "--filter", "label=destination="]


def test_enough_remain_for_a_rollback(host: Any, docker: Any) -> None:
    assert retire(host, retain=3).status == 0

    assert [words[0] for words in docker.calls if words[0] == "rm"] == []


def test_without_a_latest_image_no_image_goes(host: Any, docker: Any) -> None:
    assert retire(host, latest=None).status == 0

    assert [words[0] for words in docker.calls] == ["stop", "rm", "volume"]


@pytest.mark.parametrize("broken", ["stop", "tag", "rm"])
def test_what_fails_is_reported_and_the_rest_is_done(host: Any, docker: Any, broken: str) -> None:
    docker.fails(broken)

    done = retire(host)

    assert (done.status, done.err.splitlines()[0]) == (1, "it is broken")
    told = {words[0] for words in docker.calls}
    assert {"stop", "tag", "rm", "rmi", "volume"} <= told


def test_nothing_is_left_of_the_commit(host: Any, docker: Any) -> None:
    end = host.home / f"{RELEASE.marker}.end"
    end.parent.mkdir(parents=True)
    end.write_text("token committed\n")

    assert retire(host).status == 0

    assert list(host.files()) == ["audit.log"]


def test_a_deploy_that_has_begun_meanwhile_sees_to_what_runs(host: Any, docker: Any) -> None:
    (host.home / RELEASE.marker).parent.mkdir(parents=True)
    (host.home / RELEASE.marker).write_text("another booting -\n")

    assert retire(host).status == 0

    assert [words[0] for words in docker.calls if words[0] == "stop"] == []


def test_a_container_that_is_not_there(host: Any, docker: Any) -> None:
    docker.has({"blog-web-v4": "dddd running"})
    (docker.folder / "containers/blog-web-v3").unlink()

    assert retire(host).status == 1

    assert docker.calls == []


def test_assets_and_error_pages_of_versions_that_are_still_there_go(host: Any, docker: Any) -> None:
    assets, pages = host.home / APP.assets, host.home / ".kamal/proxy/apps-config/blog/error_pages"
    for version in ("v3", "v2", "v1"):
        for folder in (assets / f"volumes/web-{version}", assets / f"extracted/web-{version}"):
            folder.mkdir(parents=True)
        (pages / version).mkdir(parents=True)
    (assets / "volumes/job-v1").mkdir()

    assert retire(host).status == 0

    left = sorted(str(path.relative_to(host.home)) for path in assets.glob("*/*"))
    assert left == [
        f"{APP.assets}/extracted/web-v3",
        f"{APP.assets}/volumes/job-v1",
        f"{APP.assets}/volumes/web-v3",
    ]
    assert [path.name for path in pages.iterdir()] == ["v3"]


def test_what_was_done_is_noted(host: Any, docker: Any) -> None:
    retire(host)

    lines = host.files()["audit.log"].splitlines()
    assert [line.partition("Z] ")[2] for line in lines] == [
        "[ann] Tagging acme/blog:v3 as the latest image",
        "[ann] Pruned containers",
        "[ann] Pruned images",
    ]


def test_what_was_not_done_is_not(host: Any, docker: Any) -> None:
    (docker.folder / "images").write_text("acme/blog:v3\n")
    retire(host, retain=3)

    assert host.files()["audit.log"].count("\n") == 1
