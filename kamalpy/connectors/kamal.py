"""``@kamal``: the hosts and roles of a deploy.yml, reached over SSH as it says."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from random import uniform
from time import monotonic, sleep
from typing import Any

import gevent
from gevent.lock import BoundedSemaphore
from paramiko import AuthenticationException, PKey, ProxyCommand, SSHException
from pyinfra import logger
from pyinfra.api.exceptions import ConnectError

from kamalpy._pyinfra import run_object
from kamalpy._pyinfra.connection import CommandOutput, SSHConnection
from kamalpy._pyinfra.signals import seconds_left
from kamalpy.config import Configuration
from kamalpy.connectors import known_hosts, ssh_config
from kamalpy.connectors.command import Command
from kamalpy.connectors.connect_errors import Attempt, explain, is_final
from kamalpy.connectors.hooks import PreConnect
from kamalpy.connectors.hosts import data_of, groups_of, named, read, read_for
from kamalpy.connectors.jump import Jumps
from kamalpy.connectors.keepalive import keep_alive
from kamalpy.connectors.keys import agent_keys, files_of, keys_of, tried_keys
from kamalpy.connectors.run_secrets import secrets_of
from kamalpy.errors import KamalpyError


class KamalConnector(SSHConnection):
    """
    Hosts of a deploy.yml: ``@kamal``, ``@kamal/config/deploy.yml?destination=staging``.

    SSH as pyinfra does it, with what deploy.yml says under ``ssh`` and ``sshkit``, connections that
    are tried again, and no waiting for packets to fill.
    """

    handles_execution = True
    _deadline = 0.0
    _keys: Sequence[PKey] = ()

    @staticmethod
    def make_names_data(name: str | None = None) -> Iterator[tuple[str, dict[str, Any], list[str]]]:
        """Yield every host once, with its SSH data and the groups it is in."""
        path, destination = named(name)
        config = read(path, destination, Path.cwd())
        for host in config.hosts:
            yield host, data_of(config, host), groups_of(config, host)

    @property
    def _config(self) -> Configuration:
        return read_for(self.host)

    def make_paramiko_kwargs(self) -> dict[str, Any]:
        """Add the keys and the jump host of deploy.yml to what pyinfra gives paramiko."""
        kwargs = super().make_paramiko_kwargs()
        config = self._config
        files = files_of(config)
        if files and "pkey" not in kwargs:
            kwargs["key_filename"] = files
        if config.ssh.keys_only:
            kwargs["allow_agent"] = False
        seconds = self._connect_timeout
        # After timeout, paramiko goes on without a session: the banner must time out before.
        kwargs.update(timeout=seconds, banner_timeout=0.9 * seconds, auth_timeout=3 * seconds)
        port = int(kwargs.get("port") or 22)
        if config.ssh.jump:
            others = {k: v for k, v in kwargs.items() if k not in ("hostname", "sock")}
            channel = run_object(Jumps).channel
            kwargs["sock"] = channel(config.ssh.jump, kwargs["hostname"], port, others)
        elif command := config.ssh.proxy_command:
            values = {"%h": kwargs["hostname"], "%p": str(port), "%r": kwargs.get("username", "")}
            for token, value in values.items():
                command = command.replace(token, value)
            kwargs["sock"] = ProxyCommand(command)
        return kwargs

    def connect(self) -> None:
        """Connect, no more than ``sshkit.max_concurrent_starts`` hosts at a time."""
        config = self._config
        level = getattr(logging, config.ssh.log_level.upper(), logging.CRITICAL)
        logging.getLogger("paramiko").setLevel(level)
        known_hosts.install()
        try:
            run_object(PreConnect).call(config)
            self._keys = keys_of(config, secrets_of(config))
            with _starts(config.sshkit.max_concurrent_starts):
                self._connect_in_time()
        except ConnectError as error:
            cause = error.__cause__ or error.__context__
            raise ConnectError(explain(cause, str(error), self._attempt())) from None
        except TimeoutError as error:
            raise ConnectError(explain(error, "no answer", self._attempt())) from None
        except KamalpyError as error:  # a hook, or a secret: reported for this host
            raise ConnectError(str(error)) from None

    def _connect_in_time(self) -> None:
        """Make all attempts within the connect timeout, even if one of them hangs."""
        is_connected = False
        self._deadline = monotonic() + self._connect_timeout
        with gevent.Timeout(self._connect_timeout + _GRACE, False):
            super().connect()
            is_connected = True
        if not is_connected:
            raise TimeoutError

    def _attempt(self) -> Attempt:
        """Describe what was tried, for the error message."""
        ssh, data = self._config.ssh, self.data
        host, user, port = data["ssh_hostname"] or self.host.name, data["ssh_user"], ssh.port
        return Attempt(
            host,
            user or ssh.user,
            port,
            tried_keys(self._config),
            ssh.jump,
            files_of(self._config),
            agent_keys(self._config),
            self._connect_timeout,
        )

    @property
    def _connect_timeout(self) -> float:
        return run_object(Command).connect_timeout or self._config.kamalpy.connect_timeout

    def attempt(self) -> None:
        """Connect once, and keep the connection alive."""
        file = Path(self.data["ssh_known_hosts_file"] or "~/.ssh/known_hosts").expanduser()
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        try:
            self._resolve()
            self._try_keys()
        except (OSError, SSHException, EOFError) as error:
            if is_final(error) or monotonic() >= self._deadline:
                raise ConnectError(str(error)) from error
            raise
        transport = self.client.get_transport() if self.client else None
        if transport is not None:
            keep_alive(transport)
            if isinstance(transport.sock, socket.socket):
                transport.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _try_keys(self) -> None:
        """Try each key of ``ssh.key_data``, as paramiko does with key files."""
        for key in self._keys[:-1]:
            try:
                return self._connect_with(key)
            except (AuthenticationException, ConnectError):
                continue
        return self._connect_with(self._keys[-1] if self._keys else None)

    def _connect_with(self, key: PKey | None) -> None:
        kwargs = self.host.data.get("ssh_paramiko_connect_kwargs") or {}
        pkey = {} if key is None else {"pkey": key}
        self.data["ssh_paramiko_connect_kwargs"] = {**kwargs, **pkey}
        super().attempt()

    def _resolve(self) -> None:
        """Resolve the host's name, with as many retries as ``sshkit.dns_retries`` says."""
        name, retries = self.data["ssh_hostname"] or self.host.name, self._config.sshkit.dns_retries
        ssh = self._config.ssh
        is_proxied = ssh.jump or ssh.proxy_command
        if is_proxied or ssh_config.renames(name, self.data["ssh_config_file"]):
            return
        for attempt in range(retries + 1):
            try:
                socket.getaddrinfo(name, None)
                return
            except socket.gaierror:
                if attempt == retries:
                    raise
                sleep(min(0.1 * 2**attempt, 2.0) + uniform(0, 0.1))  # noqa: S311 - no secret

    def run_shell_command(self, *args: Any, **kwargs: Any) -> tuple[bool, CommandOutput]:
        """Run a command: until the end of an interrupted run at most; report a lost connection."""
        try:
            with gevent.Timeout(seconds_left(), TimeoutError):
                succeeded, output = super().run_shell_command(*args, **kwargs)
        except EOFError:
            raise SSHException(_LOST) from None
        if not succeeded and self.is_lost:
            self.host.log_styled(_LOST, fg="red", log_func=logger.error)
        return succeeded, output


_GRACE = 2
"""Seconds beyond the connect timeout in which an attempt may still report what takes so long."""
_LOST = "the connection is lost: the server has closed it, or answers no more"


@cache
def _starts(at_a_time: int) -> BoundedSemaphore:
    return BoundedSemaphore(max(at_a_time, 1))
