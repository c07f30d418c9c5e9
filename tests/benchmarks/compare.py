"""Kamal and kamalpy in turn on the same servers: how long each takes, as a table in Markdown."""

from __future__ import annotations

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1] / "testbed"))

from fleet.errors import FleetError
from fleet.fleet import Fleet
from fleet.lock import held
from lab import configurations
from lab.project import Project, create
from lab.servers import Images, Servers

TOOLS = ("kamal", "kamalpy")
PORT = 2222
COMMIT = re.compile(r"['\"] commit ")
"""The name of the script between its text and its words."""
RELAY = Path(__file__).with_name("relay.py")


def main() -> None:
    """Read the command line, and print a row for each measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, nargs="+", default=[1, 3, 6])
    parser.add_argument("--delay", type=int, nargs="+", default=[0, 25], help="ms, each way")
    parser.add_argument("--rounds", type=int, default=5, help="deploys of each tool")
    options = parser.parse_args()
    print("| what | Kamal | kamalpy | ratio |\n| --- | --- | --- | --- |", flush=True)
    fleet = Fleet(say=lambda text: print(f"   {text}", file=sys.stderr, flush=True))
    try:
        with held(fleet.settings), tempfile.TemporaryDirectory() as place:
            try:
                fleet.prepare()
                bench = Bench(fleet, Servers(fleet).renew(max(options.hosts)), Path(place))
                for delay in options.delay:
                    for hosts in options.hosts:
                        bench.measure(hosts, delay, options.rounds)
            finally:
                fleet.down()
    except FleetError as problem:
        sys.exit(f"benchmark: {problem}")
    for module in ("pyinfra", "kamalpy.deploys"):
        print(f"| CPU of `import {module}` | | {import_seconds(module):.2f} s | |")


@dataclass
class Bench:
    """A fleet, and versions that no server has seen yet."""

    fleet: Fleet
    servers: Servers
    place: Path
    versions: Iterator[int] = field(default_factory=lambda: count(1))

    def measure(self, hosts: int, delay: int, rounds: int) -> None:
        """Deploy new versions by turns, then ask which one runs."""
        addresses = [host.address for host in self.servers.first(hosts)]
        what = f"{hosts} {'host' if hosts == 1 else 'hosts'}, {delay} ms"
        with far_away(addresses, delay) as (names, port):
            project = self._project(f"{hosts}-{delay}", names, port)
            self._run(project, "kamalpy", "setup", self._version())
            seconds: dict[str, list[float]] = {tool: [] for tool in TOOLS}
            windows = []
            for number in range(rounds):
                for tool in TOOLS[:: 1 if number % 2 else -1]:
                    version = self._version()
                    self.servers.mark()
                    seconds[tool].append(self._run(project, tool, "deploy -P", version))
                    windows += [self._window(hosts)] if tool == "kamalpy" else []
            print(row(f"`deploy`, {what}", seconds), flush=True)
            if hosts > 1:
                middle, most = (f"{1000 * of(windows):.0f} ms" for of in (median, max))
                print(f"| first to last commit, {what} | | {middle} (at most {most}) | |")
            seconds = {tool: [] for tool in TOOLS}
            for _ in range(rounds):
                for tool in TOOLS:
                    seconds[tool].append(self._run(project, tool, "app version", "v1"))
            print(row(f"`app version`, {what}", seconds), flush=True)
            self._run(project, "kamalpy", "remove -y", "v1")

    def _window(self, hosts: int) -> float:
        """Measure the seconds between the first and the last commit that reached a server."""
        execs = (each for host in self.servers.first(hosts) for each in host.execs())
        starts = [each.start for each in execs if COMMIT.search(each.command)]
        return max(starts) - min(starts)

    def _version(self) -> str:
        """Push a version of the sample app that nobody has."""
        version = f"v{next(self.versions)}"
        Images(self.fleet).app(version)
        return version

    def _project(self, name: str, names: Sequence[str], port: int) -> Project:
        registry = self.fleet.control.registry
        project = create(self.fleet, self.place / name)
        keys = "".join(
            f"[{name}]:{port} {' '.join(self._host_key(number))}\n"
            for number, name in enumerate(names, 1)
        )
        known = project.home / ".ssh/known_hosts"
        known.write_text(known.read_text() + keys)
        project.secrets(configurations.secrets(registry))
        config = configurations.first(names[0], registry)
        del config["accessories"]
        project.configure({**config, "servers": {"web": list(names)}, "ssh": {"port": port}})
        return project

    def _host_key(self, number: int) -> list[str]:
        public = self.fleet.keys.of_host(f"h{number}").with_suffix(".pub")
        return public.read_text().split()[:2]

    def _run(self, project: Project, tool: str, words: str, version: str) -> float:
        began = time.monotonic()
        done = getattr(project, tool)(*words.split(), env={"VERSION": version})
        took = time.monotonic() - began
        if done.status:
            sys.exit(f"{tool} {words}: {done.text}")
        return took


@contextmanager
def far_away(addresses: Sequence[str], delay: int) -> Iterator[tuple[Sequence[str], int]]:
    """Give names and a port by which servers are that many milliseconds away."""
    if not delay:
        yield addresses, 22
        return
    names = [f"127.0.1.{number}" for number in range(1, len(addresses) + 1)]
    pairs = [f"{n}:{PORT}={a}:22" for n, a in zip(names, addresses, strict=True)]
    relay = subprocess.Popen([sys.executable, str(RELAY), str(delay), *pairs])
    try:
        time.sleep(1)
        yield names, PORT
    finally:
        relay.terminate()
        relay.wait()


def row(what: str, seconds: dict[str, list[float]]) -> str:
    """Write the medians, the ratio, and how far the measurements lie apart."""
    kamal, kamalpy = (median(seconds[tool]) for tool in TOOLS)
    ranges = (f"{min(seconds[tool]):.2f}-{max(seconds[tool]):.2f}" for tool in TOOLS)
    cells = [
        f"{middle:.2f} s ({apart})" for middle, apart in zip((kamal, kamalpy), ranges, strict=True)
    ]
    return f"| {what} | {' | '.join(cells)} | {kamalpy / kamal:.2f} |"


def import_seconds(module: str, rounds: int = 5) -> float:
    """Measure the CPU time that a fresh Python needs to import a module, beside its own start."""

    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}

    def seconds(program: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", program], check=True, env=env)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    programs = [f"import {module}"] * rounds
    return median(map(seconds, programs)) - median(map(seconds, ["pass"] * rounds))


if __name__ == "__main__":
    main()
