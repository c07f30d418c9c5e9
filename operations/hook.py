"""Hooks: programs on this machine that a deploy runs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from pyinfra.context import host

from kamalpy._pyinfra import local_call
from kamalpy.errors import HookError
from kamalpy.operations import valid
from kamalpy.operations.base import Commands, SecretValues, operation, secrets_of


@operation(is_idempotent=False)
def run(
    hook: str,
    path: str,
    env: Mapping[str, str] | None = None,
    secrets: SecretValues | None = None,
    root: str = ".",
    output: str | None = None,
    environ: Mapping[str, str] | None = None,
) -> Commands:
    """
    Run a hook on this machine.

    + hook: its name, ``pre-deploy``
    + path: the executable
    + env: variables it gets on top of ``environ``
    + secrets: secret variables it gets
    + root: folder it runs in
    + output: ``verbose`` shows what it prints; otherwise that is shown only if it fails
    + environ: environment it runs in; by default that of this process

    **Example:**

    .. code:: python

        hook.run(name="Tell the team", hook="post-deploy", path=".kamal/hooks/post-deploy")
    """
    valid.path("path", path)
    clear = valid.pairs("env", env or {})

    hidden = secrets_of(secrets)

    def call() -> bool:
        revealed = {name: secret.reveal() for name, secret in hidden.items()}
        printed = call_hook(hook, path, clear, revealed, root, environ)
        if output == "verbose" and printed:
            host.log(printed)
        return True

    yield local_call(call)


def call_hook(
    hook: str,
    path: str,
    env: Mapping[str, str],
    secrets: Mapping[str, str],
    root: str,
    environ: Mapping[str, str] | None = None,
) -> str:
    """Run a hook now and return what it printed; raises HookError when it fails."""
    try:
        ran = subprocess.run(
            [str(Path(root, path).absolute())],
            cwd=root,
            env={**(os.environ if environ is None else environ), **secrets, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise HookError(
            f"{path}: the hook cannot be run ({error.strerror}); make it executable and give it a "
            "first line like #!/bin/sh"
        ) from None
    if ran.returncode:
        raise HookError(
            f"{path}: the hook {hook} ended with {ran.returncode}\n{ran.stdout}".rstrip()
        )
    return ran.stdout.rstrip()
