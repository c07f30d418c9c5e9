"""Kamal's verbs as pyinfra deploys: ``pyinfra @kamal kamalpy.deploys:deploy``."""

from kamalpy.deploys.accessory import (
    accessory_boot,
    accessory_directories,
    accessory_pull_image,
    accessory_reboot,
    accessory_remove,
    accessory_remove_container,
    accessory_remove_image,
    accessory_remove_service_directory,
    accessory_restart,
    accessory_start,
    accessory_stop,
    accessory_upgrade,
    accessory_upload,
)
from kamalpy.deploys.deploy import deploy, redeploy
from kamalpy.deploys.lock import lock_acquire, lock_release
from kamalpy.deploys.setup import setup

__all__ = [
    "accessory_boot",
    "accessory_directories",
    "accessory_pull_image",
    "accessory_reboot",
    "accessory_remove",
    "accessory_remove_container",
    "accessory_remove_image",
    "accessory_remove_service_directory",
    "accessory_restart",
    "accessory_start",
    "accessory_stop",
    "accessory_upgrade",
    "accessory_upload",
    "deploy",
    "lock_acquire",
    "lock_release",
    "redeploy",
    "setup",
]
