"""``docker run``, whole; and what takes the place of what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamalpy.commands import container
from kamalpy.commands.audit import Event
from kamalpy.secrets import Secret
from kamalpy.spec.audit import Audit
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.route import Route


def spelled(spec: ContainerSpec) -> str:
    return re.sub(r"\b[0-9a-f]{12}\b", "<hex>", container.run(spec).get_raw_value())


def test_run_with_nothing_said() -> None:
    assert spelled(ContainerSpec(name="blog", image="nginx")) == (
        "docker run --detach --restart unless-stopped --name blog --network kamal"
        " --label 'kamalpy.spec={}' nginx"
    )


def test_run_with_everything_said() -> None:
    """The order of flags is Kamal's: lib/kamal/commands/app.rb, ``run``."""
    spec = ContainerSpec(
        name="blog-web-v1",
        image="registry.example.com/acme/blog:v1",
        command=("bin/rails", "server", "-b", "0.0.0.0"),
        env={"PORT": "3000", "HOME_OF": "${HOME}"},
        secrets={"TOKEN": Secret.of("TOKEN", "x"), "KEY": Secret.of("KEY", "a\nb")},
        env_file=".kamal/apps/blog/env/roles/web.env",
        volumes=("data:/data", "~/a b:/c"),
        ports=("127.0.0.1:8080:80",),
        labels={"service": "blog", "destination": ""},
        network="backend",
        hostname="h1-",
        restart="on-failure:3",
        log_driver="json-file",
        log_options={"max-size": "10m"},
        options={"memory": "1g", "init": True, "dns": ["1.1.1.1", "8.8.8.8"]},
    )

    assert spelled(spec) == (
        "docker run --detach --restart on-failure:3 --name blog-web-v1 --network backend"
        " --hostname h1-<hex>"
        " --env PORT=3000 --env HOME_OF='${HOME}'"
        " --env-file .kamal/apps/blog/env/roles/web.env --env KEY"
        " --log-driver json-file --log-opt max-size=10m"
        " --publish 127.0.0.1:8080:80"
        " --volume data:/data --volume \"$PWD\"'/a b:/c'"
        " --label service=blog --label destination=''"
        " --label 'kamalpy.spec={\"dns\":[\"1.1.1.1\",\"8.8.8.8\"],\"init\":true}'"
        " --memory=1g --init --dns=1.1.1.1 --dns=8.8.8.8"
        " registry.example.com/acme/blog:v1 bin/rails server -b 0.0.0.0"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("512m", "--flag=512m"),
        (1.5, "--flag=1.5"),
        (True, "--flag"),
        (False, "--flag=false"),
        ("", "--flag=''"),
        (None, "--flag=''"),
        (["a", True, 2], "--flag=a --flag --flag=2"),
        ((), ""),
        ("${HOME}/x", "--flag='${HOME}/x'"),
        ("a b", "--flag='a b'"),
    ],
)
def test_options(value: object, expected: str) -> None:
    words = spelled(ContainerSpec(name="blog", image="nginx", options={"flag": value}))

    assert words.split("}' ", 1)[1] == f"{expected} nginx".strip()


def test_a_secret_is_in_no_command() -> None:
    spec = ContainerSpec(
        name="blog",
        image="nginx",
        secrets={"A": Secret.of("A", "hunter2"), "B": Secret.of("B", "hunter2\n")},
        env_file="web.env",
    )

    words = container.replace(spec, Event("x")).get_raw_value()

    assert "hunter2" not in words
    assert "aHVudGVyMgo" not in words


def test_a_clear_value_wins_over_a_secret_of_its_name() -> None:
    spec = ContainerSpec(
        name="blog", image="nginx", env={"A": "clear"}, secrets={"A": Secret.of("A", "a\nb")}
    )

    assert "--env A=clear --label" in spelled(spec)


def test_replace(sh: Any) -> None:
    spec = ContainerSpec(name="blog", image="nginx", env_file="blog.env")
    event = Event("Booted", ".kamal/blog-audit.log", "ann", "staging")

    words = sh.words(container.replace(spec, event, 30))

    assert re.fullmatch(r"aside=blog_replaced_[0-9a-f]{16}", words.pop(2))
    assert words[:9] == [
        "run", "name=blog", "stop=30", "log=.kamal/blog-audit.log", "tags=[ann] [staging]",
        "event=Booted", "multiline=blog.env.odd", "--", "docker",
    ]  # fmt: skip


def test_replace_without_anything_else(sh: Any) -> None:
    words = sh.words(container.replace(ContainerSpec(name="blog", image="nginx"), Event("x")))

    assert words[3:9] == ["stop=", "log=", "tags=", "event=x", "multiline=", "--"]


def test_names_that_are_put_aside_differ() -> None:
    assert container.aside("blog") != container.aside("blog")


EVENT = Event.from_audit(Audit("blog", "ann", "staging"), "Did it", "web")
LINE = [
    "log=.kamal/blog-staging-audit.log",
    "tags=[ann] [staging] [web]",
    "event=Did it",
]


def test_start(sh: Any) -> None:
    route = Route(service="blog-web", port=3000, hosts=("a b",))

    assert sh.words(container.start("a b", EVENT)) == [
        *("start", "name=a b", *LINE, "service=", "port=")
    ]
    assert sh.words(container.start("a b", EVENT, route)) == [
        *("start", "name=a b", *LINE, "service=blog-web", "port=3000", "--", "--host=a b"),
        *("--deploy-timeout=30s", "--drain-timeout=30s"),
        *("--buffer-requests=true", "--buffer-responses=true"),
    ]


def test_stop(sh: Any) -> None:
    assert sh.words(container.stop(["a", "b c"], EVENT)) == [
        *("stop", "service=", "stop=", *LINE, "--", "a", "b c")
    ]
    assert sh.words(container.stop([], EVENT, 45, "blog-web")) == [
        *("stop", "service=blog-web", "stop=45", *LINE)
    ]


def test_restart(sh: Any) -> None:
    assert sh.words(container.restart("b c", EVENT)) == ["restart", "name=b c", "stop=", *LINE]
    assert sh.words(container.restart("b c", EVENT, 0)) == ["restart", "name=b c", "stop=0", *LINE]


def test_remove(sh: Any) -> None:
    assert sh.words(container.remove(["a", "b c"], EVENT)) == [
        *("remove", "stop=", *LINE, "--", "a", "b c")
    ]
    assert sh.words(container.remove(["a"], Event(""), 45)) == [
        *("remove", "stop=45", "log=", "tags=", "event=", "--", "a")
    ]


def pairs(flag: str, values: Mapping[str, str]) -> list[str]:
    return [word for name, value in values.items() for word in (flag, f"{name}={value}")]


@settings(max_examples=60)
@given(data=st.data())
def test_every_word_arrives(sh: Any, nasty: st.SearchStrategy[str], data: st.DataObject) -> None:
    text = nasty
    source = text.filter(lambda value: "/" not in value and value[:1] not in ("~", ".", "$"))
    several = st.dictionaries(text, text, max_size=3)
    spec = ContainerSpec(
        name=data.draw(text),
        image=data.draw(text),
        command=tuple(data.draw(st.lists(text, max_size=3))),
        env=data.draw(several),
        env_file=data.draw(text),
        volumes=tuple(data.draw(st.lists(source, max_size=2))),
        ports=tuple(data.draw(st.lists(text, max_size=2))),
        labels=data.draw(several),
        network=data.draw(text),
        restart=data.draw(text),
        log_driver=data.draw(text),
        log_options=data.draw(several),
        options={"tmpfs": data.draw(st.lists(text, max_size=3))},
    )

    assert sh.words(container.run(spec)) == [
        *("docker", "run", "--detach", "--restart", spec.restart, "--name", spec.name),
        *("--network", spec.network),
        *pairs("--env", spec.env),
        *("--env-file", spec.env_file),
        *("--log-driver", spec.log_driver),
        *pairs("--log-opt", spec.log_options),
        *(word for port in spec.ports for word in ("--publish", port)),
        *(word for volume in spec.volumes for word in ("--volume", volume)),
        *pairs("--label", spec.labels),
        *("--label", f"kamalpy.spec={spec.remembered}"),
        *(f"--tmpfs={each}" for each in spec.options["tmpfs"]),  # type: ignore[attr-defined]
        spec.image,
        *spec.command,
    ]
    assert not list(sh.home.iterdir())


@settings(max_examples=30)
@given(data=st.data())
def test_a_volume_below_home(sh: Any, nasty: st.SearchStrategy[str], data: st.DataObject) -> None:
    path = data.draw(nasty)
    written = data.draw(st.sampled_from(["~/", "./", "$PWD/", "${PWD}/", "$HOME/", "${HOME}/"]))
    spec = ContainerSpec(name="blog", image="nginx", volumes=(written + path,))

    words = sh.words(container.run(spec))

    assert words[words.index("--volume") + 1] == f"{sh.home}/{path}"
