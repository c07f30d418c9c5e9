"""Ctrl-C ends a run, even if it hits a connection that would swallow what a handler raises."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from fork_server import ForkServer

RUN = """
import os, signal, threading
from kamalpy._pyinfra.signals import end_on_ctrl_c, raise_in_main
from pyinfra.api import Config, Inventory, State
from pyinfra.context import ctx_state

ctx_state.set(State(Inventory(([], {{}})), Config()))

signal.signal(signal.SIGINT, signal.default_int_handler)  # as on a terminal
{handle}

def connection():
    os.kill(os.getpid(), {number})
    threading.Event().wait(1)
    os._exit(1)  # whoever was interrupted goes on

threading.Thread(target=connection).start()
try:
    threading.Event().wait()
except KeyboardInterrupt:
    os._exit(130)
except SystemExit as exit_:
    os._exit(exit_.code)
"""
ENDS = "signal.signal(signal.SIGTERM, lambda *_: raise_in_main(SystemExit(143)))"


@pytest.mark.parametrize(
    ("handle", "number", "status"),
    [
        ("end_on_ctrl_c()", "signal.SIGINT", 130),
        (ENDS, "signal.SIGTERM", 143),
        ("signal.signal(signal.SIGINT, signal.SIG_IGN); end_on_ctrl_c()", "signal.SIGINT", 1),
    ],
    ids=["ctrl-c", "a handler of a deploy", "ignored"],
)
def test_a_signal_reaches_the_run(
    handle: str, number: str, status: int, tmp_path: Path, fork_server: ForkServer
) -> None:
    code = RUN.format(handle=handle, number=number)
    done = fork_server.run("pyinfra", cwd=tmp_path, env=dict(os.environ), code=code)
    assert (done.returncode, done.stderr) == (status, "")
