"""``accessory``: the group; ``accessory_verbs`` changes servers, ``accessory_looks`` only looks."""

from __future__ import annotations

from kamalpy.cli.tree import Entry, Group

_VERBS, _LOOKS = "kamalpy.cli.accessory_verbs", "kamalpy.cli.accessory_looks"
ENTRIES = {
    "boot": Entry(f"{_VERBS}:boot", "Run an accessory as deploy.yml says."),
    "reboot": Entry(f"{_VERBS}:reboot", "Fetch its image, and give it a new container."),
    "start": Entry(f"{_VERBS}:start", "Start its container."),
    "stop": Entry(f"{_VERBS}:stop", "Stop its container."),
    "restart": Entry(f"{_VERBS}:restart", "Stop its container and start it."),
    "details": Entry(f"{_LOOKS}:details", "Show its container."),
    "exec": Entry(f"{_LOOKS}:exec_", "Run a command in it."),
    "logs": Entry(f"{_LOOKS}:logs", "Show its log lines."),
    "remove": Entry(f"{_VERBS}:remove", "Remove its container and image; data only if asked."),
    "upgrade": Entry(f"{_VERBS}:upgrade", "Move it from Kamal 1 to 2."),
    "upload": Entry(f"{_VERBS}:upload", "Send its files.", hidden=True),
    "directories": Entry(f"{_VERBS}:directories", "Make its directories.", hidden=True),
    "pull-image": Entry(f"{_VERBS}:pull_image", "Fetch its image.", hidden=True),
    "remove-container": Entry(f"{_VERBS}:remove_container", "Remove its container.", hidden=True),
    "remove-image": Entry(f"{_VERBS}:remove_image", "Remove its image.", hidden=True),
    "remove-service-directory": Entry(
        f"{_VERBS}:remove_service_directory", "Remove its files and data.", hidden=True
    ),
}

group = Group(ENTRIES, name="accessory", help="Accessories: NAME, or all of them with all.")
