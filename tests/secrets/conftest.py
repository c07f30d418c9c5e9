"""Projects to read secrets in, and stand-ins for the tools of password managers."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import pytest

from kamalpy.secrets import Secrets
from kamalpy.secrets.fetching import fetch
from kamalpy.secrets.shell import Shell

STANDINS = Path(__file__).parent / "standins"
SYSTEM = "/usr/local/bin:/usr/bin:/bin"


class Project:
    """A folder with secrets files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.environ = {"PATH": SYSTEM, "LC_ALL": "C.UTF-8"}

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def secrets(self, content: str | bytes | None = None, **keywords) -> Secrets:
        if content is not None:
            self.write(".kamal/secrets", content)
        return Secrets(root=self.root, environ=self.environ, **keywords)

    def value(self, content: str | bytes, name: str = "A") -> str:
        return self.secrets(content).value(name)


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


class Tools:
    """Stand-ins that are installed here, what they simulate, and how they were called."""

    def __init__(self, project: Project) -> None:
        self.folder = project.root.parent / f"{project.root.name}-tools"
        self.folder.mkdir()
        self.shell = Shell(project.root, project.environ)
        self._environ = project.environ
        self._state = self.folder / "state"
        self._log = self.folder / "log"
        self._log.write_text("")
        self.simulate("")
        project.environ |= {
            "PATH": f"{self.folder}:{SYSTEM}",
            "STANDIN_STATE": str(self._state),
            "STANDIN_LOG": str(self._log),
        }

    def install(self, *names: str) -> None:
        for name in (*names, "standin.py"):
            program = (STANDINS / name).read_text()
            copy = self.folder / name
            copy.write_text(program.replace("#!/usr/bin/env python3", f"#!{sys.executable} -S", 1))
            copy.chmod(0o755)

    def simulate(self, state: str) -> None:
        self._state.write_text(state)

    @property
    def log(self) -> list[dict]:
        return [json.loads(line) for line in self._log.read_text().splitlines()]

    @property
    def calls(self) -> list[str]:
        """Every call as one would type it."""
        return [shlex.join(call["words"]) for call in self.log]


@pytest.fixture
def tools(project):
    return Tools(project)


@pytest.fixture
def ask(project, tools):
    """Fetch as the command line does, with the one tool that the adapter needs."""

    def fetch_from(adapter: str, *names: str, account=None, source=None) -> dict[str, str]:
        return fetch(adapter, account, source, names, root=project.root, environ=project.environ)

    return fetch_from
