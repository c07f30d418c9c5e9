"""Projects on simulated hosts: pyinfra's own engine and command line, and no server."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from fork_server import ForkServer, Process
from pyinfra.api import Config, Inventory, State
from pyinfra.api.connect import connect_all, disconnect_all
from pyinfra.api.deploy import add_deploy
from pyinfra.api.exceptions import PyinfraError
from pyinfra.api.operations import run_ops
from pyinfra.context import ctx_config, ctx_host, ctx_inventory, ctx_state

from kamalpy import deploys
from kamalpy.connectors.hosts import read

SIMULATED = Path(__file__).parent / "simulated"
HOSTS = ("h1.test", "h2.test", "h3.test")
CONFIG: dict[str, Any] = {
    "service": "blog",
    "image": "acme/blog",
    "servers": {
        "web": ["h1.test", "h2.test"],
        "job": {"hosts": ["h3.test"], "cmd": "bin/jobs"},
    },
    "proxy": {"host": "blog.test"},
    "registry": {"server": "localhost:5000"},
    "builder": {"arch": "amd64"},
    "x-kamalpy": {"build": False},
    "env": {"clear": {"MODE": "production"}, "secret": ["TOKEN"]},
}
SIMULATED_KAMALPY = "from simulated.command import main; main()"
INVENTORY = "@simulated/config/deploy.yml"


@dataclass
class Run:
    """What came of a run: its exit status, all that it printed, and what each host was told."""

    status: int
    text: str
    told: list[tuple[str, list[str]]] = field(default_factory=list)
    ssh_commands: dict[str, int] = field(default_factory=dict)

    def commands(self, *names: str) -> list[tuple[str, str]]:
        """List who did what, but for mere questions; or only some of it."""
        return [
            (host, words[0])
            for host, words in self.told
            if words[0] != "state" and (not names or words[0] in names)
        ]


@dataclass(frozen=True)
class Told:
    """How kamalpy ended, and what it wrote where."""

    status: int
    out: str
    err: str


@dataclass
class Project:
    """A folder with a deploy.yml, and a world of hosts."""

    folder: Path
    server: ForkServer

    def configure(self, **changes: Any) -> None:
        """Write deploy.yml, some keys of it changed; ``None`` leaves one out."""
        config = {key: value for key, value in {**CONFIG, **changes}.items() if value is not None}
        (self.folder / "config").mkdir(exist_ok=True)
        (self.folder / "config/deploy.yml").write_text(yaml.safe_dump(config))

    def hook(self, name: str, script: str) -> None:
        """Write a hook that notes its name and some variables, and then does what it says."""
        path = self.folder / ".kamal/hooks" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        note = f'echo "{name} $KAMAL_COMMAND $KAMAL_VERSION $KAMAL_HOSTS" >>hooks.log'
        path.write_text(f"#!/bin/sh\n{note}\n{script}\n")
        path.chmod(0o755)

    @property
    def hooks(self) -> list[str]:
        """List what the hooks have noted."""
        log = self.folder / "hooks.log"
        return log.read_text().splitlines() if log.exists() else []

    @property
    def world(self) -> dict[str, Any]:
        """All that the hosts have."""
        read: dict[str, Any] = json.loads((self.folder / "world.json").read_text())
        return read

    def running(self) -> dict[str, list[str]]:
        """List each host's running containers of the app."""
        return {
            host: sorted(
                name
                for name, container in has.get("containers", {}).items()
                if container["inspect"]["State"]["Status"] == "running" and name != "kamal-proxy"
            )
            for host, has in self.world.items()
        }

    def served(self) -> dict[str, str]:
        """Name the container that each host's proxy sends requests to."""
        found = {}
        for host, has in self.world.items():
            ids = {c["inspect"]["Id"][:12]: name for name, c in has.get("containers", {}).items()}
            for route in has.get("routes", {}).values():
                found[host] = ids.get(route["active_targets"][0].split(":")[0], "nobody")
        return found

    def arguments(self, name: str) -> list[tuple[str, dict[str, Any]]]:
        """List with which global arguments a script was run, host by host."""
        lines = map(json.loads, (self.folder / "arguments.jsonl").read_text().splitlines())
        return [(host, given) for host, script, given in lines if script == name]

    def hold_lock(self, details: str = "Locked by: ann") -> None:
        """Let somebody else hold the deploy lock."""
        world = self.world
        encoded = base64.b64encode(details.encode()).decode()
        world["h1.test"]["lock"] = {"folder": "x", "details": encoded, "token": "x"}
        (self.folder / "world.json").write_text(json.dumps(world))

    def wait_for(self, process: Process, begin: int, command: str) -> None:
        """Wait until a process has begun to run a script on a host."""
        deadline = time.monotonic() + 120
        while not any(words[0] == command for _, words in self.told(begin)):
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < deadline
            time.sleep(0.05)
        time.sleep(0.3)

    def told(self, begin: int) -> list[tuple[str, list[str]]]:
        """List what the hosts were told, from a line of the log on."""
        lines = self._log()[begin:]
        return [(host, words) for host, words, *_ in map(json.loads, lines)]

    def ssh_commands(self, begin: int) -> dict[str, int]:
        """Count the commands that each host got, several scripts in one being one."""
        return Counter(host for host, _, _, at in map(json.loads, self._log()[begin:]) if not at)

    def _log(self) -> list[str]:
        """List the whole lines of the log; a run that goes on may have written half of the last."""
        log = self.folder / "log.jsonl"
        return log.read_text().split("\n")[:-1] if log.exists() else []

    def pyinfra(self, *words: str, version: str = "v2", faults: str = "", **options: Any) -> Run:
        """Run pyinfra's command line to its end."""
        begin = len(self._log())
        process = self.start(*words, version=version, faults=faults, **options)
        text = process.communicate(timeout=60)[0]
        return Run(process.wait(), text, self.told(begin), self.ssh_commands(begin))

    def start(
        self,
        *words: str,
        version: str = "v2",
        faults: str = "",
        inventory: str = INVENTORY,
        code: str = "",
    ) -> Process:
        """Start pyinfra's command line."""
        given = {"VERSION": version, "FAULTS": faults}
        return self._started(["pyinfra", inventory, *words], given, subprocess.STDOUT, code)

    def kamalpy(self, *words: str, version: str = "v2", faults: str = "", **env: str) -> Told:
        """Run kamalpy's command line to its end."""
        process = self.begin(*words, version=version, faults=faults, **env)
        out, err = process.communicate(timeout=60)
        return Told(process.wait(), out, err or "")

    def begin(
        self,
        *words: str,
        version: str = "v2",
        faults: str = "",
        stderr: int = subprocess.PIPE,
        **env: str,
    ) -> Process:
        """Start kamalpy's command line."""
        given = {"VERSION": version, "FAULTS": faults, **env}
        return self._started(["kamalpy", *words], given, stderr, SIMULATED_KAMALPY)

    def _started(self, command: list[str], more: dict[str, str], stderr: int, code: str) -> Process:
        ours = ("KAMAL", "GITHUB", "NO_COLOR")
        environ = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
        env = {**environ, **more}
        return self.server.start(*command, cwd=self.folder, env=env, stderr=stderr, code=code)


@pytest.fixture
def project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fork_server: ForkServer
) -> Iterator[Project]:
    """A project whose hosts have nothing yet; whoever catches signals gives them back."""
    project = Project(tmp_path, fork_server)
    project.configure()
    (tmp_path / ".kamal").mkdir()
    (tmp_path / ".kamal/secrets").write_text("TOKEN=hunter2\n")
    (tmp_path / "world.json").write_text(json.dumps({host: {} for host in HOSTS}))
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(SIMULATED)
    caught = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield project
    for number, handler in caught.items():
        signal.signal(number, handler)


@pytest.fixture
def run(
    project: Project, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Callable[..., Run]:
    """Run a deploy by pyinfra's engine, in this process."""

    def run_deploy(
        command: str = "deploy",
        version: str = "v2",
        faults: str = "",
        parallel: int | None = None,
        limit: tuple[str, ...] = (),
        checks: bool = True,
        **arguments: Any,
    ) -> Run:
        read.cache_clear()  # a new run, though not a new process
        monkeypatch.setenv("VERSION", version)
        monkeypatch.setenv("FAULTS", faults)
        caplog.clear()
        caplog.set_level("DEBUG", logger="pyinfra")
        begin = len(project._log())
        inventory, config = Inventory(([INVENTORY], {})), Config(PARALLEL=parallel)
        chosen = [inventory.get_host(name) for name in limit] or None
        state = State(inventory, config, initial_limit=chosen, check_for_changes=checks)
        with ctx_state.use(state), ctx_inventory.use(inventory), ctx_config.use(config):
            status = _run(state, getattr(deploys, command), arguments)
        return Run(status, caplog.text, project.told(begin), project.ssh_commands(begin))

    return run_deploy


def _run(state: State, deploy: Callable[..., Any], arguments: dict[str, Any]) -> int:
    """Do what pyinfra's command line does; its exit status tells whether any host has failed."""
    try:
        connect_all(state)
        add_deploy(state, deploy, **arguments)
        run_ops(state)
    except PyinfraError as error:
        for host in state.inventory:
            with ctx_host.use(host):
                host.log(str(error))
        return 1
    finally:
        disconnect_all(state)
    return int(bool(state.failed_hosts))


@pytest.fixture(scope="session")
def worlds() -> dict[str, str]:
    """Keep what a setup has made, so that it is made once."""
    return {}


@pytest.fixture
def deployed(project: Project, run: Callable[..., Run], worlds: dict[str, str]) -> Project:
    """The project, set up with version v1."""
    world = project.folder / "world.json"
    if "v1" not in worlds:
        assert run("setup", version="v1").status == 0
        worlds["v1"] = world.read_text()
    world.write_text(worlds["v1"])
    return project
