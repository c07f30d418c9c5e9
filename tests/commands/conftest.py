"""Real shells that run commands, or tell which words they have got."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import strategies as st
from pyinfra.api.command import StringCommand
from pyinfra.connectors.util import make_unix_command  # noqa: TID251

SHELLS = ("dash", "bash", "busybox")
TOOLS = (
    *("base64", "cat", "chmod", "chown", "cut", "date", "dd", "dirname", "find", "grep", "head"),
    *(
        "ls",
        "mkdir",
        "mktemp",
        "mv",
        "rm",
        "rmdir",
        "sed",
        "sha256sum",
        "sleep",
        "sort",
        "stat",
        "tail",
    ),
    *("tar", "touch", "tr", "env", "cp"),
)
"""What the scripts may count on beside Docker: all of it is in coreutils, findutils or busybox."""


class Answer(NamedTuple):
    """How a command ended, and what it wrote."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Host:
    """An empty home folder, and a PATH whose ``sh`` is one of the shells."""

    home: Path
    path: str

    def run(self, command: StringCommand, stdin: str | None = None, **environ: str) -> Answer:
        """Run a command as pyinfra would have a host do it."""
        payload = command.connector_arguments.get("_stdin")
        given = stdin if payload is None else "".join(payload) + "\n"
        done = subprocess.run(
            ["sh", "-c", make_unix_command(command).get_raw_value()],
            input=(given or "").encode(),
            cwd=self.home,
            env={"PATH": self.path, "HOME": str(self.home), **environ},
            capture_output=True,
            check=False,
        )
        return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())

    def words(self, command: StringCommand, **environ: str) -> list[str]:
        """Tell the words that a shell makes of a command; of a script only those it is given."""
        said = self.run(StringCommand("printf", r"'%s\0'", *command.bits), **environ)
        assert said.err == ""
        words = said.out.split("\0")[:-1]
        return words[3:] if words[:2] == ["sh", "-c"] else words

    def names(self) -> list[str]:
        """List what is in the home folder."""
        return sorted(path.name for path in self.home.iterdir())

    def files(self) -> dict[str, str]:
        """List the files below the home folder with their contents."""
        found = contents([path for path in sorted(self.home.rglob("*")) if path.is_file()])
        return {str(path.relative_to(self.home)): text for path, text in found.items()}


def contents(paths: Sequence[Path]) -> dict[Path, str]:
    """Read files, but for those that a script has just removed."""
    found = {}
    for path in paths:
        with suppress(FileNotFoundError):
            found[path] = path.read_text()
    return found


def _path(shell: str, folder: Path) -> str:
    """Give a PATH with a few tools, whose ``sh`` is that shell; busybox is all of them itself."""
    for tool in ("sh", *TOOLS):
        name = shell if tool == "sh" or shell == "busybox" else tool
        program = shutil.which(name, path="/usr/local/bin:/usr/bin:/bin") or shutil.which(name)
        if program is None:
            pytest.skip(f"there is no {name} here")
        (folder / tool).symlink_to(program)
    return str(folder)


@pytest.fixture(params=SHELLS)
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Host]:
    """A host for each of the shells."""
    home, programs = tmp_path / "home", tmp_path / "programs"
    home.mkdir()
    programs.mkdir()
    yield Host(home, _path(request.param, programs))
    shutil.rmtree(home)  # whoever guards a deploy in there goes with it


class Connection:
    """An sshd, as far as its name goes: a shell that runs what it is told, until it is ended."""

    def __init__(self, host: Host, folder: Path) -> None:
        self.folder = folder
        program = shutil.copy("/bin/sh", folder / "sshd-session")
        self.process = subprocess.Popen(
            [program, "-c", 'while read -r f; do sh "$f" </dev/null >"$f.out"; rm "$f"; done'],
            stdin=subprocess.PIPE,
            cwd=host.home,
            env={"PATH": host.path, "HOME": str(host.home)},
        )

    def run(self, command: StringCommand) -> str:
        """Run a command to its end, and return what it has written."""
        assert self.process.stdin is not None
        told = self.folder / "told"
        told.write_text(make_unix_command(command).get_raw_value())
        self.process.stdin.write(f"{told}\n".encode())
        self.process.stdin.flush()
        deadline = time.monotonic() + 20
        while told.exists():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return (self.folder / "told.out").read_text()

    @property
    def known_as(self) -> str:
        """Its number and its start time."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text()
        return f"{self.process.pid} {stat.rpartition(')')[2].split()[19]}"

    def end(self) -> None:
        """End it, if that has not happened yet."""
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def connection(host: Host, tmp_path: Path) -> Iterator[Connection]:
    connection = Connection(host, tmp_path)
    yield connection
    connection.end()


class Docker:
    """A Docker of files, for what scripts do with whatever it answers; and nobody sleeps long."""

    def __init__(self, programs: Path) -> None:
        self.folder = programs / "docker.d"
        (self.folder / "containers").mkdir(parents=True)
        (self.folder / "log").touch()
        shutil.copy(Path(__file__).parent / "docker", programs)
        (programs / "sleep").unlink()
        (programs / "sleep").write_text(f"#!/bin/sh\nexec {shutil.which('sleep')} 0.02\n")
        (programs / "sleep").chmod(0o755)

    def has(self, containers: Mapping[str, str]) -> None:
        """Have containers, each an id and a status."""
        for name, told in containers.items():
            (self.folder / "containers" / name).write_text(f"{told}\n")

    def fails(self, *commands: str, saying: str = "it is broken") -> None:
        """Let commands fail from now on."""
        (self.folder / "saying").write_text(f"{saying}\n")
        (self.folder / "broken").write_text("".join(f"{command}\n" for command in commands))

    @property
    def containers(self) -> dict[str, str]:
        """Tell id and status of each container."""
        found = contents(sorted((self.folder / "containers").iterdir()))
        return {path.name: text.strip() for path, text in found.items()}

    @property
    def calls(self) -> list[list[str]]:
        """List what it was told, but for mere questions."""
        told = (self.folder / "log").read_text().split("\x1e\0")[:-1]
        every = (words.split("\0")[:-1] for words in told)
        return [words for words in every if words[0] not in ("inspect", "ps")]


@pytest.fixture
def docker(host: Host) -> Docker:
    return Docker(Path(host.path))


@pytest.fixture(scope="session", params=SHELLS)
def shell(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Host:
    """A host for each of the shells, to ask for words only."""
    programs = tmp_path_factory.mktemp("programs")
    return Host(tmp_path_factory.mktemp(request.param), _path(request.param, programs))


@pytest.fixture(scope="session")
def sh(tmp_path_factory: pytest.TempPathFactory) -> Host:
    """A host with this machine's own shell, to ask for words only."""
    folder = tmp_path_factory.mktemp("programs")
    return Host(tmp_path_factory.mktemp("sh"), _path("sh", folder))


NASTY = [
    "",
    " ",
    "-rf",
    "--",
    "a b",
    "'",
    '"',
    "\\",
    "$HOME",
    "${HOME",
    "$(touch pwned)",
    "`touch pwned`",
    "; touch pwned",
    "& touch pwned",
    "| touch pwned",
    "> pwned",
    "two\nlines\n",
    "tab\tand\rreturn",
    "*",
    "?[a-z]",
    "~",
    "{a,b}",
    "!!",
    "#",
    "%s%n",
    "\x01\x1b[2J\x7f",
    "ünïcödé 🎉",
    "a=b",
    "'\"'\"'",
]


@pytest.fixture(scope="session")
def nasty() -> st.SearchStrategy[str]:
    """Texts that a shell would like to do something with; no NUL, which no word can hold."""
    return st.sampled_from(NASTY) | st.text(
        st.characters(codec="utf-8", exclude_characters="\0") | st.sampled_from("'\"\\$`;&|\n *-~")
    )
