"""The SSH exec requests and connections of a server, as the server logged them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

#: Where a server writes the requests; its sshd's own log is beside it.
EXECS = "/var/log/fleet-execs.tsv"
_SSHD_LOG = "var/log/sshd.log"


@dataclass(frozen=True, slots=True)
class Exec:
    """One exec request; the exit status is None while it runs, or when it was killed."""

    start: float
    user: str
    port: int
    command: str
    seconds: float | None = None
    status: int | None = None


def execs(root: Path) -> list[Exec]:
    """Read the exec requests of a server, in the order of their start."""
    return list(_paired((root / EXECS[1:]).read_bytes().decode(errors="replace").split("\n")))


def connections(root: Path) -> int:
    """Count the logins that a server ever accepted."""
    log = root / _SSHD_LOG
    text = log.read_text(errors="replace") if log.exists() else ""
    return sum(line.startswith("Accepted publickey ") for line in text.splitlines())


def clear(root: Path) -> None:
    """Clear the exec requests."""
    (root / EXECS[1:]).write_bytes(b"")


def _paired(lines: list[str]) -> Iterator[Exec]:
    ends: dict[str, list[list[str]]] = {}
    for line in lines:
        if line.startswith("end\t"):
            _, pid, *rest = line.split("\t")
            ends.setdefault(pid, []).append(rest)
    for line in lines:
        if line.startswith("start\t"):
            _, pid, start, user, port, command = line.split("\t", 5)
            later = [end for end in ends.get(pid, []) if float(end[0]) >= float(start)]
            yield _finished(Exec(float(start), user, int(port), _plain(command)), later[:1])


def _finished(begun: Exec, end: list[list[str]]) -> Exec:
    if not end:
        return begun
    seconds, status = float(end[0][0]) - begun.start, int(end[0][1])
    return Exec(begun.start, begun.user, begun.port, begun.command, seconds, status)


def _plain(command: str) -> str:
    """Undo the three escapes that keep a command on one line."""
    parts = (part.replace("\\n", "\n").replace("\\t", "\t") for part in command.split("\\\\"))
    return "\\".join(parts)
