"""Real shells complete kamalpy's command line."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent
CONFIG = """\
service: blog
image: acme/blog
servers:
  web: [h1.test, h2.test]
  job: [h3.test]
registry: {server: localhost:5000}
builder: {arch: amd64}
aliases: {console: app details}
accessories:
  db: {image: postgres, host: h9.test}
  redis: {image: redis, host: h9.test}
"""
BASH = """
eval "$(kamalpy completion bash)"
for line; do
  read -ra COMP_WORDS <<<"$line"
  case $line in *' ') COMP_WORDS+=('') ;; esac
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  COMPREPLY=()
  _kamalpy_completion kamalpy
  echo "${COMPREPLY[*]}"
done
"""
FISH = """
kamalpy completion fish | source
for line in $argv; complete -C $line; echo ---; end
"""
LINES = {
    "kamalpy a": "app accessory audit",
    "kamalpy con": "config console",
    "kamalpy app stale_": "stale-containers",
    "kamalpy accessory reboot ": "db redis all",
    "kamalpy deploy --lock": "--lock-wait --lock-wait-timeout --lock-wait-interval",
    "kamalpy deploy -h h1.test,h": "h1.test,h3.test h1.test,h2.test h1.test,h9.test",
    "kamalpy deploy -d ": "production staging",
    "kamalpy deploy --version ": "v2 v1",
    "kamalpy console -r j": "job",
    "kamalpy nonsense -h h9": "h9.test",
}


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A project, and an environment in which kamalpy is found."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config/deploy.yml").write_text(CONFIG)
    for name in ("production", "staging"):
        (tmp_path / f"config/deploy.{name}.yml").touch()
    (tmp_path / ".kamal/log").mkdir(parents=True)
    (tmp_path / ".kamal/log/versions").write_text("blog v2\nblog-staging v3\nblog v1\n")
    monkeypatch.chdir(tmp_path)
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(tmp_path), "TERM": "dumb", "LANG": "C.UTF-8"}


def test_bash(environ: dict[str, str]) -> None:
    completed = subprocess.run(
        ["bash", "-c", BASH, "bash", *LINES],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )

    assert dict(zip(LINES, completed.stdout.splitlines(), strict=True)) == LINES
    assert completed.stderr == ""


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed")
def test_fish(environ: dict[str, str]) -> None:
    lines = list(LINES)[:4]
    completed = subprocess.run(
        ["fish", "--no-config", "-c", FISH, *lines],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )

    parts = [part.splitlines() for part in completed.stdout.split("---\n")[:-1]]
    found = {
        line: {each.partition("\t")[0] for each in part}
        for line, part in zip(lines, parts, strict=True)
    }
    assert found == {line: set(LINES[line].split()) for line in lines}
    assert "audit\tShow the last lines of each server's audit log." in completed.stdout


@pytest.mark.parametrize(
    ("shell", "prepare"),
    [
        (["bash", "--norc", "--noprofile", "-i"], 'eval "$(kamalpy completion bash)"'),
        (
            ["zsh", "-f", "-i"],
            'autoload -U compinit; compinit -u; eval "$(kamalpy completion zsh)"',
        ),
    ],
    ids=["bash", "zsh"],
)
def test_tab_on_a_terminal(environ: dict[str, str], shell: list[str], prepare: str) -> None:
    if not shutil.which(shell[0]):
        pytest.skip(f"{shell[0]} is not installed")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        shell, env=environ, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    try:
        os.write(ours, f"PS1='ready> '; {prepare}; echo pre''pared\n".encode())
        wait_for(ours, "prepared")
        os.write(ours, b"kamalpy compl\tfi\t\n")
        wait_for(ours, "complete --no-files --command kamalpy")
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def wait_for(terminal: int, text: str) -> None:
    """Read what a shell shows until some text is there."""
    shown, end = "", time.monotonic() + 30
    while text not in shown:
        ready, _, _ = select.select([terminal], [], [], end - time.monotonic())
        assert ready, f"{text!r} is not in {shown!r}"
        shown += os.read(terminal, 65536).decode(errors="replace")
