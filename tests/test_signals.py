"""Ctrl-C ends a run, even if it hits a connection that would swallow what a handler raises."""

from __future__ import annotations

import subprocess
import sys

import pytest

RUN = """
from gevent import monkey
monkey.patch_all()
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
def test_a_signal_reaches_the_run(handle: str, number: str, status: int) -> None:
    text = RUN.format(handle=handle, number=number)
    done = subprocess.run([sys.executable, "-c", text], timeout=30, capture_output=True)
    assert (done.returncode, done.stderr) == (status, b"")
