"""
Processes of kamalpy and pyinfra, without the second that each spends on imports.

A server imports everything once, and forks for each command: what a test gets is a process of its
own, with its own signals, environment and exit status. Scripts as they are installed run in
``tests/e2e``, and where a test is about starting.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

MAIN = {"kamalpy": "kamalpy.cli", "pyinfra": "pyinfra_cli.main"}
"""The module of each program that is imported first, and whose ``main`` is called."""
OTHERS = ("pyinfra.operations.server", "simulated.command")


class ForkServer:
    """A server for each program: what it imports first matters, since gevent patches the rest."""

    def __init__(self, *path: Path) -> None:
        search = [*map(str, path), os.environ.get("PYTHONPATH", "")]
        self._environ = {**os.environ, "PYTHONPATH": os.pathsep.join(search)}
        self._running: dict[str, tuple[socket.socket, subprocess.Popen[bytes]]] = {}

    def close(self) -> None:
        """End the servers; processes that run go on."""
        for control, server in self._running.values():
            control.close()
            server.wait()

    def start(
        self,
        program: str,
        *words: str,
        cwd: Path,
        env: dict[str, str],
        stderr: int = subprocess.PIPE,
        code: str = "",
    ) -> Process:
        """Start a program, or some code in its place; ``stderr`` is as for Popen."""
        if program not in self._running:
            self._running[program] = self._serve(program)
        request = {"words": [program, *words], "cwd": str(cwd), "env": env, "code": code}
        return Process(self._running[program][0], request, stderr)

    def run(self, program: str, *words: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Start a program, and wait for its end."""
        process = self.start(program, *words, **options)
        out, err = process.communicate(60)
        return subprocess.CompletedProcess(words, process.wait(), out, err)

    def _serve(self, program: str) -> tuple[socket.socket, subprocess.Popen[bytes]]:
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            server = subprocess.Popen(
                [sys.executable, __file__, program, str(theirs.fileno())],
                env=self._environ,
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        return control, server


class Process:
    """A process that was started, with the methods of Popen that tests need."""

    def __init__(self, server: socket.socket, request: dict[str, Any], stderr: int) -> None:
        self.returncode: int | None = None
        self._out = _temporary_file()
        self._err = _temporary_file() if stderr == subprocess.PIPE else None
        err = self._err.fileno() if self._err else stderr
        self._status, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            out = self._out.fileno()
            files = [out, out if err == subprocess.STDOUT else err, theirs.fileno()]
            socket.send_fds(server, [json.dumps(request).encode()], files)
        self.pid = int(self._status.recv(16))

    def poll(self) -> int | None:
        """Return the exit status, or None if the process runs."""
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the process to end, and return its exit status."""
        if self.returncode is None:
            self._status.settimeout(timeout)
            try:
                self.returncode = int(self._status.recv(16))
            except (BlockingIOError, TimeoutError):
                raise subprocess.TimeoutExpired("", timeout or 0) from None
            self._status.close()
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str | None]:
        """Wait for the process to end, and return what it printed."""
        self.wait(timeout)
        return _text(self._out), _text(self._err) if self._err else None

    def send_signal(self, number: int) -> None:
        """Send a signal, unless the process has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)


def _temporary_file() -> IO[bytes]:
    return tempfile.TemporaryFile()


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def serve(control: socket.socket) -> dict[str, Any]:
    """Fork for each request; return it in the new process."""
    fork, waitpid = _functions
    while True:
        request, files, *_ = socket.recv_fds(control, 1 << 20, 3)
        with suppress(ChildProcessError):
            while waitpid(-1, os.WNOHANG)[0]:
                pass
        if not request:
            os._exit(0)
        if fork() == 0:
            break
        for file in files:
            os.close(file)
    control.close()
    *outputs, status = files
    pid = fork()
    if pid:
        os.write(status, b"%d" % pid)
        code = os.waitstatus_to_exitcode(waitpid(pid, 0)[1])
        os.write(status, b"%d" % code)
        os._exit(0)
    os.close(status)
    for file, to in zip(outputs, (1, 2), strict=True):
        os.dup2(file, to)
        os.close(file)
    found: dict[str, Any] = json.loads(request)
    return found


def run(request: dict[str, Any]) -> None:
    """Do in this process what is requested."""
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", 1, errors="backslashreplace", closefd=False)
    sys.argv = request["words"]
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    if request["code"]:
        exec(request["code"], {"__name__": "__main__"})
    else:
        sys.modules[MAIN[sys.argv[0]]].main()


def preload(program: str) -> None:
    """Import all that a program may need."""
    importlib.import_module(MAIN[program])
    import kamalpy

    names = [each.name for each in pkgutil.walk_packages(kamalpy.__path__, "kamalpy.")]
    for name in [*names, *OTHERS]:
        if not name.endswith("__main__"):
            importlib.import_module(name)
    gc.freeze()  # or the end of each process would write to all that it shares with the others


_functions = os.fork, os.waitpid  # as they were before gevent put its own in their place

if __name__ == "__main__":
    _, wanted, number = sys.argv
    listening = socket.socket(fileno=int(number))
    preload(wanted)
    run(serve(listening))
