"""Hooks as Kamal calls them: their files, their variables, and the one before any connection."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from time import monotonic
from typing import Any

from gevent.lock import RLock
from pyinfra import logger

from kamalpy._pyinfra import SAID, hosts_in_play, run_object
from kamalpy.config import Configuration
from kamalpy.config.secret_uses import WITH_SECRETS
from kamalpy.connectors.command import Command
from kamalpy.connectors.git_identity import performer
from kamalpy.connectors.run_secrets import secrets_of
from kamalpy.errors import HookError, VersionError
from kamalpy.operations.hook import call_hook
from kamalpy.secrets import Secrets


def path_of(config: Configuration, hook: str) -> str | None:
    """Name a hook's file, if there is one."""
    path = os.path.join(config.hooks_path, hook)  # noqa: PTH118 - as written
    return path if (config.root / path).is_file() else None


def secrets_for(config: Configuration, hook: str, secrets: Secrets) -> Mapping[str, Any]:
    """List the secrets that a hook gets: all of them, or none."""
    return {name: secrets.secret(name) for name in secrets.names()} if hook in WITH_SECRETS else {}


def variables(config: Configuration, hosts: Iterable[str], lock: bool) -> dict[str, str]:
    """List the variables that every hook gets; ``lock`` is whether this run holds the lock."""
    command = run_object(Command)
    version = version_of(config)
    words = dict(zip(("KAMAL_COMMAND", "KAMAL_SUBCOMMAND"), command.words, strict=False))
    env = {
        "KAMAL_RECORDED_AT": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "KAMAL_PERFORMER": performer(),
        "KAMAL_DESTINATION": config.destination or "",
        "KAMAL_VERSION": version,
        "KAMAL_SERVICE_VERSION": version and f"{config.service}@{config.abbreviated_version}",
        "KAMAL_SERVICE": config.service,
        "KAMAL_HOSTS": ",".join(hosts),
        "KAMAL_ROLES": ",".join(command.roles),
        "KAMAL_LOCK": str(lock or holds_lock_already()).lower(),
        **words,
    }
    return {key: value for key, value in env.items() if value}


def shows_output(config: Configuration, hook: str) -> bool:
    """Tell whether the output of a successful hook is shown: by -v, else by deploy.yml."""
    return run_object(Command).verbose or config.hooks_output_for(hook) == "verbose"


def version_of(config: Configuration) -> str:
    """Return the version, or nothing where there is none."""
    try:
        return config.version
    except VersionError:
        return ""


def holds_lock_already() -> bool:
    """Tell whether this run is the child of a hook, whose parent holds the deploy lock."""
    return os.environ.get("KAMAL_LOCK") == "true"


@dataclass(slots=True)
class PreConnect:
    """The hook that runs once, before the first connection of a run."""

    lock: RLock = field(default_factory=RLock)
    done: bool = False
    failure: HookError | None = None

    def call(self, config: Configuration) -> None:
        """Run it once; no host is connected to before it has ended, or after it has failed."""
        with self.lock:
            path = path_of(config, "pre-connect")
            if not self.done and path is not None and not run_object(Command).skip_hooks:
                self.done = True
                try:
                    self._run(config, path)
                except HookError as error:
                    self.failure = HookError("not connected to, since the hook pre-connect failed")
                    raise error from None
            if self.failure is not None:
                raise self.failure

    def _run(self, config: Configuration, path: str) -> None:
        secrets = secrets_for(config, "pre-connect", secrets_of(config))
        begun = monotonic()
        try:
            output = call_hook(
                "pre-connect",
                path,
                variables(config, [host.name for host in hosts_in_play()], lock=False),
                {name: secret.reveal() for name, secret in secrets.items()},
                str(config.root),
                config.environ,
            )
        except HookError as error:
            _report(path, False, monotonic() - begun, str(error))
            raise
        _report(path, True, monotonic() - begun, output)
        if output and shows_output(config, "pre-connect"):
            logger.info(output, extra=SAID)


def _report(path: str, succeeded: bool, seconds: float, output: str) -> None:
    report = run_object(Command).report
    if report is not None:
        report(path, succeeded, seconds, output)
