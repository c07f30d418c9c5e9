"""A terminal on a host: the system's ssh, with the same options as our own connections."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from pwd import getpwuid

from kamalpy.config import Configuration
from kamalpy.config.ssh import JumpHost
from kamalpy.connectors.keys import files_of, usual_files
from kamalpy.connectors.ssh_config import file_for
from kamalpy.errors import DeployError
from kamalpy.secrets import Secrets


@dataclass(frozen=True)
class Terminal:
    """
    The system's ssh to hosts of a deploy.yml.

    Keys that are secrets are added to an agent that ends with the command; they touch no file.
    """

    config: Configuration
    secrets: Secrets = field(repr=False)
    connect_timeout: int | None = None

    def run(self, host: str, command: str, tty: bool) -> int:
        """Run a command of the host's shell, with our own standard input and output."""
        with self._agent() as socket:
            options = ["-o", f"IdentityAgent={socket}"] if socket else []
            words = self.words(host, command, tty, options)
            try:
                child = subprocess.Popen(words)
            except OSError as error:
                raise DeployError(
                    f"ssh cannot be run ({error.strerror}); install OpenSSH's client"
                ) from None
            with _ctrl_c_left_to(child):
                status = child.wait()
            return status if status >= 0 else 128 - status

    def words(
        self, host: str, command: str, tty: bool, options: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """Return the command line of ssh."""
        ssh, keys = self.config.ssh, files_of(self.config)
        file = file_for(ssh.config)
        shared = [*(["-F", file] if file else _home_config()), *options, *_home_options(keys)]
        shared += [word for key in keys for word in ("-i", key)]
        shared += ["-o", "IdentitiesOnly=yes"] if ssh.keys_only and not options else []
        agent = {None: [], True: ["-A"], False: ["-a"]}[ssh.forward_agent]
        target = ["-t" if tty else "-T", "-p", str(ssh.port), "-l", ssh.user]
        seconds = self.connect_timeout or self.config.kamalpy.connect_timeout
        quiet = ["-o", "LogLevel=ERROR", "-o", f"ConnectTimeout={seconds}"]
        return ("ssh", *shared, *self._jump(shared), *agent, *quiet, *target, "--", host, command)

    def _jump(self, shared: Sequence[str]) -> list[str]:
        """Connect through the jump hosts, with the same keys, which -J would not use there."""
        if self.config.ssh.jump:
            options: list[str] = []
            for jump in map(JumpHost.parse, self.config.ssh.jump.split(",")):
                target = ["-p", str(jump.port), "-l", jump.user, "-W", "[%h]:%p", "--", jump.host]
                before = [word.replace("%", "%%") for word in options]
                words = ["ssh", *shared, *before, *target]
                options = ["-o", f"ProxyCommand={shlex.join(words)}"]
            return options
        if self.config.ssh.proxy_command:
            return ["-o", f"ProxyCommand={self.config.ssh.proxy_command}"]
        return []

    @contextmanager
    def _agent(self) -> Iterator[str | None]:
        """Start an agent with the keys of ``ssh.key_data``, if there are any."""
        keys = [
            name if name.startswith("-----BEGIN") else self.secrets.value(name)
            for name in self.config.ssh.key_data or ()
        ]
        if not keys:
            yield None
            return
        with tempfile.TemporaryDirectory(prefix="kamalpy-") as folder:
            socket = str(Path(folder) / "agent")
            agent = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL)
            try:
                _wait_for(agent, socket)
                for key in keys:
                    _add(key, {**os.environ, "SSH_AUTH_SOCK": socket})
                yield socket
            finally:
                agent.terminate()
                agent.wait()


def _home_config() -> list[str]:
    """Name the user's configuration where ssh, which ignores HOME, would not find it."""
    file = Path("~/.ssh/config").expanduser()
    return ["-F", str(file)] if not _is_home() and file.is_file() else []


def _home_options(keys: Sequence[str]) -> list[str]:
    """Name known_hosts likewise, and the default keys unless deploy.yml names others."""
    if _is_home():
        return []
    defaults = [] if keys else [str(Path(key).expanduser()) for key in usual_files()]
    words = [word for key in defaults for word in ("-i", key)]
    known_hosts = Path("~/.ssh/known_hosts").expanduser()
    return [*words, "-o", f"UserKnownHostsFile={known_hosts}"]


def _is_home() -> bool:
    return Path.home() == Path(getpwuid(os.getuid()).pw_dir)


def _wait_for(agent: subprocess.Popen[bytes], socket: str) -> None:
    while not Path(socket).exists():
        try:
            agent.wait(0.02)
        except subprocess.TimeoutExpired:
            continue
        raise DeployError("ssh-agent does not start; ssh/key_data needs it for a terminal")


def _add(key: str, env: Mapping[str, str]) -> None:
    text = f"{key.strip()}\n".encode()
    words = ["ssh-add", "-q", "-"]
    done = subprocess.run(words, input=text, env=env, capture_output=True, check=False)
    if done.returncode:
        raise DeployError("ssh/key_data: ssh-add does not take a key; is it one of OpenSSH's?")


@contextmanager
def _ctrl_c_left_to(child: subprocess.Popen[bytes]) -> Iterator[None]:
    """Leave Ctrl-C to a child in the same terminal, and end it with this process."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if child.poll() is None:
            child.terminate()
