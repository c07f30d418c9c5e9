"""kamal-proxy: its container, and which container each service's requests go to."""

from kamalpy.operations.proxy.absent import absent
from kamalpy.operations.proxy.boot_config import boot_config
from kamalpy.operations.proxy.config import config
from kamalpy.operations.proxy.container import container
from kamalpy.operations.proxy.route import live, maintenance, route, unroute

__all__ = [
    "absent",
    "boot_config",
    "config",
    "container",
    "live",
    "maintenance",
    "route",
    "unroute",
]
