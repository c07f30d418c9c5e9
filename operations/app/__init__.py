"""One version of an app's role: boot it next to the old one, switch, commit, retire the old one."""

from kamalpy.operations.app.absent import absent, directories_absent
from kamalpy.operations.app.boot import boot
from kamalpy.operations.app.commit import commit, revert
from kamalpy.operations.app.files import assets, env
from kamalpy.operations.app.restore import restore
from kamalpy.operations.app.retire import retire
from kamalpy.operations.app.start import start
from kamalpy.operations.app.stop import stale, stop
from kamalpy.operations.app.switch import switch

__all__ = [
    "absent",
    "assets",
    "boot",
    "commit",
    "directories_absent",
    "env",
    "restore",
    "retire",
    "revert",
    "stale",
    "start",
    "stop",
    "switch",
]
