"""``build`` on this machine; a stand-in for docker notes what it is given."""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from fork_server import ForkServer

CONFIG: dict[str, Any] = {
    "service": "blog",
    "image": "acme/blog",
    "servers": ["h1.test"],
    "registry": {"server": "127.0.0.1:1", "username": "ada", "password": ["PASSWORD"]},
    "builder": {"arch": "amd64", "driver": "docker", "secrets": ["TOKEN"]},
}
DOCKER = """\
#!/bin/sh
[ "$1" != login ] || IFS= read -r stdin
printf '%s|%s|%s|%s\\n' "$*" "$PWD" "$TOKEN" "$stdin" >>"$LOG"
case $* in $FAIL) echo "$SAID"; exit 1 ;; esac
case $* in *'buildx build'*) echo '#1 [1/2] FROM debian' ;; esac
"""
FAILED = """\
#5 [2/3] RUN bin/check
------
 > [2/3] RUN bin/check:
0.123 rake aborted!
0.124 no such file
------
Dockerfile:3
--------------------
   3 | >>> RUN bin/check
--------------------
ERROR: failed to solve: process "/bin/sh -c bin/check" did not complete: exit code: 1
"""


@dataclass
class Ran:
    """How it ended: exit status, what was printed, the docker commands."""

    status: int
    text: str
    docker: list[tuple[str, str, str, str]]

    @property
    def words(self) -> list[str]:
        return [words for words, *_ in self.docker]


@dataclass
class Project:
    """A git repository with a Dockerfile."""

    folder: Path
    server: ForkServer

    def configure(self, **changes: Any) -> None:
        """Change sections of deploy.yml by their names, and else keys of the builder."""
        root = {key: value for key, value in changes.items() if key in (*CONFIG, "x-kamalpy")}
        builder = {key: value for key, value in changes.items() if key not in root}
        section = {**CONFIG["builder"], **builder}
        text = yaml.safe_dump({**CONFIG, **root, "builder": section})
        (self.folder / "config/deploy.yml").write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=x")

    def git(self, *words: str) -> str:
        author = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
        done = subprocess.run(
            ["git", *author, *words], cwd=self.folder, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    @property
    def commit(self) -> str:
        return self.git("rev-parse", "HEAD")

    def kamalpy(self, *words: str, fail: str = "-", said: str = "") -> Ran:
        log = self.folder.parent / "docker.log"
        log.write_text("")
        env = {
            "PATH": f"{self.folder.parent / 'bin'}:/usr/bin:/bin",
            "HOME": str(self.folder.parent),
            "TMPDIR": str(self.folder.parent),
            "LOG": str(log),
            "FAIL": fail,
            "SAID": said,
        }
        done = self.server.run("kamalpy", *words, cwd=self.folder, env=env)
        lines = [line.split("|") for line in log.read_text().splitlines()]
        return Ran(done.returncode, done.stdout + done.stderr, [tuple(each) for each in lines])  # type: ignore[misc]


@pytest.fixture
def project(tmp_path: Path, fork_server: ForkServer) -> Project:
    folder = tmp_path / "blog"
    (folder / "config").mkdir(parents=True)
    (folder / ".kamal").mkdir()
    (folder / ".kamal/secrets").write_text("PASSWORD=pw-4711\nTOKEN=token-4711\n")
    (folder / "Dockerfile").write_text("FROM debian\n")
    docker = tmp_path / "bin/docker"
    docker.parent.mkdir()
    docker.write_text(DOCKER)
    docker.chmod(0o755)
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    project = Project(folder, fork_server)
    project.configure()
    return project


def build_words(project: Project, more: str = "") -> str:
    name = f"127.0.0.1:1/acme/blog:{project.commit}"
    return (
        f"buildx build --output=type=registry --platform linux/amd64 -t {name} "
        f"-t 127.0.0.1:1/acme/blog:latest --label service=blog --secret id=TOKEN "
        f"--file Dockerfile {more}."
    )


def test_a_push(project: Project) -> None:
    """The build happens in a clean clone, and secrets reach docker by its environment."""
    (project.folder / "new").write_text("")
    ran = project.kamalpy("build", "push", "--no-cache")
    assert ran.status == 0, ran.text
    login = "login --username=ada --password-stdin 127.0.0.1:1"
    expected = ["buildx version", login, build_words(project, "--no-cache ")]
    assert ran.words == expected
    assert ran.docker[1][3] == "pw-4711"
    _, folder, token, _ = ran.docker[-1]
    assert (Path(folder).name, token) == ("blog", "token-4711")
    assert Path(folder).parent.parent == project.folder.parent / "kamal-clones"
    assert not (Path(folder) / "new").exists()
    assert "Building from a local git clone, so ignoring these uncommitted" in ran.text
    assert "?? new" in ran.text
    assert "#1 [1/2] FROM debian" in ran.text


def test_the_clone_follows_the_project(project: Project) -> None:
    ran = project.kamalpy("build", "push")
    (Path(ran.docker[-1][1]) / "left over").write_text("")
    (project.folder / "new").write_text("")
    project.configure()
    ran = project.kamalpy("build", "push")
    clone = Path(ran.docker[-1][1])
    assert (clone / "new").exists()
    assert not (clone / "left over").exists()


def test_a_damaged_clone_is_made_again(project: Project) -> None:
    clone = Path(project.kamalpy("build", "push").docker[-1][1])
    (clone / ".git/HEAD").write_text("damaged")
    ran = project.kamalpy("build", "push")
    assert ran.status == 0, ran.text
    assert (clone / "Dockerfile").exists()


def test_a_build_from_the_folder(project: Project) -> None:
    project.configure(context=".")
    (project.folder / "new").write_text("")
    ran = project.kamalpy("build", "push")
    assert ran.status == 0, ran.text
    assert ran.docker[-1][1] == str(project.folder)
    assert "Building with these uncommitted changes:" in ran.text
    assert f"{project.commit}_uncommitted_" in ran.words[-1]


def test_dev(project: Project) -> None:
    ran = project.kamalpy("build", "dev")
    assert ran.status == 0, ran.text
    assert ran.docker[-1][1] == str(project.folder)
    assert ran.words[-1].startswith("buildx build --output=type=docker ")
    assert f":{project.commit}-dirty -t 127.0.0.1:1/acme/blog:latest-dirty" in ran.words[-1]


def test_a_build_that_fails(project: Project) -> None:
    ran = project.kamalpy("setup", fail="buildx build*", said=FAILED)
    assert ran.status == 1
    assert ran.text.partition("✗ ")[2].splitlines()[1:7] == [
        "    the build failed: Dockerfile:3: [2/3] RUN bin/check",
        "        0.123 rake aborted!",
        "        0.124 no such file",
        '    ERROR: failed to solve: process "/bin/sh -c bin/check" did not complete: exit code: 1',
        "ERROR: Nothing is deployed, since the image was not built and pushed",
        "setup failed: exit status 1, " + ran.text.partition("exit status 1, ")[2].splitlines()[0],
    ]


def test_a_dry_run_builds_nothing(project: Project) -> None:
    ran = project.kamalpy("build", "push", "--dry")
    assert ran.status == 0, ran.text
    assert ran.words == []
    assert f"~ Build 127.0.0.1:1/acme/blog:{project.commit} and push it  @local" in ran.text


def test_no_buildx(project: Project) -> None:
    ran = project.kamalpy("build", "push", fail="buildx version")
    assert ran.status == 1
    assert "docker buildx: is not on this machine; install it" in ran.text


def test_no_dockerfile(project: Project) -> None:
    project.configure(dockerfile="docker/Dockerfile")
    ran = project.kamalpy("build", "push")
    assert ran.status == 1
    assert "docker/Dockerfile: is not in " in ran.text
    (project.folder / "docker").mkdir()
    (project.folder / "docker/Dockerfile").write_text("FROM debian\n")
    assert "; commit it" in project.kamalpy("build", "push").text


def test_a_hook_before_the_build(project: Project) -> None:
    hook = project.folder / ".kamal/hooks/pre-build"
    hook.parent.mkdir()
    hook.write_text('#!/bin/sh\necho "$KAMAL_COMMAND $KAMAL_SUBCOMMAND $KAMAL_HOSTS"; exit 1\n')
    hook.chmod(0o755)
    ran = project.kamalpy("build", "push")
    assert ran.status == 1
    assert "build push h1.test" in ran.text
    assert not any("buildx build" in words for words in ran.words)
    assert project.kamalpy("build", "push", "--skip-hooks").status == 0


def test_a_missing_builder_is_created(project: Project) -> None:
    project.configure(driver="docker-container")
    name = "kamal-local-docker-container"
    ran = project.kamalpy("build", "push", fail="*inspect*", said=f'no builder "{name}" found')
    assert ran.status == 0, ran.text
    assert ran.words[-4:-1] == [
        f"buildx inspect {name}",
        f"buildx rm {name}",
        f"buildx create --name {name} --driver=docker-container",
    ]
    assert f"--builder {name} " in ran.words[-1]


def test_a_builder_is_created_and_removed(project: Project) -> None:
    project.configure(driver="docker-container")
    name = "kamal-local-docker-container"
    created = project.kamalpy("build", "create")
    assert created.words == [f"buildx create --name {name} --driver=docker-container"]
    assert project.kamalpy("build", "remove").words == [f"buildx rm {name}"]
    assert "Builder: local" in project.kamalpy("build", "details").text


def test_a_remote_builder_with_the_docker_driver(project: Project) -> None:
    project.configure(remote="ssh://a@b")
    ran = project.kamalpy("build", "push")
    assert (ran.status, ran.docker) == (1, [])
    assert "builder/remote: does not work with the docker driver" in ran.text


def test_a_password_that_is_refused(project: Project) -> None:
    ran = project.kamalpy("deploy", fail="login*", said="unauthorized")
    assert ran.status == 1
    assert "127.0.0.1:1: this machine cannot log in\n    unauthorized" in ran.text
    assert not any("buildx build" in words for words in ran.words)


@pytest.fixture
def registry() -> Iterator[str]:
    """A registry with one image, whatever it is asked for."""
    answers = {
        "manifests": b'{"config": {"digest": "sha256:1"}, "layers": []}',
        "blobs": b'{"os": "linux", "architecture": "amd64", "config": {}}',
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answers[self.path.split("/")[-2]])

        def log_message(self, *words: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{http.server_port}"
        http.shutdown()


@pytest.mark.parametrize(
    ("verify", "words"),
    [
        ("cosign", "--key cosign.pub"),
        ("cosign --certificate-identity 'a b'", "--certificate-identity a b"),
    ],
)
def test_a_signature(project: Project, registry: str, verify: str, words: str) -> None:
    cosign = project.folder.parent / "bin/cosign"
    cosign.write_text(DOCKER.replace("docker", "cosign"))
    cosign.chmod(0o755)
    account = {"server": registry, "username": "ada", "password": ["PASSWORD"]}
    project.configure(registry=account, **{"x-kamalpy": {"verify": verify}})
    expected = rf"verify {words} {registry}/acme/blog@sha256:[0-9a-f]{{64}}"

    ran = project.kamalpy("build", "push")
    assert ran.status == 0, ran.text
    assert re.fullmatch(expected, ran.words[-1])

    refused = project.kamalpy("deploy", fail="verify*", said="no matching signatures")
    assert refused.status == 1
    assert re.fullmatch(expected, refused.words[-1])
    assert "is not signed as x-kamalpy/verify requires\nno matching signatures" in refused.text


def test_a_signature_that_cannot_be_verified(project: Project) -> None:
    project.configure(**{"x-kamalpy": {"verify": "cosign"}})
    ran = project.kamalpy("deploy", "--skip-push")
    assert ran.status == 1
    assert "its signature cannot be verified, since the registry does not have it" in ran.text


def test_secrets_are_nowhere(project: Project) -> None:
    project.configure(driver="docker-container")
    ran = project.kamalpy("build", "push", "-vvv")
    logs = [path.read_text() for path in (project.folder / ".kamal/log").iterdir()]
    assert "4711" not in json.dumps([ran.text, ran.words, logs])
    assert (project.folder.parent / "kamal-clones").stat().st_mode & 0o1000
