"""A machine: a container with its own processes, file system, host name, cgroups and network."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fleet import cgroups, process
from fleet.errors import FleetError
from fleet.settings import Settings
from fleet.shell import check, run, wait_for

_SCRIPTS = Path(__file__).parent / "scripts"
_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine by its name; its state is on disk."""

    settings: Settings
    name: str

    @property
    def disk(self) -> Path:
        """The folder with everything that the machine writes."""
        return self.settings.directory / "machines" / self.name

    @property
    def root(self) -> Path:
        """The upper folder of the overlay: files that differ from the layers below."""
        return self.disk / "upper"

    @property
    def mark(self) -> str:
        """The mark in the environment of its processes."""
        return self.settings.mark(self.name)

    @property
    def pid(self) -> int | None:
        """The PID of the machine's init on this machine; None when it is not running."""
        with suppress(OSError, ValueError):
            pid = int((self.disk / "pid").read_text())
            if process.is_marked(pid, self.mark):
                return pid
        return None

    def format(self) -> None:
        """Make an empty disk."""
        for folder in ("upper", "work", "root", "docker"):
            (self.disk / folder).mkdir(parents=True, exist_ok=True)
        (self.disk / "docker").chmod(0o710)

    def write(self, path: str, text: str, mode: int = 0o644) -> None:
        """Write a file to the disk of a machine that is not running."""
        file = self.root / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(mode)

    def start(self, lower: Sequence[Path], namespace: str | None = None) -> None:
        """Boot; without a network namespace the machine shares this machine's network."""
        groups = cgroups.prepare(self.settings.prefix, self.name)
        trees = [tree.spelled() for tree in cgroups.hierarchies()]
        self.write("/etc/fleet/init.sh", (_SCRIPTS / "init.sh").read_text())
        (self.disk / "pid").unlink(missing_ok=True)
        enter = ["nsenter", f"--net=/run/netns/{namespace}"] if namespace else []
        process.spawn(
            [*enter, "unshare", "--mount", "--pid", "--fork", "--uts", "--ipc",
             "bash", _SCRIPTS / "enter.sh", self.name, self.disk, ":".join(map(str, lower)),
             " ".join(map(str, groups)), " ".join(trees)],
            self.mark,
            self.disk / "boot.log",
        )  # fmt: skip
        wait_for(f"{self.name} (see {self.disk / 'boot.log'})", lambda: self.pid is not None, 20)

    def stop(self, seconds: float = 30) -> None:
        """Shut down cleanly, as a reboot does; the disk stays."""
        if pid := self.pid:
            process.terminate(pid, self.mark, seconds)
        self.cut()

    def cut(self) -> None:
        """Power off; the disk stays."""
        process.kill_all(self.mark)
        (self.disk / "pid").unlink(missing_ok=True)
        cgroups.remove(self.settings.prefix, self.name)

    def wipe(self) -> None:
        """Remove the disk."""
        if self.disk.exists():
            shutil.rmtree(self.disk)

    def entrance(self) -> list[str]:
        """Return the command line that runs a command inside, without SSH."""
        if not (pid := self.pid):
            raise FleetError(f"{self.name} is not running")
        enter = ["nsenter", f"--target={pid}", "--mount", "--uts", "--ipc", "--net", "--pid",
                 "--cgroup", f"--root=/proc/{pid}/root", f"--wd=/proc/{pid}/root/root"]  # fmt: skip
        return [*enter, "env", "-i", _PATH, "HOME=/root", "LANG=C.UTF-8"]

    def run(self, *argv: object, stdin: bytes | Path = b"") -> subprocess.CompletedProcess[str]:
        """Run a command inside and return its output, whatever its exit status."""
        return run(*self.entrance(), *argv, stdin=stdin)

    def must(self, *argv: object, stdin: bytes | Path = b"") -> str:
        """Run a command inside; raise if it fails."""
        return check(self.run(*argv, stdin=stdin))

    def docker_answers(self) -> bool:
        """Return whether the machine runs, and its Docker engine is ready."""
        with suppress(FleetError):  # its first process may be becoming another program
            return self.run("docker", "version", "--format", "{{.Server.Version}}").returncode == 0
        return False
