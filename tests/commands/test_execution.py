"""A user's command: how its words are taken, and that they arrive as they are."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyinfra.api.command import StringCommand

from kamalpy.commands.execution import Execution, How, Where, argv, line
from kamalpy.errors import ArgumentError
from kamalpy.spec.app import App
from kamalpy.spec.container import ContainerSpec

SPEC = ContainerSpec(name="", image="", log_options={"max-size": "10m"}, options={"memory": "2g"})
ROLE = Where.role(App("blog"), "acme/blog:latest")
DOCKER = """#!/bin/sh
# A Docker with one container, which runs; it notes what it is told to run, and runs it if it can.
case $1-$* in
  ps-*) echo 0123456789 ;;
  image-*) echo sha256:12 ;;
  inspect-*.Mounts*) ;;
  inspect-*'{{.Name}}'*) echo /blog-web-v1 ;;
  inspect-*'{{.Image}}'*) echo sha256:12 ;;
  inspect-*NetworkMode*) echo kamal ;;
  inspect-*'range $i'*) printf '0 "A=plain"\\n1 "KAMAL_CONTAINER_NAME=blog-web-v1"\\n' ;;
  inspect-*Binds*) echo notes:/notes ;;
  inspect-*'{{.Id}}'*) echo 0123456789 ;;
  exec-* | run-*)
    [ "$1" != run ] || cat <&3 >file
    for word; do printf '%s\\0' "$word"; done >told ;;
esac
"""


@pytest.fixture
def docker(host: Any) -> Any:
    """A host whose Docker is the one above."""
    program = Path(host.path) / "docker"
    program.write_text(DOCKER)
    program.chmod(0o755)
    return host


def told(host: Any) -> list[str]:
    """Read what Docker was told to run."""
    return list((host.home / "told").read_text().split("\0")[:-1])


TYPED = [
    (["ls"], ("ls",)),
    (["ls", "a  b", "", "$HOME"], ("ls", "a  b", "", "$HOME")),
    (["ls  -l 'a  b'"], ("ls", "-l", "a  b")),
    (["ls -l", "a b"], ("ls", "-l", "a b")),
    (["ls | head"], ("sh", "-c", "ls | head", "sh")),
    (["ls *"], ("sh", "-c", "ls *", "sh")),
    (["A=1 env"], ("sh", "-c", "A=1 env", "sh")),
    (["env A=1"], ("env", "A=1")),
    (["echo $HOME", "a  b"], ("sh", "-c", 'echo $HOME "$@"', "sh", "a  b")),
    (["echo it's"], ("sh", "-c", "echo it's", "sh")),
    (["bin/rails runner 'puts 1'"], ("bin/rails", "runner", "puts 1")),
]


@pytest.mark.parametrize(("words", "expected"), TYPED)
def test_arguments_of_what_was_typed(words: list[str], expected: tuple[str, ...]) -> None:
    assert argv(words) == expected


def test_a_line_for_a_shell() -> None:
    assert line(["df -h | tail -1"]) == "df -h | tail -1"
    assert line(["ls", "a b", "$HOME", "'"]) == "ls 'a b' '$HOME' ''\"'\"''"


def test_inside_a_container_that_runs(docker: Any) -> None:
    execution = Execution(["ls", "a b"], {"A": "x y"}, How.ALONE, ".kamal/blog-audit.log", "ann")

    done = docker.run(execution.inside(ROLE))

    assert (done.status, done.out, done.err) == (0, "", "")
    assert told(docker) == ["exec", "--env", "A=x y", "0123456789", "ls", "a b"]
    (log,) = docker.files()[".kamal/blog-audit.log"].splitlines()
    assert log.partition(" ")[2] == "[ann] [web] Executed cmd 'ls a b' on app version v1"


def test_a_terminal_inside(docker: Any) -> None:
    docker.run(Execution(["bash"], how=How.TERMINAL).inside(Where("blog-db", container="blog-db")))

    assert told(docker) == ["exec", "-it", "0123456789", "bash"]
    assert ".kamal/blog-audit.log" not in docker.files()


def test_next_to_the_one_that_serves(docker: Any) -> None:
    log = ".kamal/blog-audit.log"
    command = Execution(["ls", "a b"], {"B": "1"}, log=log, performer="ann").beside(ROLE, SPEC)

    assert docker.run(command).status == 0
    words = told(docker)
    name = words[words.index("--name") + 1]
    assert name.startswith("blog-web-exec-v1-")
    assert words == [
        *("run", "--rm", "--name", name, "--network", "kamal", "--env-file", "/dev/fd/3"),
        *("--env", f"KAMAL_CONTAINER_NAME={name}", "--volume", "notes:/notes", "--env", "B=1"),
        *("--log-opt", "max-size=10m", "--memory=2g", "sha256:12", "ls", "a b"),
    ]
    assert docker.files()["file"].strip() == "A=plain"
    assert docker.files()[log].endswith("[ann] Executed cmd 'ls a b' on app version v1\n")


def test_next_to_it_and_detached(docker: Any) -> None:
    docker.run(Execution(["sleep", "60"], how=How.DETACHED).beside(ROLE, SPEC))

    assert told(docker)[:3] == ["run", "--detach", "--name"]


def test_a_new_container_has_no_variables_of_the_server() -> None:
    """They are read together with a host's state, which one command does not read."""
    spec = replace(SPEC, options={"memory": "${MEMORY}"})

    with pytest.raises(ArgumentError, match=r"^options: MEMORY is a variable .* use --reuse$"):
        Execution(["ls"]).beside(ROLE, spec)


def test_a_host_of_nothing_says_so(docker: Any) -> None:
    (Path(docker.path) / "docker").write_text("#!/bin/sh\n[ $1 != inspect ]\n")

    inside, beside = Execution(["ls"]).inside(ROLE), Execution(["ls"]).beside(ROLE, SPEC)

    assert docker.run(inside) == (
        125,
        "",
        "blog-web does not run here; without --reuse the command gets a container of its own\n",
    )
    assert docker.run(beside) == (
        125,
        "",
        "blog-web has never run here, so that nothing tells which variables it has; "
        "deploy it first\n",
    )


def test_on_a_host(host: Any) -> None:
    execution = Execution(["echo $0; echo", "a  b"], log=".kamal/blog-audit.log", performer="ann")

    status, said = listened_to(host, execution.on_host("h1"))

    assert status == 0
    assert said.endswith("\na  b\n")
    (log,) = host.files()[".kamal/blog-audit.log"].splitlines()
    assert log.partition(" ")[2] == "[ann] Executed cmd 'echo $0; echo a  b' on h1"


def test_its_status_is_passed_on(host: Any) -> None:
    assert listened_to(host, Execution(["exit 7"]).on_host("h1")) == (7, "")


def listened_to(host: Any, command: StringCommand) -> tuple[int, str]:
    """Run a command whose standard input stays open as long as it runs."""
    with subprocess.Popen(
        ["sh", "-c", command.get_raw_value()],
        cwd=host.home,
        env={"PATH": host.path, "SHELL": shutil.which("sh", path=host.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as child:
        return child.wait(20), child.stdout.read().decode() if child.stdout else ""


@given(data=st.data())
@settings(max_examples=30)
def test_words_behind_the_first_arrive_as_they_are(data: Any, sh: Any, nasty: Any) -> None:
    words = ["ls", *data.draw(st.lists(nasty, max_size=4))]
    for command in (Execution(words).inside(ROLE), Execution(words).beside(ROLE, SPEC)):
        assert sh.words(command)[-len(words) :] == words
