"""What a host remembers of a release when it is committed, and what comes back with it."""

from __future__ import annotations

from typing import Any

import pytest

from kamalpy.commands.app import Release, Retirement
from kamalpy.commands.audit import Event
from kamalpy.spec.app import App

APP = App("blog")
ENV = APP.env_file


@pytest.fixture(autouse=True)
def containers(docker: Any) -> None:
    docker.has({f"blog-web-v{number}": f"id{number} running" for number in range(1, 40)})


def retire(host: Any, version: str, **more: Any) -> Any:
    release = Release("blog", "web", f"blog-web-{version}", "token")
    old = Retirement(APP, version, f"acme/blog:{version}", None, 5, prune=False, **more)
    return host.run(release.retire(old, Event("")))


def write(host: Any, path: str, text: str) -> None:
    file = host.home / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(0o600)


def test_a_new_release_is_remembered_with_its_secrets(host: Any) -> None:
    write(host, ENV, "TOKEN=one\n")
    write(host, f"{ENV}.odd", "PEM='a\nb'\n")

    assert retire(host, "v1", record='{"form": 1}') == (0, "", "")

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
    assert retire(host, "v1", record="first").status == 0
    (host.home / f"{ENV}.odd").unlink()

    assert retire(host, "v1", record="second").status == 0

    folder = host.home / APP.release("v1")
    assert sorted(path.name for path in folder.iterdir()) == ["image", "release.json"]
    assert (folder / "release.json").read_text().strip() == "second"


def test_what_is_neither_new_nor_back_leaves_all_as_it_is(host: Any) -> None:
    write(host, ENV, "TOKEN=one\n")
    before = host.files()

    assert retire(host, "v1").status == 0

    assert host.files() == before


def test_a_release_that_comes_back_brings_its_secrets(host: Any) -> None:
    write(host, ENV, "TOKEN=two\n")
    write(host, f"{ENV}.odd", "PEM=two\n")
    write(host, f"{APP.release('v1')}/env", "TOKEN=one\n")

    assert retire(host, "v1", back=True) == (0, "", "")

    files = host.files()
    assert files[ENV] == "TOKEN=one\n"
    assert f"{ENV}.odd" not in files
    assert (host.home / ENV).stat().st_mode & 0o777 == 0o600


def test_one_of_which_nothing_is_remembered_leaves_secrets_as_they_are(host: Any) -> None:
    write(host, ENV, "TOKEN=two\n")

    assert retire(host, "v1", back=True) == (0, "", "")

    assert host.files() == {ENV: "TOKEN=two\n"}


def test_the_last_twenty_stay(host: Any) -> None:
    for number in range(1, 24):
        assert retire(host, f"v{number}", record="{}").status == 0

    kept = {path.name for path in (host.home / APP.releases / "web").iterdir()}
    assert len(kept) == 20
    assert "v23" in kept


def test_a_disk_that_is_full_is_told_and_stops_nothing(host: Any, docker: Any) -> None:
    (host.home / ".kamal/apps/blog").mkdir(parents=True)
    (host.home / APP.releases).write_text("a file in the way")

    done = retire(host, "v1", record="{}")

    assert done.status == 0
    assert "a rollback will not bring back its settings" in done.err
    assert docker.calls[0][0] == "stop"
