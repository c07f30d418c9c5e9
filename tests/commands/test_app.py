"""The words by which a release is booted, switched to, retired and reverted."""

from __future__ import annotations

from typing import Any

import pytest

from kamalpy.commands import container, route
from kamalpy.commands.app import Release, Retirement, Times, marker
from kamalpy.commands.audit import Event
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
LINE = [".kamal/blog-audit.log", "[ann] [staging] [web]", "Booted app version v2"]


def test_names() -> None:
    assert (RELEASE.aside, RELEASE.marker) == (ASIDE, MARKER)
    assert marker("blog", "job") == ".kamal/apps/blog/deploying-job"


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

    assert sh.words(RELEASE.boot(SPEC, probe, EVENT, Times(31, 8, 2))) == [
        *("boot", SPEC.name, ASIDE, MARKER, TOKEN, "45", "31", "8", "2", "7 42"),
        *LINE,
        "web.env.odd",
        *("blog-web-staging-boot", "3000", "0.5s", "5s", "/up", "9000", "a.test"),
        str(len(run)),
        *run,
        *BACK_WORDS,
    ]


def test_boot_without_proxy(sh: Any) -> None:
    spec = ContainerSpec(name="blog-job-v2", image="acme/blog:v2")
    release = Release("blog", "job", spec.name, TOKEN)
    run = sh.words(container.run(spec))

    assert sh.words(release.boot(spec, None, Event("x"), Times())) == [
        *("boot", spec.name, f"{spec.name}_replaced_{TOKEN[:16]}"),
        *(".kamal/apps/blog/deploying-job", TOKEN, "10", "30", "7", "0", ""),
        *("", "", "x"),
        "",
        *[""] * 7,
        str(len(run)),
        *run,
    ]


@pytest.mark.parametrize(("stop", "word"), [(None, "10"), (0, "0"), (45, "45")])
def test_seconds_to_stop(sh: Any, stop: int | None, word: str) -> None:
    release = Release("blog", "web", "blog-web-v2", TOKEN, None, stop)

    assert sh.words(release.revert(Event("x")))[5] == word
    assert sh.words(release.boot(SPEC, None, Event("x"), Times()))[5] == word


def test_switch(sh: Any) -> None:
    to = Route(service="blog-web-staging", port=3000, hosts=("a.test",))

    assert sh.words(RELEASE.switch(to)) == [
        *("switch", SPEC.name, MARKER, TOKEN, "blog-web-staging", "3000"),
        *("--host=a.test", "--deploy-timeout=30s", "--drain-timeout=30s"),
        *("--buffer-requests=true", "--buffer-responses=true"),
    ]


def test_revert(sh: Any) -> None:
    assert sh.words(RELEASE.revert(EVENT)) == [
        *("revert", SPEC.name, ASIDE, MARKER, TOKEN, "45"),
        *LINE,
        *BACK_WORDS,
    ]


def test_retire(sh: Any) -> None:
    old = Retirement(APP, "v2", "acme/blog:v2", "acme/blog:latest-staging", 5, ("job", "cron"))

    assert sh.words(RELEASE.retire(old, EVENT)) == [
        *("retire", "blog", SPEC.name),
        f"{MARKER} .kamal/apps/blog-staging/deploying-job .kamal/apps/blog-staging/deploying-cron",
        *("45", "acme/blog:v2", "acme/blog:latest-staging", "5"),
        *LINE[:2],
        *("blog-web-staging", "web", ".kamal/apps/blog-staging/assets"),
        ".kamal/proxy/apps-config/blog-staging/error_pages/v2",
        *("", ".kamal/apps/blog-staging/releases/web/v2"),
        *(".kamal/apps/blog-staging/env/roles/web.env", "prune"),
        *("--filter", "label=service=blog", "--filter", "label=role=web"),
        *("--filter", "label=destination=staging"),
    ]


@pytest.mark.parametrize(
    ("more", "how"), [({}, ""), ({"record": "{}"}, "new"), ({"back": True}, "back")]
)
def test_what_retire_remembers(sh: Any, more: dict[str, Any], how: str) -> None:
    command = RELEASE.retire(Retirement(APP, "v2", "blog:v2", None, 5, prune=False, **more), EVENT)

    assert sh.words(command)[14:18] == [
        how,
        ".kamal/apps/blog-staging/releases/web/v2",
        ".kamal/apps/blog-staging/env/roles/web.env",
        "",
    ]
    given = command.connector_arguments.get("_stdin")
    assert (given and "".join(given)) == more.get("record")


def test_retire_with_nothing_beside_it(sh: Any) -> None:
    release = Release("blog", "web", "blog-web-v2", TOKEN)

    words = sh.words(release.retire(Retirement(App("blog"), "v2", "blog:v2", None, 0), Event("")))

    assert words[4:8] == ["", "blog:v2", "", "0"]
    assert words[8:10] == ["", ""]
    assert words[-1] == "label=destination="


def test_hostile_words(sh: Any) -> None:
    nasty = "'; touch pwned; $(touch pwned)\n*"
    release = Release(nasty, nasty, nasty, nasty, route.back_to(nasty, None, []))
    spec = ContainerSpec(name=nasty, image=nasty, env_file=nasty)

    words = sh.words(release.boot(spec, Route(service=nasty), Event(nasty, nasty, nasty), Times()))

    assert words[1] == nasty
    assert words[words.index("docker") + 1] == "run"
    assert words[-2:] == ["remove", nasty]
    assert sh.names() == []
