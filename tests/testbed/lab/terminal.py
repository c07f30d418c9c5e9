"""A terminal, with a user who types."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from types import TracebackType

from lab.project import Project

CTRL_C = "\x03"


class Terminal:
    """Runs a program of a project in a terminal of its own while a `with` lasts."""

    def __init__(self, project: Project, *words: object) -> None:
        self.project, self.words = project, [str(word) for word in words]
        self.text = ""

    def __enter__(self) -> Terminal:
        self._end, inner = pty.openpty()
        self.resize(24, 132)
        self._process = subprocess.Popen(
            self.words,
            cwd=self.project.folder,
            env=self.project.variables({"TERM": "xterm-256color"}),
            stdin=inner,
            stdout=inner,
            stderr=inner,
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(inner)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._end)

    def type(self, text: str) -> None:
        """Type keys."""
        os.write(self._end, text.encode())

    def resize(self, rows: int, columns: int) -> None:
        """Resize the window."""
        fcntl.ioctl(self._end, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def wait_for(self, *texts: str, seconds: float = 30) -> None:
        """Wait until all of these appear in the output from now on."""
        begun = len(self.text)
        end = time.monotonic() + seconds
        while not all(text in self.text[begun:] for text in texts):
            if time.monotonic() > end or not self._read():
                raise AssertionError(f"{texts} is not in {self.text[begun:]!r}")

    def status(self, seconds: float = 30) -> int:
        """Wait for the end, and return the exit status."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._read():
            pass
        return self._process.wait(max(end - time.monotonic(), 1))

    def _read(self) -> bool:
        """Read available output; return whether the terminal is still open."""
        ready, _, _ = select.select([self._end], [], [], 0.2)
        if not ready:
            return self._process.poll() is None
        try:
            data = os.read(self._end, 1 << 16)
        except OSError:  # nobody has the other end any more
            return False
        self.text += data.decode(errors="replace")
        return bool(data)


def _take_terminal() -> None:
    """Become a foreground process, as from a shell: controlling terminal, Ctrl-C, SIGHUP."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    for each in (signal.SIGINT, signal.SIGHUP):
        signal.signal(each, signal.SIG_DFL)
