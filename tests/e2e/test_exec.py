"""`exec` in the app, in an accessory, on servers; with a terminal and without."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable

import pytest
from fleet.registry import Registry
from lab import configurations
from lab.project import Project
from lab.sampler import Sampler
from lab.servers import Images, Servers
from lab.terminal import CTRL_C, Terminal

MULTILINE_SUFFIX = "two\nlines, 'quoted' \\n \"twice\""


@pytest.fixture(scope="module")
def project(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Project:
    """Version 1 as it was deployed; since then deploy.yml and a secret have changed."""
    project = new_project()
    project.introduce("Ada", "ada@example.com")
    config = {
        **configurations.grown(fleet.addresses, registry),
        "readiness_delay": 1,
        "boot": {"limit": "100%"},
        "volumes": ["notes:/notes"],
    }
    project.configure(config)
    project.secrets({**configurations.secrets(registry), "XAI_API_KEY": MULTILINE_SUFFIX})
    images.app("v1")
    done = project.kamalpy("setup", "--version", "v1")
    assert done.status == 0, done.text
    env = {"clear": {"PHX_HOST": "later", "LATER": "1"}, "secret": ["XAI_API_KEY"]}
    project.configure({**config, "env": env})
    project.secrets({**configurations.secrets(registry), "XAI_API_KEY": "later-4711"})
    return project


def shown(project: Project, *words: object, status: int = 0) -> str:
    """Run kamalpy, which has to end with a status, and return what it shows."""
    done = project.kamalpy(*words)
    assert done.status == status, done.text
    return done.out


def test_it_runs_on_all_hosts(fleet: Servers, project: Project) -> None:
    said = shown(project, "app", "exec", "--reuse", "cat VERSION")
    assert said == "".join(f"App Host: {host}\nv1\n\n" for host in fleet.addresses)
    kamals = project.kamal("app", "exec", "--reuse", "cat VERSION", "-q", "--version", "v1")
    assert shown(project, "app", "exec", "--reuse", "cat VERSION", "-q").split() == (
        kamals.out.split()
    )
    said = shown(project, "app", "exec", "-r", "job", "--", "sh", "-c", "echo $QUEUE")
    assert said == f"App Host: {fleet[2].address}\ndefault\n\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["echo", "a  b", "$HOME", "*", "'"], "a  b $HOME * '\n"),
        (["echo 'a  b'", "é\n;", "-xh"], "a  b é\n; -xh\n"),
        (["echo $PHX_HOST | tr 0 1; echo $0"], "1.1.1.1\nsh\n"),
        (["-e", "A:x y", "B:$2", "--env", "C=1=2", "echo $A $B $C"], "x y $2 1=2\n"),
        (["--", "echo", "-r", "-i", "-h"], "-r -i -h\n"),
    ],
)
def test_words_arrive_as_they_were_typed(project: Project, words: list[str], said: str) -> None:
    assert shown(project, "app", "exec", "--reuse", "--raw", "-p", *words) == said


def test_exit_statuses_are_passed_on(fleet: Servers, project: Project) -> None:
    done = project.kamalpy("app", "exec", "-p", "echo out; echo err >&2; exit 3")
    assert done.status == 3
    assert done.out == f"App Host: {fleet[0].address}\nout\n\n"
    assert done.err.startswith("err\n")
    some = 'test "$KAMAL_HOST" != ' + fleet[1].address
    done = project.kamalpy("app", "exec", "--reuse", some)
    assert done.status == 1
    assert f"{fleet[1].address}  exit status 1" in done.err
    shown(project, "server", "exec", "exit 7", "-p", status=7)
    shown(project, "accessory", "exec", "postgres", "--reuse", "(exit 9)", status=9)


def test_a_container_of_its_own_is_like_the_one_that_serves(
    fleet: Servers, project: Project
) -> None:
    with Sampler(["lines, 'quoted'"]) as sampler:
        said = shown(
            project, "app", "exec", "--raw", "-p", "printenv XAI_API_KEY PHX_HOST; hostname"
        )
        shown(project, "app", "exec", "--raw", "-p", "printenv XAI_API_KEY", "--reuse")
    assert sampler.seen == []
    *env, name = said.splitlines()
    assert "\n".join(env) == f"{MULTILINE_SUFFIX}\n0.0.0.0"
    assert name not in fleet[0].inspect("test-web-v1")["Config"]["Hostname"]
    shown(project, "app", "exec", "-p", "touch /notes/here; exit $LATER")
    shown(project, "app", "exec", "-p", "--reuse", "test -e /notes/here")
    assert fleet[0].docker_ps(everything=True) == ["kamal-proxy", "test-web-v1"]
    lines = fleet[0].sh("tail -n 2 .kamal/test-audit.log").splitlines()
    assert [line.partition(" ")[2] for line in lines] == [
        "[ada@example.com] Executed cmd 'touch /notes/here; exit $LATER' on app version v1",
        "[ada@example.com] [web] Executed cmd 'test -e /notes/here' on app version v1",
    ]


def test_secrets_are_hidden_unless_raw(project: Project) -> None:
    project.environment["XAI_API_KEY"] = MULTILINE_SUFFIX
    said = shown(project, "app", "exec", "-p", "-q", "--reuse", "printenv XAI_API_KEY")
    assert said == "two\n*XAI_API_KEY*\n"  # a line of three letters is too common to be hidden
    assert shown(project, "app", "exec", "-p", "--raw", "--reuse", "printenv XAI_API_KEY") == (
        f"{MULTILINE_SUFFIX}\n"
    )
    project.environment["XAI_API_KEY"] = "later-4711"


def test_it_can_be_left_alone(fleet: Servers, project: Project) -> None:
    shown(project, "app", "exec", "-p", "--detach", "sleep 60")
    (name,) = [each for each in fleet[0].docker_ps() if "-exec-" in each]
    assert name.startswith("test-web-exec-v1-")
    fleet[0].sh(f"docker rm --force {name}")
    for flag in ("--reuse", "--interactive", "--raw"):
        done = project.kamalpy("app", "exec", "--detach", flag, "ls")
        assert done.status == 1
        assert "exclude each other" in done.err


def test_ctrl_c_ends_what_runs(fleet: Servers, project: Project) -> None:
    with Terminal(project, "kamalpy", "app", "exec", "-p", "echo begun; sleep 300") as terminal:
        terminal.wait_for("begun")
        terminal.type(CTRL_C)
        assert terminal.status() == 130
    assert "Traceback" not in terminal.text
    fleet[0].wait_for("! docker ps --format '{{.Names}}' | grep exec")
    with Terminal(project, "kamalpy", "server", "exec", "-p", "echo begun; sleep 301") as terminal:
        terminal.wait_for("begun")
        terminal.type(CTRL_C)
        assert terminal.status() == 130
    fleet[0].wait_for("! pgrep -f 'sleep 30[1]'")


def test_a_terminal_on_any_host(fleet: Servers, project: Project) -> None:
    other = fleet[1].address
    shell = ("kamalpy", "app", "exec", "-i", "--reuse", "-h", other, "bash")
    with Terminal(project, *shell) as terminal:
        terminal.wait_for("app# ")
        terminal.type("until stty size | grep '^31 9'; do sleep 0.1; done\n")
        for columns in (97, 98, 99):  # docker's client may miss the first while a container starts
            terminal.resize(31, columns)
            time.sleep(1)
        terminal.type("tty; echo $KAMAL_HOST $KAMAL_VERSION; exit 7\n")
        terminal.wait_for("/dev/pts/", f"{other} v1")
        assert terminal.status() == 7


def test_a_terminal_in_a_container_of_its_own(fleet: Servers, project: Project) -> None:
    with Terminal(project, "kamalpy", "app", "exec", "-i", "-r", "job", "bash") as terminal:
        terminal.wait_for("app# ")
        terminal.type("printenv XAI_API_KEY QUEUE\n")
        terminal.wait_for("lines, 'quoted'", "default", "app# ")
        terminal.type("sleep 300\n")
        fleet[2].wait_for("pgrep --full --exact 'sleep 300'")
        terminal.type(CTRL_C)
        terminal.wait_for("app# ")
        (name,) = [each for each in fleet[2].docker_ps() if "-exec-" in each]
        assert name.startswith("test-job-exec-v1-")
    fleet[2].wait_for("! docker ps --all | grep exec")


def test_terminals_elsewhere(fleet: Servers, project: Project) -> None:
    psql = ("accessory", "exec", "postgres", "-i", "--reuse", "--", "psql", "-U", "postgres")
    with Terminal(project, "kamalpy", *psql) as terminal:
        terminal.wait_for("postgres=# ")
        terminal.type("select 6 * 7;\n")
        terminal.wait_for("42")
        terminal.type("\\q\n")
        assert terminal.status() == 0
    with Terminal(project, "kamalpy", "server", "exec", "-i", "-h", fleet[1].address, "bash") as at:
        at.wait_for("# ")
        at.type("hostname; exit 4\n")
        at.wait_for("h2")
        assert at.status() == 4


def test_input_can_come_from_a_pipe(project: Project) -> None:
    for words in (["app", "exec", "-i", "cat"], ["server", "exec", "-i", "cat"]):
        done = subprocess.run(
            ["kamalpy", *words],
            cwd=project.folder,
            env=project.variables(),
            input=b"one\0two\n",
            capture_output=True,
            timeout=60,
        )
        assert (done.returncode, done.stdout) == (0, b"one\0two\n")
    done = subprocess.run(
        ["kamalpy", "app", "exec", "--reuse", "-p", "--raw", "printf 'a\\000\\377'"],
        cwd=project.folder,
        env=project.variables(),
        capture_output=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (0, b"a\0\xff")
    assert project.kamalpy("app", "exec").err.endswith(
        "no command; write one: kamalpy app exec ls\n"
    )
