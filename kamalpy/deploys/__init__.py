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
from kamalpy.deploys.app_boot import app_boot
from kamalpy.deploys.app_remove import (
    app_remove,
    app_remove_app_directories,
    app_remove_container,
    app_remove_containers,
    app_remove_images,
)
from kamalpy.deploys.app_run import (
    app_live,
    app_maintenance,
    app_stale_containers,
    app_start,
    app_stop,
)
from kamalpy.deploys.build import (
    build_create,
    build_dev,
    build_pull,
    build_push,
    build_remove,
    image_resolve,
)
from kamalpy.deploys.deploy import deploy, redeploy
from kamalpy.deploys.lock import lock_acquire, lock_release
from kamalpy.deploys.proxy import (
    proxy_boot,
    proxy_boot_config,
    proxy_reboot,
    proxy_remove,
    proxy_remove_container,
    proxy_remove_image,
    proxy_remove_proxy_directory,
    proxy_restart,
    proxy_start,
    proxy_stop,
)
from kamalpy.deploys.prune import prune_all, prune_containers, prune_images
from kamalpy.deploys.registry import (
    registry_login,
    registry_logout,
    registry_remove,
    registry_setup,
)
from kamalpy.deploys.remove import remove
from kamalpy.deploys.rollback import rollback
from kamalpy.deploys.server import server_bootstrap
from kamalpy.deploys.setup import setup
from kamalpy.deploys.upgrade import proxy_upgrade, upgrade

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
    "app_boot",
    "app_live",
    "app_maintenance",
    "app_remove",
    "app_remove_app_directories",
    "app_remove_container",
    "app_remove_containers",
    "app_remove_images",
    "app_stale_containers",
    "app_start",
    "app_stop",
    "build_create",
    "build_dev",
    "build_pull",
    "build_push",
    "build_remove",
    "deploy",
    "image_resolve",
    "lock_acquire",
    "lock_release",
    "proxy_boot",
    "proxy_boot_config",
    "proxy_reboot",
    "proxy_remove",
    "proxy_remove_container",
    "proxy_remove_image",
    "proxy_remove_proxy_directory",
    "proxy_restart",
    "proxy_start",
    "proxy_stop",
    "proxy_upgrade",
    "prune_all",
    "prune_containers",
    "prune_images",
    "redeploy",
    "registry_login",
    "registry_logout",
    "registry_remove",
    "registry_setup",
    "remove",
    "rollback",
    "server_bootstrap",
    "setup",
    "upgrade",
]
