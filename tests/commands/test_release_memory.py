"""The commit: nobody takes a release back any more, and the host remembers what it was."""

from __future__ import annotations

from typing import Any

import pytest

from kamalpy.commands.app import Commit, Release
from kamalpy.commands.audit import Event
from kamalpy.spec.app import App

APP = App("blog")
ENV = APP.env_file
TOKEN = "0123456789abcdef"
MARKERS = (".kamal/apps/blog/deploying-web", ".kamal/apps/blog/deploying-job")


@pytest.fixture(autouse=True)
def containers(docker: Any) -> None:
    docker.has({f"blog-web-v{number}": f"id{number} running" for number in range(1, 40)})


def commit(host: Any, version: str, *markers: str, **more: Any) -> Any:
    release = Release("blog", "web", f"blog-web-{version}", TOKEN)
    return host.run(release.commit(Commit(APP, version, f"acme/blog:{version}", **more), markers))


def write(host: Any, path: str, text: str) -> None:
    file = host.home / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(0o600)


def test_a_new_release_is_remembered_with_its_secrets(host: Any) -> None:
    write(host, ENV, "TOKEN=one\n")
    write(host, f"{ENV}.odd", "PEM='a\nb'\n")

    assert commit(host, "v1", record='{"form": 1}') == (0, "", "")

    folder = host.home / APP.release("v1")
    assert {path.name: path.read_text().strip() for path in folder.iterdir()} == {
        "release.json": '{"form": 1}',
        "env": "TOKEN=one",
        "env.odd": "PEM='a\nb'",
        "image": "",
    }
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_the_same_version_deployed_anew_is_another_release(host: Any) -> None:
    write(host, f"{ENV}.odd", "PEM=x\n")
    assert commit(host, "v1", record="first").status == 0
    (host.home / f"{ENV}.odd").unlink()

    assert commit(host, "v1", record="second").status == 0

    folder = host.home / APP.release("v1")
    assert sorted(path.name for path in folder.iterdir()) == ["image", "release.json"]
    assert (folder / "release.json").read_text().strip() == "second"


def test_a_release_that_cannot_be_remembered_leaves_nothing_to_go_back_to(host: Any) -> None:
    (host.home / ENV).mkdir(parents=True)

    ran = commit(host, "v1", record="{}")

    assert ran.status == 0
    assert "cannot remember what this release is" in ran[2]
    assert list((host.home / APP.release("v1")).parent.iterdir()) == []


def test_what_is_neither_new_nor_back_leaves_all_as_it_is(host: Any) -> None:
    write(host, ENV, "TOKEN=one\n")
    before = host.files()

    assert commit(host, "v1").status == 0

    assert host.files() == before


def test_a_release_that_comes_back_brings_its_secrets(host: Any) -> None:
    write(host, ENV, "TOKEN=two\n")
    write(host, f"{ENV}.odd", "PEM=two\n")
    write(host, f"{APP.release('v1')}/env", "TOKEN=one\n")

    assert commit(host, "v1", back=True) == (0, "", "")

    files = host.files()
    assert files[ENV] == "TOKEN=one\n"
    assert f"{ENV}.odd" not in files
    assert (host.home / ENV).stat().st_mode & 0o777 == 0o600


def test_one_of_which_nothing_is_remembered_leaves_secrets_as_they_are(host: Any) -> None:
    write(host, ENV, "TOKEN=two\n")

    assert commit(host, "v1", back=True) == (0, "", "")

    assert host.files() == {ENV: "TOKEN=two\n"}


def test_the_last_twenty_stay(host: Any) -> None:
    for number in range(1, 24):
        assert commit(host, f"v{number}", record="{}").status == 0

    kept = {path.name for path in (host.home / APP.releases / "web").iterdir()}
    assert len(kept) == 20
    assert "v23" in kept


def test_a_disk_that_is_full_is_reported_and_stops_nothing(host: Any) -> None:
    (host.home / ".kamal/apps/blog").mkdir(parents=True)
    (host.home / APP.releases).write_text("a file in the way")

    done = commit(host, "v1", record="{}")

    assert done.status == 0
    assert "a rollback will not bring back its settings" in done.err


def test_an_empty_record_replaces_none(host: Any) -> None:
    assert commit(host, "v1", record="{}").status == 0

    done = commit(host, "v1", record="")

    assert (done.status, "cannot remember" in done.err) == (0, True)
    assert host.files()[f"{APP.release('v1')}/release.json"] == "{}\n"


def test_guards_of_all_roles_stand_down_once_and_for_all(host: Any) -> None:
    for marker in (*MARKERS, ".kamal/apps/blog/deploying-other"):
        write(host, marker, f"{TOKEN} switched cccc\n")

    for _ in range(2):
        assert commit(host, "v1", *MARKERS) == (0, "", "")

    left = [path for path in host.files() if not path.endswith(".end")]
    assert left == [".kamal/apps/blog/deploying-other"]


@pytest.mark.parametrize("undone", ["being undone", "undone"])
def test_what_was_taken_back_is_not_committed(host: Any, undone: str) -> None:
    write(host, f"{MARKERS[0]}.end", f"{TOKEN} undone\n")
    if undone == "being undone":
        write(host, MARKERS[0], f"{TOKEN} switched cccc\n")
    before = host.files()

    done = commit(host, "v1", *MARKERS, record="{}")

    assert (done.status, done.err) == (1, "this host has taken the deploy back meanwhile\n")
    assert host.files() == before


def test_a_boot_that_nobody_remembers_is_not_committed(host: Any) -> None:
    assert commit(host, "v1", *MARKERS).status == 1

    assert host.files() == {}


def test_what_is_committed_is_not_taken_back(host: Any, docker: Any) -> None:
    docker.has({"blog-web-v1": "id1 running"})
    write(host, MARKERS[0], f"{TOKEN} switched id1\n")
    write(host, f"{MARKERS[0]}.end", f"{TOKEN} committed\n")
    release = Release("blog", "web", "blog-web-v1", TOKEN)

    assert host.run(release.revert(Event("x"))).status == 0

    assert docker.containers["blog-web-v1"] == "id1 running"
    assert docker.calls == []
