"""A user's project folder, and programs that run in it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from fleet.fleet import Fleet

INVENTORY = 'hosts = ["@kamal/config/deploy.yml"]\n'
DEPLOY = "from kamalpy import deploys\n\ndeploys.setup()\n"
_BIN = Path(sys.executable).parent
_PATH = f"{_BIN}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_AUTHOR = {"NAME": "Ada", "EMAIL": "ada@example.com"}


@dataclass(frozen=True)
class Result:
    """The result of a program."""

    status: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """Both outputs, for assertions."""
        return f"{self.out}\n{self.err}\nexit {self.status}"


@dataclass(frozen=True)
class Project:
    """A folder, a home with an SSH key, an environment; ``enter`` is a prefix of each command."""

    folder: Path
    home: Path
    environment: dict[str, str] = field(default_factory=dict)
    enter: list[str] = field(default_factory=list)

    def write(self, path: str, text: str, mode: int | None = None) -> Path:
        """Write a file of the project."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        if mode is not None:
            file.chmod(mode)
        return file

    def configure(self, config: Mapping[str, Any], destination: str = "") -> Path:
        """Write config/deploy.yml, or that of a destination."""
        name = f"deploy.{destination}.yml" if destination else "deploy.yml"
        return self.write(f"config/{name}", yaml.safe_dump(dict(config), sort_keys=False))

    def secrets(self, values: Mapping[str, str], suffix: str = "") -> Path:
        """Write .kamal/secrets such that each value comes from a variable of the environment."""
        self.environment.update(values)
        lines = "".join(f"{name}=${name}\n" for name in values)
        return self.write(f".kamal/secrets{suffix}", lines)

    def ssh_for_programs(self) -> None:
        """Let programs that run ``ssh`` use the project's home, which ssh does not look up."""
        ssh = self.home / ".ssh"
        words = f"-o UserKnownHostsFile={ssh}/known_hosts -i {ssh}/id_ed25519"
        program = self.home / "bin/ssh"
        program.write_text(f'#!/bin/sh\nexec /usr/bin/ssh {words} "$@"\n')
        program.chmod(0o755)

    def introduce(self, name: str, email: str) -> None:
        """Configure git's user."""
        (self.home / ".gitconfig").write_text(f"[user]\n\tname = {name}\n\temail = {email}\n")

    def commit(self) -> str:
        """Commit all files, and return the commit."""
        for words in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message=x")):
            done = self.run("git", *words)
            if done.status:
                raise RuntimeError(done.text)
        return self.run("git", "rev-parse", "HEAD").out.strip()

    def run(
        self, *words: object, env: Mapping[str, str] | None = None, seconds: float = 300
    ) -> Result:
        """Run a program in the folder to its end."""
        done = subprocess.run(
            [str(word) for word in (*self.enter, *words)],
            cwd=self.folder,
            env=self.variables(env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    def start(self, *words: object, env: Mapping[str, str] | None = None) -> Running:
        """Start a program in the background."""
        log = self.home / "started.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [str(word) for word in (*self.enter, *words)],
                cwd=self.folder,
                env=self.variables(env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return Running(process, log)

    def pyinfra(self, *words: object, **options: Any) -> Result:
        """Run pyinfra."""
        return self.run(_BIN / "pyinfra", *words, **options)

    def kamalpy(self, *words: object, **options: Any) -> Result:
        """Run kamalpy."""
        return self.run(_BIN / "kamalpy", *words, **options)

    def typed(self, *words: object, status: int = 0, **options: Any) -> Result:
        """Run kamalpy, and check its exit status."""
        done = self.kamalpy(*words, **options)
        assert done.status == status, done.text
        return done

    def kamal(self, *words: object, **options: Any) -> Result:
        """Run the real Kamal."""
        return self.run(_BIN / "kamal", *words, **options)

    def deploy(self, version: str, *words: object, **options: Any) -> Result:
        """Run what a user types, with this version: `pyinfra inventory.py deploy.py -y ...`."""
        env = {"VERSION": version, **options.pop("env", {})}
        return self.pyinfra("inventory.py", "deploy.py", *(words or ["-y"]), env=env, **options)

    def variables(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the environment of programs."""
        names = {
            f"GIT_{who}_{key}": value
            for who in ("AUTHOR", "COMMITTER")
            for key, value in _AUTHOR.items()
        }
        own = {"PATH": _PATH, "HOME": str(self.home), "LANG": "C.UTF-8", **names}
        return {**own, **self.environment, **(more or {})}


def create(lab: Fleet, place: Path, folder: Path | None = None) -> Project:
    """Make a project with inventory.py and deploy.py, or a copy of a folder, and a home."""
    project = Project(place / "project", place / "home")
    ssh = project.home / ".ssh"
    ssh.mkdir(parents=True, mode=0o700)
    (ssh / "id_ed25519").touch(0o600)
    (ssh / "id_ed25519").write_text(lab.keys.private.read_text())
    docker = project.home / ".docker"
    docker.mkdir()
    trusted = {"insecure-registries": [lab.control.registry.server]}
    (docker / "daemon.json").write_text(json.dumps(trusted))
    names = [f"h{number}" for number in range(1, 4)]
    (ssh / "known_hosts").write_text(lab.keys.known_hosts(lab.settings, names))
    if folder:
        shutil.copytree(folder, project.folder, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        project.write("inventory.py", INVENTORY)
        project.write("deploy.py", DEPLOY)
    return project


@dataclass(frozen=True)
class Running:
    """A running program, with its output in a file."""

    process: subprocess.Popen[bytes]
    log: Path

    def text(self) -> str:
        """Return the output so far."""
        return self.log.read_text(errors="replace")

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the program's process group."""
        os.killpg(self.process.pid, number)

    def wait(self, seconds: float = 300) -> Result:
        """Wait for the end; for a signal the status is a shell's, 130 for Ctrl-C."""
        status = self.process.wait(seconds)
        return Result(status if status >= 0 else 128 - status, self.text(), "")
