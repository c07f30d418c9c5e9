"""A run whose servers cannot be reached: its log, its exit status, the signals afterwards."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fork_server import ForkServer

CONFIG = """
service: blog
image: acme/blog
servers: [127.0.0.1]
registry: {server: localhost:5000}
builder: {arch: amd64}
ssh: {port: 1, config: false}
"""
HANDLERS = """
import signal, sys
from kamalpy.cli.main import run

def handlers():
    return [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]

before = handlers()
print(run(sys.argv[1:]), handlers() == before)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    hook = tmp_path / ".kamal/hooks/pre-connect"
    hook.parent.mkdir(parents=True)
    hook.write_text('#!/bin/sh\necho "for $KAMAL_HOSTS"\n')
    hook.chmod(0o755)
    (tmp_path / "config").mkdir()
    (tmp_path / "config/deploy.yml").write_text(CONFIG)
    return tmp_path


@pytest.fixture
def started(project: Path, fork_server: ForkServer) -> Callable[..., Any]:
    """Run a program in the project."""
    return partial(fork_server.run, cwd=project, env=dict(os.environ))


def test_the_log_has_the_hook_before_the_connection(
    project: Path, started: Callable[..., Any]
) -> None:
    ran = started("kamalpy", "app", "boot", "--version", "v1")

    assert ran.returncode == 6, ran.stderr
    (log,) = (project / ".kamal/log").glob("*.log")
    lines = [line.partition(" ")[2] for line in log.read_text().splitlines()]
    begin = lines.index("app boot on 127.0.0.1")
    command, output = lines[begin + 1 : begin + 3]
    assert re.fullmatch(r"  @local \$ \.kamal/hooks/pre-connect \(\d+\.\d\d s\)", command)
    assert output == "  @local | for 127.0.0.1"


@pytest.mark.parametrize("words", ["app boot", "details", "app logs", "lock status"])
def test_signal_handlers_are_restored(words: str, started: Callable[..., Any]) -> None:
    ran = started("kamalpy", *words.split(), "--version", "v1", code=HANDLERS)

    assert ran.stdout == "6 True\n", ran.stderr
