"""Watches the processes of this machine and its servers for words that must not appear.

Runs as a program of its own: reads the words as one JSON list from standard input, so that they
are in no command line, and writes what it saw as JSON when standard input ends.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fleet.registry import Registry

_KERNEL_THREAD = 0x00200000
_PAUSE = 0.003
_GIVEN = (b"KAMAL_HOST=", b"KAMAL_RECORDED_AT=")
"""Variables of environments that may have secrets: those of containers, and of hooks."""


@dataclass(frozen=True)
class Sighting:
    """A word in a process: in its "cmdline", or in its "environ"."""

    word: str
    where: str
    command: str

    def is_login_elsewhere(self, registry: Registry) -> bool:
        """Return whether the real Kamal logs in to another fleet's registry at the same time."""
        return "docker login" in self.command and registry.server not in self.command


@dataclass
class Sampler:
    """
    Watch while a `with` runs; then `seen` has what was found.

    Environments are looked at if that is asked for, but for those of containers and of hooks, which
    are given secrets.
    """

    words: list[str]
    environ: bool = False
    seen: list[Sighting] = field(default_factory=list)
    rounds: int = 0

    def __enter__(self) -> Sampler:
        words = [sys.executable, __file__, *(["environ"] if self.environ else [])]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._send(json.dumps(self.words).encode() + b"\n")
        if self._process.stdout:
            self._process.stdout.readline()  # it watches now
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        out, _ = self._process.communicate()
        report = json.loads(out)
        self.rounds = report["rounds"]
        self.seen.extend(Sighting(*found) for found in report["seen"])

    def _send(self, line: bytes) -> None:
        if self._process.stdin:
            self._process.stdin.write(line)
            self._process.stdin.flush()


def watch(words: list[bytes], files: list[str]) -> tuple[int, set[tuple[str, str, str]]]:
    """Sample until standard input ends."""
    seen: set[tuple[str, str, str]] = set()
    kernel: set[str] = set()
    rounds = 0
    while not select.select([sys.stdin], [], [], _PAUSE)[0]:
        rounds += 1
        for pid, name, content in _contents(files, kernel):
            for word in words:
                if word in content:
                    command = content if name == "cmdline" else _read(f"/proc/{pid}/cmdline")
                    seen.add((word.decode(), name, _shown(command)))
    return rounds, seen


def _contents(files: list[str], kernel: set[str]) -> Iterator[tuple[str, str, bytes]]:
    for pid in os.listdir("/proc"):  # noqa: PTH208 pathlib is slow, and this is all the time
        if pid.isdigit() and pid not in kernel:
            contents = [(name, _read(f"/proc/{pid}/{name}")) for name in files]
            if not contents[0][1] and _is_kernel_thread(pid):
                kernel.add(pid)
            for name, content in contents:
                if name == "cmdline" or not any(mark in content for mark in _GIVEN):
                    yield pid, name, content


def _is_kernel_thread(pid: str) -> bool:
    fields = _read(f"/proc/{pid}/stat").rpartition(b")")[2].split()
    return len(fields) > 6 and bool(int(fields[6]) & _KERNEL_THREAD)


def _shown(command: bytes) -> str:
    return command.replace(b"\0", b" ").decode(errors="replace").strip()


def _read(path: str) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return b""
    try:
        return os.read(descriptor, 1 << 21)
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def main() -> None:
    """Run the sampler."""
    words = [word.encode() for word in json.loads(sys.stdin.readline())]
    print("watching", flush=True)
    rounds, seen = watch(words, ["cmdline", *sys.argv[1:]])
    print(json.dumps({"rounds": rounds, "seen": sorted(seen), "time": time.time()}))


if __name__ == "__main__":
    main()
