"""A project's folder with templates to render."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kamalpy.config.templates import SharedContext, render_with_lines
from kamalpy.errors import ConfigurationError


@dataclass
class Project:
    """What a template finds, and what became of it."""

    root: Path
    environ: dict[str, str] = field(default_factory=dict)
    shared: SharedContext | None = None

    def lines(self, text: str, file: str = "config/deploy.yml", **allowed: bool):
        environ = {"PATH": os.environ["PATH"], **self.environ}
        return render_with_lines(
            text, file=file, root=self.root, environ=environ, shared=self.shared, **allowed
        )

    def render(self, text: str, file: str = "config/deploy.yml", **allowed: bool) -> str:
        return self.lines(text, file, **allowed)[0]

    def error(self, text: str, file: str = "config/deploy.yml", **allowed: bool) -> str:
        with pytest.raises(ConfigurationError) as caught:
            self.render(text, file, **allowed)
        return str(caught.value)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def git(self, *words: str) -> str:
        identity = ["-c", "user.name=Jane", "-c", "user.email=jane@example.com"]
        done = subprocess.run(
            ["git", *identity, *words], cwd=self.root, check=True, capture_output=True, text=True
        )
        return done.stdout


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)
