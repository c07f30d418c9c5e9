"""Kamal's verbs as pyinfra deploys: ``pyinfra @kamal kamalpy.deploys:deploy``."""

from kamalpy.deploys.deploy import deploy, redeploy
from kamalpy.deploys.lock import lock_acquire, lock_release
from kamalpy.deploys.setup import setup

__all__ = ["deploy", "lock_acquire", "lock_release", "redeploy", "setup"]
