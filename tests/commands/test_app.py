"""The words by which a release is booted, switched to, retired and reverted."""

from __future__ import annotations

from typing import Any

import pytest

from kamalpy.commands import container, route
from kamalpy.commands.app import Commit, Release, Retirement, Times, marker
from kamalpy.commands.audit import Event
from kamalpy.commands.base import text
from kamalpy.spec.app import App
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.route import Route

TOKEN = "0123456789abcdef0123456789abcdef"
APP = App("blog", "web", "staging")
EVENT = Event("Booted app version v2", ".kamal/blog-audit.log", "ann", "staging", "web")
SPEC = ContainerSpec(name="blog-web-staging-v2", image="acme/blog:v2", env_file="web.env")
BACK = route.back_to("blog-web-staging", Route(service="blog-web-staging"), ["abc:80"])
RELEASE = Release("blog-staging", "web", SPEC.name, TOKEN, BACK, 45, session="7 42")
BACK_WORDS = [
    *("docker", "exec", "kamal-proxy", "kamal-proxy", "deploy", "blog-web-staging"),
    *("--target=abc:80", "--deploy-timeout=30s", "--drain-timeout=30s"),
    *("--buffer-requests=true", "--buffer-responses=true"),
]
ASIDE = "blog-web-staging-v2_replaced_0123456789abcdef"
MARKER = ".kamal/apps/blog-staging/deploying-web"
LINE = {
    "log": ".kamal/blog-audit.log",
    "tags": "[ann] [staging] [web]",
    "event": "Booted app version v2",
}
NAMES = {"name": SPEC.name, "aside": ASIDE, "marker": MARKER, "token": TOKEN, "stop": "45"}


def test_names() -> None:
    assert (RELEASE.aside, RELEASE.marker) == (ASIDE, MARKER)
    assert marker("blog", "job") == ".kamal/apps/blog/deploying-job"


def named(words: list[str]) -> dict[str, str]:
    """List the values of a script's named words."""
    return dict(word.split("=", 1) for word in words[1 : (*words, "--").index("--")])


def after(words: list[str]) -> list[str]:
    """List what follows a script's named words."""
    return words[words.index("--") + 1 :]


def test_boot(sh: Any) -> None:
    probe = Route(
        service="blog-web-staging",
        port=3000,
        health_interval=0.5,
        health_timeout=5,
        health_path="/up",
        health_port=9000,
        health_host="a.test",
    )
    run = sh.words(container.run(SPEC))

    words = sh.words(RELEASE.boot(SPEC, probe, EVENT, Times(31, 8, 2)))

    told = named(words)
    assert told.pop("guard") == text("guard")
    assert told == {
        **NAMES,
        **dict(
            connection="7 42", multiline="web.env.odd", timeout="31", delay="8", wait="2", **LINE
        ),
        "probe": "blog-web-staging-boot",
        "port": "3000",
        "checks": "--health-check-interval=0.5s\n--health-check-timeout=5s\n"
        "--health-check-path=/up\n--health-check-port=9000\n--health-check-host=a.test",
        "count": str(len(run)),
    }
    assert after(words) == [*run, *BACK_WORDS]


def test_boot_without_proxy(sh: Any) -> None:
    spec = ContainerSpec(name="blog-job-v2", image="acme/blog:v2")
    release = Release("blog", "job", spec.name, TOKEN)

    words = sh.words(release.boot(spec, None, Event("x"), Times()))

    told = named(words)
    assert (told["probe"], told["port"], told["connection"], told["multiline"]) == ("", "", "", "")
    assert (told["timeout"], told["delay"], told["wait"]) == ("30", "7", "0")
    assert after(words) == sh.words(container.run(spec))


@pytest.mark.parametrize(("stop", "word"), [(None, "10"), (0, "0"), (45, "45")])
def test_seconds_to_stop(sh: Any, stop: int | None, word: str) -> None:
    release = Release("blog", "web", "blog-web-v2", TOKEN, None, stop)

    assert named(sh.words(release.revert(Event("x"))))["stop"] == word
    assert named(sh.words(release.boot(SPEC, None, Event("x"), Times())))["stop"] == word


def test_switch(sh: Any) -> None:
    to = Route(service="blog-web-staging", port=3000, hosts=("a.test",))

    assert sh.words(RELEASE.switch(to)) == [
        *("switch", f"name={SPEC.name}", f"marker={MARKER}", f"token={TOKEN}"),
        *("service=blog-web-staging", "port=3000", "--"),
        *("--host=a.test", "--deploy-timeout=30s", "--drain-timeout=30s"),
        *("--buffer-requests=true", "--buffer-responses=true"),
    ]


def test_revert(sh: Any) -> None:
    words = sh.words(RELEASE.revert(EVENT))

    assert (words[0], named(words), after(words)) == ("revert", {**NAMES, **LINE}, BACK_WORDS)


@pytest.mark.parametrize(
    ("more", "how"), [({}, ""), ({"record": "{}"}, "new"), ({"back": True}, "back")]
)
def test_commit(sh: Any, more: dict[str, Any], how: str) -> None:
    command = RELEASE.commit(Commit(APP, "v2", "acme/blog:v2", **more), [MARKER, "other"])

    assert sh.words(command) == [
        *("commit", f"token={TOKEN}", f"markers={MARKER} other", f"how={how}"),
        "release=.kamal/apps/blog-staging/releases/web/v2",
        "env=.kamal/apps/blog-staging/env/roles/web.env",
        "image=acme/blog:v2",
    ]
    given = command.connector_arguments.get("_stdin")
    assert (given and "".join(given)) == ("{}\n" if more.get("record") else None)


def test_retire(sh: Any) -> None:
    old = Retirement(APP, "v2", "acme/blog:v2", "acme/blog:latest-staging", 5)

    words = sh.words(RELEASE.retire(old, EVENT))

    assert words[0] == "retire"
    assert named(words) == {
        "name": SPEC.name,
        "marker": MARKER,
        "stop": "45",
        "image": "acme/blog:v2",
        "latest": "acme/blog:latest-staging",
        "retain": "5",
        "log": LINE["log"],
        "tags": LINE["tags"],
        "service": "blog",
        "prefix": "blog-web-staging",
        "role": "web",
        "assets": ".kamal/apps/blog-staging/assets",
        "pages": ".kamal/proxy/apps-config/blog-staging/error_pages/v2",
        "prune": "yes",
    }
    assert after(words) == [
        *("--filter", "label=service=blog", "--filter", "label=role=web"),
        *("--filter", "label=destination=staging"),
    ]


def test_retire_with_nothing_else_running(sh: Any) -> None:
    release = Release("blog", "web", "blog-web-v2", TOKEN)
    old = Retirement(App("blog"), "v2", "blog:v2", None, 0, prune=False)

    told = named(sh.words(release.retire(old, Event(""))))

    assert [told[name] for name in ("stop", "latest", "retain", "log", "prune")] == [
        *("", "", "0", "", "")
    ]


def test_hostile_words(sh: Any) -> None:
    nasty = "'; touch pwned; $(touch pwned)\n*"
    release = Release(nasty, nasty, nasty, nasty, route.back_to(nasty, None, []))
    spec = ContainerSpec(name=nasty, image=nasty, env_file=nasty)

    words = sh.words(release.boot(spec, Route(service=nasty), Event(nasty, nasty, nasty), Times()))

    assert named(words)["name"] == nasty
    assert words[words.index("docker") + 1] == "run"
    assert words[-2:] == ["remove", nasty]
    assert sh.names() == []
