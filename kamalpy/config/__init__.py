"""deploy.yml as frozen objects: ``load`` reads it, ``Configuration`` is what was read."""

from kamalpy.config.accessory import EVERY, Accessory
from kamalpy.config.accessory_paths import AccessoryDirectory, AccessoryFile
from kamalpy.config.boot import Boot
from kamalpy.config.builder import Builder
from kamalpy.config.configuration import Configuration
from kamalpy.config.env import Env
from kamalpy.config.extension import Kamalpy
from kamalpy.config.load import load
from kamalpy.config.logging import Logging
from kamalpy.config.output import Output
from kamalpy.config.proxy import ProxySection
from kamalpy.config.proxy_run import ProxyRun
from kamalpy.config.registry import Registry, SecretName
from kamalpy.config.role import Role
from kamalpy.config.ssh import Ssh, Sshkit

__all__ = [
    "EVERY",
    "Accessory",
    "AccessoryDirectory",
    "AccessoryFile",
    "Boot",
    "Builder",
    "Configuration",
    "Env",
    "Kamalpy",
    "Logging",
    "Output",
    "ProxyRun",
    "ProxySection",
    "Registry",
    "Role",
    "SecretName",
    "Ssh",
    "Sshkit",
    "load",
]
