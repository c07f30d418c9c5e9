"""kamal-proxy: its container, and which container each service's requests go to."""

from kamalpy.operations.proxy.config import config
from kamalpy.operations.proxy.container import container
from kamalpy.operations.proxy.maintenance import live, maintenance
from kamalpy.operations.proxy.route import route, unroute

__all__ = ["config", "container", "live", "maintenance", "route", "unroute"]
